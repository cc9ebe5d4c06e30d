"""Curves over the time of a clip as Plotly figures; x is always seconds, so that a player can be tied to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from posecore import palette
from posecore.exercises.body_measures import DEGREES
from posecore.exercises.review import Review
from posecore.kinematics.cleaning import jumps
from posecore.kinematics.joint_angles import ANGLES
from posecore.kinematics.motion import speed
from posecore.language import DEFAULT, translate
from posecore.pose import BoolArray, FloatArray, PoseSequence
from posecore.skeleton import LANDMARKS, landmark_side
from posecore.visuals.pose_charts import CLEAR, GRID

_BAND_OPACITY = 0.15
_DASHES = ("solid", "dash", "dashdot", "longdash", "dot", "longdashdot")


class _LengthUnit(NamedTuple):
    """What lengths are shown in: its name, how long a pixel is, how a value is written."""

    name: str
    size: float
    hover: str

    @classmethod
    def of(cls, metres_per_pixel: float | None) -> _LengthUnit:
        return cls("m", metres_per_pixel, "%{y:.2f} m") if metres_per_pixel else cls("px", 1.0, "%{y:.0f} px")


def angle_curves(
    time: NDArray[np.float64],
    angles: FloatArray,
    seen: BoolArray,
    joints: Sequence[str],
    *,
    raw: FloatArray | None = None,
    off: FloatArray | None = None,
    language: str = DEFAULT,
) -> go.Figure:
    """Angles (T, 12) of some joints over time, left and right in their colours, each joint in its own line style.

    Args:
        seen: (T, 12) false where an angle was guessed or filled in: such spans are faint.
        raw: (T, 12) the same before cleaning, drawn thin behind.
        off: (T, 12) by how much they may be off, see `angle_spread`, drawn as a band where it is known.
    """
    figure = _figure(translate(language, "curves.angle_axis"), language)
    figure.update_yaxes(ticksuffix="°")
    for joint, dash in zip(joints, _DASHES, strict=False):
        for side in ("left", "right"):
            column = list(ANGLES).index(f"{side}_{joint}")
            name = f"{translate(language, f'joints.{joint}')} · {translate(language, f'sides.{side}')}"
            colour = palette.SIDES[side]
            if raw is not None:
                figure.add_trace(_raw_line(time, raw[:, column], colour))
            if off is not None:
                _add_band(figure, time, angles[:, column], np.where(seen[:, column], off[:, column], np.nan), colour)
            meta = f"{side}_{joint}"
            _add_curve(figure, time, angles[:, column], seen[:, column], name, colour, dash, "%{y:.0f}°", meta)
    columns = [list(ANGLES).index(f"{side}_{joint}") for joint in joints for side in ("left", "right")]
    _shade(figure, time, np.asarray(seen[:, columns].any(1)))
    return figure


def trajectory_curves(
    sequence: PoseSequence,
    person: int,
    landmark: int,
    seen: BoolArray,
    *,
    raw: PoseSequence | None = None,
    metres_per_pixel: float | None = None,
    language: str = DEFAULT,
) -> go.Figure:
    """x and y of a landmark over time in pixels, or in metres; y upwards, from the lower edge of the picture."""
    unit = _LengthUnit.of(metres_per_pixel)
    figure = _figure(translate(language, f"curves.place_axis_{unit.name}"), language)
    height = sequence.size[1]
    colours = {"x": palette.ACCENT, "y": palette.SIDES[landmark_side(landmark)]}
    for axis, dash in zip("xy", _DASHES, strict=False):
        values = [_axis(s, person, landmark, axis, height) * unit.size for s in (sequence, raw) if s is not None]
        if raw is not None:
            figure.add_trace(_raw_line(sequence.time, values[1], colours[axis]))
        name = translate(language, f"curves.{axis}")
        _add_curve(figure, sequence.time, values[0], seen[:, landmark], name, colours[axis], dash, unit.hover)
    _shade(figure, sequence.time, seen[:, landmark])
    return figure


def speed_curves(
    sequence: PoseSequence,
    person: int,
    landmarks: Sequence[int],
    seen: BoolArray,
    *,
    metres_per_pixel: float | None = None,
    language: str = DEFAULT,
) -> go.Figure:
    """How fast landmarks move in the picture, in pixels or metres a second."""
    unit = _LengthUnit.of(metres_per_pixel)
    figure = _figure(translate(language, f"curves.speed_axis_{unit.name}"), language)
    others = jumps(sequence)[:, person]
    for landmark, dash in zip(landmarks, _DASHES, strict=False):
        values = speed(sequence.xy[:, person, landmark], sequence.time, others) * unit.size
        name = translate(language, f"landmarks.{LANDMARKS[landmark]}")
        colour = palette.SIDES[landmark_side(landmark)]
        _add_curve(figure, sequence.time, values, seen[:, landmark], name, colour, dash, f"{unit.hover}/s")
    _shade(figure, sequence.time, np.asarray(seen[:, list(landmarks)].any(1)))
    return figure


def exercise_curve(review: Review, *, language: str = DEFAULT) -> go.Figure:
    """What an exercise measures over time, in its unit, with its thresholds; repetitions shaded and numbered.

    Attempts that did not go far enough have a dashed edge and no number.
    """
    figure = _figure(translate(language, f"measures.{review.measure}"), language)
    degrees = review.measure in DEGREES
    if degrees:
        figure.update_yaxes(ticksuffix="°")
    for which, values in review.values.items():
        colour = palette.ACCENT if which == "both" else palette.SIDES[which]
        name = review.exercise.title(language) if which == "both" else translate(language, f"sides.{which}")
        hover = "%{y:.0f}°" if degrees else "%{y:.2f}"
        line = {"color": colour, "width": 2.5}
        figure.add_trace(
            go.Scatter(
                x=review.time, y=values, name=name, mode="lines", line=line, hovertemplate=hover, showlegend=False
            )
        )
    for line_name, value in review.lines.items():
        figure.add_hline(value, line={"color": palette.MIDDLE, "width": 1.5, "dash": "dash"})
        words = translate(language, f"coach.line_{line_name}")
        _beside(figure, words, x=1, y=value, xref="paper", xanchor="left", xshift=4)
    for one in review.repetitions:
        figure.add_vrect(one.start_s, one.end_s, fillcolor=palette.ACCENT, opacity=0.14, line_width=0, layer="below")
        middle = (one.start_s + one.end_s) / 2
        _beside(figure, f"<b>{one.number}</b>", x=middle, y=1, yref="paper", yanchor="bottom")
    for attempt in review.attempts:
        edge = {"color": palette.MIDDLE, "width": 1, "dash": "dash"}
        figure.add_vrect(attempt.start_s, attempt.end_s, fillcolor=CLEAR, line=edge, layer="below")
    figure.update_layout(margin_r=56)
    return figure


def _beside(figure: go.Figure, words: str, **place: object) -> None:
    """Words at the edge of the plot, where no curve runs through them."""
    figure.add_annotation(text=words, showarrow=False, font_size=13, **place)


def _shade(figure: go.Figure, time: NDArray[np.float64], seen: BoolArray) -> None:
    """A grey ground where nothing that is drawn was seen."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~seen, [False]]).astype(np.int8)))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        figure.add_vrect(
            x0=time[begin], x1=time[min(end, len(time) - 1)], fillcolor=GRID, opacity=0.6, line_width=0, layer="below"
        )


