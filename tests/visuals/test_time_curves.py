from __future__ import annotations

import numpy as np
import pytest

from posecore.kinematics.joint_angles import ANGLES
from posecore.palette import LEFT, RIGHT
from posecore.pose import PoseSequence
from posecore.skeleton import INDEX
from posecore.visuals.time_curves import angle_curves, speed_curves, trajectory_curves

TIME = np.arange(60) / 30
ALL = np.ones((60, len(ANGLES)), np.bool_)


def angles() -> np.ndarray:
    return np.tile(np.linspace(90, 180, 60)[:, None], (1, len(ANGLES)))


def moving() -> PoseSequence:
    """Everybody's every point 30 pixels a second to the right, on a line 100 px below the upper edge."""
    xy = np.broadcast_to(np.stack([TIME * 30, TIME * 0 + 100], -1)[:, None, None], (60, 1, 33, 2))
    ones = np.ones((60, 1, 33))
    return PoseSequence(xy, ones, ones, ones, np.ones((60, 1, 33, 3)), TIME, (640, 480))


def test_left_and_right_have_their_colours_and_joints_their_dashes() -> None:
    figure = angle_curves(TIME, angles(), ALL, ["knee", "elbow"])
    lines = [(trace.name, trace.line.color, trace.line.dash) for trace in figure.data]
    assert lines == [
        ("Knee · Left", LEFT, "solid"),
        ("Knee · Right", RIGHT, "solid"),
        ("Elbow · Left", LEFT, "dash"),
        ("Elbow · Right", RIGHT, "dash"),
    ]
    assert "degrees" in figure.layout.yaxis.title.text
    assert figure.layout.xaxis.title.text == "Seconds"


def test_what_was_guessed_is_faint_and_dotted_and_meets_what_was_seen() -> None:
    seen = ALL.copy()
    seen[20:30, list(ANGLES).index("left_knee")] = False
    sure, guessed = angle_curves(TIME, angles(), seen, ["knee"]).data[:2]
    assert np.flatnonzero(np.isnan(sure.y)).tolist() == list(range(20, 30))
    assert np.flatnonzero(np.isfinite(guessed.y)).tolist() == list(range(19, 31))
    assert guessed.line.dash == "dot"
    assert guessed.opacity < 1


def test_where_nothing_was_seen_the_ground_is_grey() -> None:
    seen = ALL.copy()
    seen[20:30] = False
    (shade,) = angle_curves(TIME, angles(), seen, ["knee"]).layout.shapes
    assert (shade.x0, shade.x1) == pytest.approx((TIME[20], TIME[30]))
    assert not angle_curves(TIME, angles(), ALL, ["knee"]).layout.shapes


def test_raw_curves_lie_behind() -> None:
    figure = angle_curves(TIME, angles(), ALL, ["knee"], raw=angles() + 5)
    assert [trace.hoverinfo for trace in figure.data] == ["skip", None, "skip", None]


def test_places_are_pixels_from_the_left_and_from_below() -> None:
    x, y = trajectory_curves(moving(), 0, INDEX["nose"], np.ones((60, 33), np.bool_)).data
    assert x.y == pytest.approx(TIME * 30)
    assert set(y.y) == {380}


def test_speed_is_pixels_a_second() -> None:
    (line,) = speed_curves(moving(), 0, [INDEX["left_wrist"]], np.ones((60, 33), np.bool_)).data
    assert line.y == pytest.approx(30, abs=0.01)
    assert line.line.color == LEFT


def test_words_are_in_the_language() -> None:
    assert angle_curves(TIME, angles(), ALL, ["knee"], language="zh").layout.xaxis.title.text == "秒"


def test_lengths_are_metres_where_it_is_known_how_long_a_pixel_is() -> None:
    every = np.ones((60, 33), np.bool_)
    places = trajectory_curves(moving(), 0, INDEX["nose"], every, metres_per_pixel=0.01)
    assert places.data[0].y[-1] == pytest.approx(TIME[-1] * 0.3)
    assert places.data[1].y[0] == pytest.approx(3.8)
    assert "Metres" in places.layout.yaxis.title.text
    speeds = speed_curves(moving(), 0, [INDEX["nose"]], every, metres_per_pixel=0.01)
    assert speeds.data[0].y[30] == pytest.approx(0.3)
    assert speeds.layout.yaxis.title.text == "Metres a second"


def test_by_how_much_angles_may_be_off_is_a_band_where_it_is_known() -> None:
    off = np.full(angles().shape, np.nan)
    off[10:20], off[40:50] = 3, 5
    figure = angle_curves(TIME, angles(), ALL, ["knee"], off=off)
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert len(bands) == 4  # two runs on either side
    assert bands[0].y[0] - bands[0].y[-1] == pytest.approx(6)
    assert not any(trace.fill for trace in angle_curves(TIME, angles(), ALL, ["knee"], off=off * np.nan).data)
