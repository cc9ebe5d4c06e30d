"""Numbers of a movement that do not change with what does not matter, and do with what does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecore.pose import PoseSequence
from posecore.recognise.features import FEATURES, features, mirrored, track_of
from tests.support import bodies
from tests.support.changed_sequences import every, moved
from tests.support.changed_sequences import mirrored as in_a_mirror
from tests.support.taught_clips import found

START_S, END_S = 0.5, 2.5
SAME, ALIKE = 0.02, 0.1  # radians and the like, at most; and for what is looked at less often


def numbers(sequence: PoseSequence, start_s: float = START_S, end_s: float = END_S) -> np.ndarray:
    return features(track_of(sequence, 0), start_s, end_s)


def squatting(**how: float) -> PoseSequence:
    way = bodies.there_and_back(3)
    shape = bodies.squatting()
    return bodies.clip_of(lambda time: shape(way(time)), 6, **how)


def raising(left: float, right: float) -> PoseSequence:
    """One arm or the other goes up and down."""
    way = bodies.there_and_back(3)
    return bodies.clip_of(lambda time: bodies.Shape(spread=(5 + left * way(time), 5 + right * way(time))), 6)


@pytest.mark.parametrize("yaw", [30, 90, 180, -60])
def test_turned_about_the_vertical(yaw: float) -> None:
    assert np.abs(numbers(squatting(yaw=yaw)) - numbers(squatting())).max() < SAME


def test_larger_and_elsewhere_in_the_picture() -> None:
    larger = moved(squatting(), shift=(300, -100), scale=2.0)
    assert np.abs(numbers(larger) - numbers(squatting())).max() < SAME


@pytest.mark.parametrize("size", [0.6, 1.3], ids=["child", "giant"])
def test_somebody_of_another_size(size: float) -> None:
    one = squatting()
    assert np.abs(numbers(replace(one, world=one.world * size)) - numbers(one)).max() < SAME


@pytest.mark.parametrize("fps", [60, 15, 10])
def test_another_frame_rate(fps: float) -> None:
    assert np.abs(numbers(squatting(fps=fps)) - numbers(squatting())).max() < ALIKE


def test_a_real_movement_in_half_of_the_frames(media: Path) -> None:
    jacks = found(media, "jumping_jack_turning_19")
    assert np.abs(numbers(every(jacks, 2), 3, 5) - numbers(jacks, 3, 5)).max() < 2 * ALIKE


def test_a_real_movement_in_a_mirror(media: Path) -> None:
    jacks = found(media, "jumping_jack_turning_19")
    assert np.abs(numbers(in_a_mirror(jacks), 3, 5) - mirrored(numbers(jacks, 3, 5))).max() < SAME
    assert np.array_equal(mirrored(mirrored(numbers(jacks, 3, 5))), numbers(jacks, 3, 5))


def known(name: str) -> Callable[[PoseSequence], float]:
    return lambda sequence: float(numbers(sequence)[FEATURES.index(name)])


def test_standing_still_has_known_numbers() -> None:
    still = bodies.clip_of(lambda _: bodies.Shape(), 3)
    assert known("left_knee_angle_mean")(still) == pytest.approx(np.pi, abs=0.1)
    assert known("trunk_upright_mean")(still) == pytest.approx(1, abs=0.02)
    assert known("left_hip_height_mean")(still) == pytest.approx(1, abs=0.05)
    assert known("left_wrist_speed")(still) == pytest.approx(0, abs=1e-6)
    assert known("rate")(still) == pytest.approx(0, abs=1e-6)


def test_a_squat_a_two_seconds_has_half_a_hertz() -> None:
    assert known("rate")(squatting()) == pytest.approx(0.5, abs=0.15)


def test_left_and_right_are_told_apart() -> None:
    left, right = (numbers(one) for one in (raising(90, 0), raising(0, 90)))
    assert np.abs(left - right).max() > 0.5
    assert np.abs(left - mirrored(right)).max() < SAME


def test_what_is_outside_the_picture_is_not_told() -> None:
    one = squatting()
    height = one.xy[..., 1].min() + 0.55 * np.ptp(one.xy[0, 0, :, 1])
    cropped = replace(one, size=(one.size[0], int(height)))
    row = numbers(cropped)
    assert np.isnan(row[FEATURES.index("left_shank_up_mean")])
    assert np.isfinite(row[FEATURES.index("left_elbow_angle_mean")])


def test_where_nobody_is_nothing_is_told() -> None:
    assert np.isnan(numbers(squatting(), 50, 52)).all()
    half = squatting().part(0, 20)
    assert np.isnan(numbers(half, 0, 2)[: len(FEATURES) // 2]).all()
