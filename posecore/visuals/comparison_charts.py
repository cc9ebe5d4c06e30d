"""Two movements in step as Plotly figures; x is seconds of the first clip, so that a player can be tied to them."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from posecore import palette
from posecore.compare.comparison import ERROR_DEG, Comparison
from posecore.compare.movement import COMPARED
from posecore.compare.words import joint_name
from posecore.language import DEFAULT, translate
from posecore.visuals.pose_charts import CLEAR, GRID

MOST_DEG = 60.0  # of the strip's scale
_MOST_COLUMNS = 1500


def strip_colours() -> list[list[object]]:
    """Plotly's colour scale from bent much more to bent much less; all within what can be measured is grey."""
    edge = ERROR_DEG / MOST_DEG / 2
    (much_more, more), (much_less, less) = palette.MORE, palette.LESS
    grey = "rgba(138,148,163,0.18)"
    stops = [(0, much_more), (0.5 - edge, more), (0.5 - edge, grey), (0.5 + edge, grey), (0.5 + edge, less)]
    return [[place, colour] for place, colour in [*stops, (1, much_less)]]


def difference_strip(found: Comparison, *, language: str = DEFAULT) -> go.Figure:
    """A row for each joint over time: where the second movement bends it more, where less, and by how much."""
    every = max(1, len(found.time) // _MOST_COLUMNS)
    apart = np.where(found.seen, found.apart, np.nan)[::every].T
    names = [joint_name(joint, language) for joint in COMPARED]
    figure = go.Figure(
        go.Heatmap(
            x=found.time[::every],
            y=names,
            z=apart,
            zmin=-MOST_DEG,
            zmax=MOST_DEG,
            colorscale=strip_colours(),
            hovertemplate="%{y} · %{x:.1f} s · %{z:+.0f}°<extra></extra>",
            colorbar={
                "thickness": 10,
                "outlinewidth": 0,
                "tickvals": [-MOST_DEG, -ERROR_DEG, ERROR_DEG, MOST_DEG],
                "ticktext": [f"−{MOST_DEG:.0f}°", f"−{ERROR_DEG:.0f}°", f"+{ERROR_DEG:.0f}°", f"+{MOST_DEG:.0f}°"],
            },
        )
    )
    figure.update_layout(
        height=330,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        xaxis={"title": translate(language, "curves.time_axis"), "showgrid": False, "zeroline": False},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )
    return figure


def joint_curves(found: Comparison, joint: str, names: tuple[str, str], *, language: str = DEFAULT) -> go.Figure:
    """A joint's angle in both movements, and below it the second one's less the first one's.

    Args:
        joint: one of `COMPARED`.
        names: of the two movements, as plain text.
    """
    column = COMPARED.index(joint)
    seen = found.seen[:, column]
    figure = go.Figure()
    for values, name, colour, dash in zip(
        (found.first[:, column], found.second[:, column]), names, palette.BESIDE, ("solid", "dash"), strict=True
    ):
        line = {"color": colour, "width": 2.5, "dash": dash}
        _add(figure, found.time, np.where(seen, values, np.nan), line, "%{y:.0f}°", name=escape(name))
    apart = np.where(seen, found.apart[:, column], np.nan)
    line = {"color": palette.MIDDLE, "width": 2}
    _add(figure, found.time, apart, line, "%{y:+.0f}°", yaxis="y2", name=translate(language, "compare.difference"))
    figure.add_hrect(-ERROR_DEG, ERROR_DEG, yref="y2", fillcolor=GRID, opacity=0.6, line_width=0, layer="below")
    grid = {"gridcolor": GRID, "zeroline": False, "automargin": True, "ticksuffix": "°"}
    figure.update_layout(
        height=400,
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        hovermode="x unified",
        modebar={"bgcolor": CLEAR},
        legend={"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0},
        xaxis={"title": translate(language, "curves.time_axis"), "gridcolor": GRID, "anchor": "y2", "zeroline": False},
        yaxis={"title": translate(language, "compare.angle"), "domain": [0.42, 1], **grid},
        yaxis2={"title": translate(language, "compare.difference"), "domain": [0, 0.32], **grid},
    )
    return figure


def _add(
    figure: go.Figure,
    time: NDArray[np.float64],
    values: NDArray[np.float64],
    line: dict[str, object],
    hover: str,
    **more: object,
) -> None:
    figure.add_trace(go.Scatter(x=time, y=values, mode="lines", line=line, hovertemplate=hover, **more))
