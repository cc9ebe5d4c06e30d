"""Curves of the last seconds of a stream."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from pages.shared.page import Page
from posecore.kinematics.joint_angles import ANGLES
from posecore.live.session import LiveSnapshot
from posecore.visuals.time_curves import angle_curves

HEIGHT = 340
_MOST_POINTS = 300  # of a curve


def curves_now(page: Page, now: LiveSnapshot, joints: Sequence[str], seconds: int) -> go.Figure:
    """Angles of the last so many seconds."""
    end = float(now.time[-1]) if len(now.time) else 0.0
    rows = np.flatnonzero(now.time >= end - seconds)
    rows = rows[:: max(1, -(-len(rows) // _MOST_POINTS))]
    figure = angle_curves(now.time[rows] - end, now.angles[rows], now.seen[rows], joints, language=page.language)
    return _framed(figure, page, seconds)


def curves_to_fill(page: Page, joints: Sequence[str], seconds: int) -> dict[str, Any]:
    """The same for a browser that puts in the values itself: of each angle a trace of what was seen and one, with an
    opacity, of what was guessed; and one shape as the ground where nothing was seen."""
    angles = np.zeros((2, len(ANGLES)), np.float32)
    seen = np.array([False, True])[:, None].repeat(len(ANGLES), 1)
    figure = _framed(angle_curves(np.arange(2.0), angles, seen, joints, language=page.language), page, seconds)
    figure.update_layout(template=None, height=HEIGHT)
    figure.update_traces(x=[], y=[])
    filled: dict[str, Any] = json.loads(figure.to_json())
    return {**filled, "points": _MOST_POINTS}


def _framed(figure: go.Figure, page: Page, seconds: int) -> go.Figure:
    figure.update_xaxes(range=[-seconds, 0], fixedrange=True, title=page.text("webcam.time_axis"))
    figure.update_yaxes(range=[0, 185], fixedrange=True, dtick=45)
    return figure.update_layout(uirevision="live", hovermode=False, margin_t=8)
