"""Features as Plotly figures. Grounds are transparent and text takes its colour from the page's theme."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from posecore import palette
from posecore.kinematics.joint_angles import ANGLES, JOINTS, angle_spread, angles_seen, joint_angles
from posecore.language import DEFAULT, translate
from posecore.pose import Pose
from posecore.skeleton import BONES, LANDMARKS, bone_side, landmark_side

CLEAR = "rgba(0,0,0,0)"
GRID = "rgba(128,128,128,0.25)"
FLOOR_SQUARE = 0.5  # metres


def angle_chart(pose: Pose, person: int, *, in_space: bool = False, language: str = DEFAULT) -> go.Figure:
    """Interior joint angles of one person in degrees, left beside right; guessed ones faint and hatched.

    Where there were two looks at the picture, angles in it say by how much they may be off.

    Args:
        in_space: angles between the world landmarks instead of the pixels of the picture.
    """
    values = joint_angles((pose.world if in_space else pose.xy)[person])
    seen = angles_seen(pose.seen[person])
    off = np.full_like(values, np.nan) if in_space else angle_spread(pose.xy[person], pose.spread[person])
    joints = [translate(language, f"joints.{joint}") for joint in JOINTS]
    figure = go.Figure()
    for side in ("left", "right"):
        columns = [list(ANGLES).index(f"{side}_{joint}") for joint in JOINTS]
        figure.add_trace(_angle_bars(side, joints, values[columns], off[columns], seen[columns], language))
    for side in ("left", "right"):
        figure.add_trace(_key(translate(language, f"sides.{side}"), palette.SIDES[side]))
    if not seen.all():
        figure.add_trace(_key(translate(language, "charts.guessed_key"), palette.MIDDLE, guessed=True))
    figure.update_layout(
        barmode="group",
        bargap=0.35,
        bargroupgap=0.12,
        height=420,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "title": translate(language, "charts.angle_axis"),
            "range": [0, 230 if np.isfinite(off).any() else 198],  # 180 and room for the number behind the bar
            "tickvals": list(range(0, 181, 30)),
            "ticksuffix": "°",
            "gridcolor": GRID,
            "fixedrange": True,
        },
        yaxis={"autorange": "reversed", "fixedrange": True, "automargin": True},
    )
    return figure


def _angle_bars(
    side: str, joints: list[str], values: np.ndarray, off: np.ndarray, seen: np.ndarray, language: str
) -> go.Bar:
    colour = palette.SIDES[side]
    labels = [_angle_label(*one) for one in zip(values.tolist(), off.tolist(), seen.tolist(), strict=True)]
    state = [translate(language, "charts.seen" if s else "charts.guessed") for s in seen]
    return go.Bar(
        orientation="h",
        name=translate(language, f"sides.{side}"),
        y=joints,
        x=values,
        text=labels,
        textposition="outside",
        constraintext="none",
        showlegend=False,
        cliponaxis=False,
        customdata=state,
        hovertemplate="%{y}: %{x:.1f}° (%{customdata})<extra>%{fullData.name}</extra>",
        marker={
            "color": [colour if s else palette.faint(colour) for s in seen],
            "line": {"color": colour, "width": [0 if s else 1 for s in seen]},
            "pattern": {"shape": ["" if s else "/" for s in seen], "fgcolor": colour, "size": 6, "solidity": 0.15},
        },
    )


def _angle_label(value: float, off: float, seen: bool) -> str:
    if not math.isfinite(value):
        return ""
    if not seen:
        return f"≈ {value:.0f}°"
    return f"{value:.0f}° ± {max(off, 1):.0f}°" if math.isfinite(off) else f"{value:.0f}°"


def _key(name: str, colour: str, *, guessed: bool = False) -> go.Scatter:
    """An empty trace for the legend, since one trace holds both seen and guessed bars."""
    fill = palette.faint(colour) if guessed else colour
    marker = {"symbol": "square", "size": 11, "color": fill, "line": {"color": colour, "width": 1}}
    return go.Scatter(name=name, x=[None], y=[None], mode="markers", marker=marker)


def skeleton_chart(pose: Pose, person: int, *, language: str = DEFAULT) -> go.Figure:
    """The world landmarks of one person as a skeleton in space, to be turned; metres from the middle of the hips."""
    # To the right, away from the camera, up: the first view is the camera's.
    points = pose.world[person][:, [0, 2, 1]] * [1, 1, -1]
    seen = pose.seen[person]
    figure = go.Figure()
    for side in ("left", "right", "middle"):
        for is_seen in (True, False):
            bones = [b for b in BONES if bone_side(b) == side and bool(seen[list(b)].all()) == is_seen]
            if bones:
                figure.add_trace(_bones_in_space(points, bones, side, is_seen=is_seen))
    for is_seen in (True, False):
        if (seen == is_seen).any():
            figure.add_trace(_joints_in_space(points, seen == is_seen, language, is_seen=is_seen))
    low, high = np.nanmin(points, 0), np.nanmax(points, 0)
    figure.add_trace(_floor(float(low[2])))
    half = float((high - low).max()) * 0.55  # a cube around the whole body, so that it turns inside the picture
    axes = [{"visible": False, "range": [middle - half, middle + half]} for middle in (low + high) / 2]
    figure.update_layout(
        height=460,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=CLEAR,
        showlegend=False,
        scene={
            "aspectmode": "cube",
            **dict(zip(("xaxis", "yaxis", "zaxis"), axes, strict=True)),
            "camera": {"eye": {"x": 0.55, "y": -1.6, "z": 0.45}},
            "dragmode": "orbit",
        },
    )
    return figure


def _floor(height: float) -> go.Scatter3d:
    """A grid of squares of `FLOOR_SQUARE` metres under the lowest landmark: the scale of the chart."""
    ends, lines = 2 * FLOOR_SQUARE, np.arange(-2, 3) * FLOOR_SQUARE
    along = [[(x, -ends), (x, ends), (np.nan, np.nan)] for x in lines]
    grid = np.array(along).reshape(-1, 2)
    path = np.vstack([grid, grid[:, ::-1]])
    return go.Scatter3d(
        x=path[:, 0],
        y=path[:, 1],
        z=np.full(len(path), height),
        mode="lines",
        hoverinfo="skip",
        opacity=0.5,
        line={"color": palette.MIDDLE, "width": 2},
    )


def _bones_in_space(points: np.ndarray, bones: list[tuple[int, int]], side: str, *, is_seen: bool) -> go.Scatter3d:
    gap = np.full(3, np.nan)
    path = np.array([point for a, b in bones for point in (points[a], points[b], gap)])
    return go.Scatter3d(
        x=path[:, 0],
        y=path[:, 1],
        z=path[:, 2],
        mode="lines",
        hoverinfo="skip",
        opacity=1 if is_seen else palette.GUESSED_OPACITY,
        line={
            "color": palette.SIDES[side],
            "width": 7 if is_seen else 4,
            "dash": "solid" if is_seen else "dash",
        },
    )


def _joints_in_space(points: np.ndarray, chosen: np.ndarray, language: str, *, is_seen: bool) -> go.Scatter3d:
    numbers = np.flatnonzero(chosen)
    state = translate(language, "charts.seen" if is_seen else "charts.guessed")
    return go.Scatter3d(
        x=points[numbers, 0],
        y=points[numbers, 1],
        z=points[numbers, 2],
        mode="markers",
        opacity=1 if is_seen else palette.GUESSED_OPACITY,
        text=[f"{translate(language, f'landmarks.{LANDMARKS[i]}')} ({state})" for i in numbers],
        hovertemplate="%{text}<br>%{x:.2f}, %{y:.2f}, %{z:.2f} m<extra></extra>",
        marker={"size": 4, "color": [palette.SIDES[landmark_side(int(i))] for i in numbers]},
    )
