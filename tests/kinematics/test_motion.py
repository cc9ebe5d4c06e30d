from __future__ import annotations

import numpy as np
import pytest

from posecore.kinematics.joint_angles import ANGLES
from posecore.kinematics.motion import range_of_motion, speed, symmetry

TIME = np.arange(121) / 60


def swings() -> np.ndarray:
    """A left knee from 90 to 180 degrees, a right one from 120 to 180, nothing else known."""
    angles = np.full((len(TIME), len(ANGLES)), np.nan, np.float32)
    wave = (1 + np.cos(2 * np.pi * TIME)) / 2
    angles[:, list(ANGLES).index("left_knee")] = 90 + 90 * wave
    angles[:, list(ANGLES).index("right_knee")] = 120 + 60 * wave
    return angles


def test_speed_of_a_pendulum() -> None:
    places = np.stack([100 * np.sin(2 * np.pi * TIME), np.zeros_like(TIME)], -1)
    assert speed(places, TIME) == pytest.approx(200 * np.pi * np.abs(np.cos(2 * np.pi * TIME)), abs=20)


def test_speed_is_unknown_beside_gaps_and_in_a_single_frame() -> None:
    places = np.stack([TIME, TIME], -1)
    places[50] = np.nan
    assert np.flatnonzero(np.isnan(speed(places, TIME))).tolist() == [49, 50, 51]
    assert np.isnan(speed(places[:1], TIME[:1])).all()


def test_speed_is_unknown_where_the_point_becomes_another_one() -> None:
    places = np.stack([TIME, TIME], -1)
    places[50:] += 1000
    breaks = np.arange(len(TIME)) == 50
    known = speed(places, TIME, breaks)
    assert np.flatnonzero(np.isnan(known)).tolist() == [49, 50]
    assert np.nanmax(known) == pytest.approx(np.sqrt(2), abs=0.01)


def test_range_of_motion_says_when() -> None:
    table = range_of_motion(swings(), TIME).set_index(["joint", "side"])
    left = table.loc[("knee", "left")]
    assert (left["min"], left["max"], left["range"]) == pytest.approx((90, 180, 90))
    assert (left["min_time_s"], left["max_time_s"]) == pytest.approx((0.5, 0.0))
    assert left["mean"] == pytest.approx(135, abs=1)
    assert len(table) == 2


def test_symmetry_of_unequal_knees() -> None:
    (row,) = symmetry(swings()).to_dict("records")
    assert row["joint"] == "knee"
    assert (row["left_range"], row["right_range"]) == pytest.approx((90, 60))
    assert row["index"] == pytest.approx(40)
    assert row["mean_difference"] == pytest.approx(-15, abs=0.5)


def test_nothing_known_gives_empty_tables() -> None:
    unknown = np.full((10, len(ANGLES)), np.nan)
    assert range_of_motion(unknown, TIME[:10]).empty
    assert symmetry(unknown).empty
