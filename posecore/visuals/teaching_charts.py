"""What was taught and what was recognised as Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from posecore import palette
from posecore.language import DEFAULT, translate
from posecore.recognise.checking import Check
from posecore.recognise.example_windows import Numbers
from posecore.recognise.timeline import Span
from posecore.visuals.pose_charts import CLEAR, GRID

_ROW, _REST = 34, 96  # pixels
_RIGHT, _WRONG = ("#d3ece8", palette.ACCENT), ("#fbe3cd", "#b45309")  # a few, many


def confusion_chart(found: Check, *, language: str = DEFAULT) -> go.Figure:
    """A row for each movement, a column for what its examples were taken for: right ones teal, wrong ones brown."""
    table: Numbers = found.confusion if found.by_clip is None else found.by_clip
    names = [escape(name) for name in found.names]
    columns = [*names, translate(language, "teach.none")]
    shares = table / np.maximum(table.sum(-1, keepdims=True), 1)
    right = np.eye(*table.shape, dtype=np.bool_)
    figure = go.Figure()
    for chosen, colours in ((right, _RIGHT), (~right, _WRONG)):
        there = chosen & (table > 0)
        figure.add_trace(
            go.Heatmap(
                x=columns,
                y=names,
                z=np.where(there, shares, np.nan),
                zmin=0,
                zmax=1,
                colorscale=[[0, colours[0]], [1, colours[1]]],
                showscale=False,
                text=np.where(there, table.astype(str), ""),
                texttemplate="<b>%{text}</b>",
                textfont_size=15,
                hoverinfo="skip",
            )
        )
    figure.update_layout(
        height=_REST + _ROW * (len(names) + 1),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        xaxis={"title": translate(language, "teach.taken"), "side": "bottom", "showgrid": False, "fixedrange": True},
        yaxis={
            "title": translate(language, "teach.shown"),
            "autorange": "reversed",
            "showgrid": False,
            "automargin": True,
            "fixedrange": True,
        },
    )
    return figure


def label_chart(spans: Sequence[Span], names: Sequence[str], until_s: float, *, language: str = DEFAULT) -> go.Figure:
    """A row for each movement over time, a bar for each span, with how often it was done in it."""
    figure = go.Figure()
    for number, name in enumerate(names):
        own = [one for one in spans if one.label == number]
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[escape(name)] * len(own),
                base=[one.start_s for one in own],
                x=[one.end_s - one.start_s for one in own],
                marker={"color": palette.SERIES[number % len(palette.SERIES)]},
                text=[f"{one.count}×" for one in own],
                textposition="inside",
                insidetextanchor="middle",
                customdata=[[one.end_s, f"{one.confidence:.0%}"] for one in own],
                hovertemplate="%{base:.1f}–%{customdata[0]:.1f} s · %{text} · %{customdata[1]}<extra>%{y}</extra>",
                showlegend=False,
            )
        )
    figure.update_layout(
        height=_REST + _ROW * len(names),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        barmode="overlay",
        bargap=0.25,
        xaxis={
            "title": translate(language, "curves.time_axis"),
            "gridcolor": GRID,
            "zeroline": False,
            "range": [0, until_s],
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [escape(name) for name in reversed(names)],
            "range": [-0.5, len(names) - 0.5],
            "automargin": True,
            "fixedrange": True,
        },
    )
    return figure