def _axis(sequence: PoseSequence, person: int, landmark: int, axis: str, height: int) -> FloatArray:
    values = sequence.xy[:, person, landmark, "xy".index(axis)]
    return values if axis == "x" else np.asarray(height - values, np.float32)


def _figure(y_title: str, language: str) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=400,
        margin={"l": 8, "r": 16, "t": 40, "b": 8},  # above is the place of the camera button
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        hovermode="x unified",
        dragmode="zoom",
        modebar={"bgcolor": CLEAR},
        legend={"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0},
        xaxis={"title": translate(language, "curves.time_axis"), "gridcolor": GRID, "zeroline": False},
        yaxis={"title": y_title, "gridcolor": GRID, "zeroline": False, "automargin": True},
    )
    return figure


def _add_curve(
    figure: go.Figure,
    time: NDArray[np.float64],
    values: FloatArray,
    seen: BoolArray,
    name: str,
    colour: str,
    dash: str,
    hover: str,
    meta: str | None = None,
) -> None:
    """One line where it was seen, a faint dotted one where it was guessed; they meet. `meta` says what it is of."""
    both = {"x": time, "name": name, "legendgroup": name, "mode": "lines", "connectgaps": False, "meta": meta}
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_trace(go.Scatter(both, y=np.where(seen, values, np.nan), line=line, hovertemplate=hover))
    beside = ~seen | np.append(~seen[1:], False) | np.append(False, ~seen[:-1])
    if np.isfinite(np.where(seen, np.nan, values)).any():
        figure.add_trace(
            go.Scatter(
                both,
                y=np.where(beside, values, np.nan),
                showlegend=False,
                opacity=palette.GUESSED_OPACITY,
                line={"color": colour, "width": 1.5, "dash": "dot"},
                hovertemplate=f"≈ {hover}",
            )
        )


def _add_band(figure: go.Figure, time: NDArray[np.float64], values: FloatArray, off: FloatArray, colour: str) -> None:
    """A faint ground from `off` below to `off` above, run by run, for Plotly fills across gaps."""
    known = np.isfinite(values) & np.isfinite(off)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        run = slice(begin, end)
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([time[run], time[run][::-1]]),
                y=np.concatenate([values[run] + off[run], (values[run] - off[run])[::-1]]),
                fill="toself",
                fillcolor=colour,
                opacity=_BAND_OPACITY,
                line={"width": 0},
                mode="lines",
                showlegend=False,
                hoverinfo="skip",
            )
        )


def _raw_line(time: NDArray[np.float64], values: FloatArray, colour: str) -> go.Scatter:
    return go.Scatter(
        x=time,
        y=values,
        mode="lines",
        showlegend=False,
        hoverinfo="skip",
        opacity=palette.GUESSED_OPACITY * 0.8,
        line={"color": colour, "width": 1},
    )
