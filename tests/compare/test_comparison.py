"""Movements beside themselves, changed in known ways, and beside others: real people throughout."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from posecore import PoseError, PoseSequence
from posecore.compare import Comparison, compare
from posecore.skeleton import INDEX
from tests.support.changed_sequences import at_speed, every, mirrored, with_missing
from tests.support.filmed_sequences import found_in

SQUATS, BALANCE, JUMP = "pose_squats", "balance_cam01", "sports2d_demo"
FRAME_S = 0.1  # three frames of 30 a second
WALKING = ("one-by-one-person-detection", 250, 400)  # one of the people who walk by


@pytest.fixture(params=[SQUATS, BALANCE, JUMP])
def filmed(request: pytest.FixtureRequest, media: Path) -> PoseSequence:
    return found_in(media / "videos" / f"{request.param}.mp4")


def of(media: Path, name: str) -> PoseSequence:
    return found_in(media / "videos" / f"{name}.mp4")


def most_off(found: Comparison, other_time: np.ndarray) -> float:
    """Seconds between where moments were put and where they belong."""
    return float(np.abs(found.other_time - other_time).max())


def test_a_movement_beside_itself_is_equal_in_everything(filmed: PoseSequence) -> None:
    found = compare(filmed, filmed)
    assert found.score == 100
    assert found.differences == []
    assert not found.mirrored
    assert most_off(found, found.time) == 0


@pytest.mark.parametrize("times", [0.5, 0.7, 1.4, 2.0])
def test_another_speed_is_the_same_movement(filmed: PoseSequence, times: float) -> None:
    found = compare(filmed, at_speed(filmed, times))
    assert found.score >= 95
    assert most_off(found, found.time / times) <= FRAME_S


@pytest.mark.parametrize("part", [(0.0, 0.6), (0.3, 0.9), (0.4, 1.0)], ids=["end cut", "both cut", "beginning cut"])
def test_a_part_is_found_in_the_whole(filmed: PoseSequence, part: tuple[float, float]) -> None:
    first, end = (round(share * len(filmed.time)) for share in part)
    cut = filmed.part(first, end)
    for one, other in ((filmed, cut), (cut, filmed)):
        found = compare(one, other)
        assert found.score >= 95
        assert most_off(found, found.time) <= max(FRAME_S, float(np.diff(filmed.time).max()))


def test_fewer_frames_missing_frames_and_another_size_change_nothing(filmed: PoseSequence) -> None:
    changed = {
        "every second": every(filmed, 2),
        "a tenth missing": with_missing(filmed, 0.1),
        "half as large": replace(filmed, xy=filmed.xy / 2, world=filmed.world / 2),
    }
    for name, other in changed.items():
        found = compare(filmed, other)
        assert found.score >= 95, name
        assert most_off(found, found.time) <= max(FRAME_S, float(np.diff(filmed.time).max())), name


def test_a_mirrored_movement_is_recognised_and_said(filmed: PoseSequence) -> None:
    found = compare(filmed, mirrored(filmed))
    assert found.mirrored
    assert found.score >= 95
    assert most_off(found, found.time) <= FRAME_S
    assert not compare(filmed, mirrored(filmed), may_mirror=False).mirrored


@pytest.mark.slow
def test_squats_are_not_walking(media: Path) -> None:
    name, first, end = WALKING
    assert compare(of(media, SQUATS), of(media, name).part(first, end)).score < 50


def test_the_turning_points_of_two_squats_are_put_together(media: Path) -> None:
    squats = of(media, SQUATS)
    first, second = squats.part(3, 18), squats.part(27, 42)  # README of the media: lowest in frames 10 and 34
    found = compare(first, second)
    lowest = np.abs(found.time - squats.time[10]).argmin()
    assert found.other_time[lowest] == pytest.approx(squats.time[34], abs=0.2)


def test_views_of_one_movement_are_alike(media: Path) -> None:
    views = [of(media, f"balance_cam0{number}") for number in (1, 2, 3, 4)]
    scores = [compare(one, other).score for one, other in combinations(views, 2)]
    assert sum(score >= 85 for score in scores) >= 2


def bent(sequence: PoseSequence, side: str, degrees: float, begin_s: float, end_s: float) -> PoseSequence:
    """With one knee bent more for a while: what lies below it is turned about it."""
    hip, knee, ankle = (INDEX[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
    below = [INDEX[f"{side}_{part}"] for part in ("ankle", "heel", "foot_index")]
    world = sequence.world.copy()
    for row in np.flatnonzero((sequence.time >= begin_s) & (sequence.time <= end_s)):
        body = world[row, 0]
        axis = np.cross(body[ankle] - body[knee], body[hip] - body[knee])
        turn = Rotation.from_rotvec(axis / np.linalg.norm(axis) * np.radians(degrees))
        body[below] = body[knee] + turn.apply(body[below] - body[knee])
    return replace(sequence, world=world)


@pytest.mark.parametrize(("clip", "begin_s"), [(BALANCE, 0.4), (JUMP, 1.0), (SQUATS, 5.0)])
def test_a_joint_bent_twenty_degrees_more_for_a_second_is_named(media: Path, clip: str, begin_s: float) -> None:
    sequence = of(media, clip)
    found = compare(sequence, bent(sequence, "left", 20, begin_s, begin_s + 1))
    (difference,) = found.differences
    assert difference.joint == "left_knee"
    assert difference.degrees == pytest.approx(-20, abs=5)
    assert (difference.start_s, difference.end_s) == pytest.approx((begin_s, begin_s + 1), abs=0.25)
    assert begin_s - 0.25 <= difference.most_s <= begin_s + 1.25
    assert found.score < 100
    assert found.scores["posture"] < 100


def test_what_differs_by_less_than_can_be_measured_is_equal(filmed: PoseSequence) -> None:
    noise = np.random.default_rng(2).normal(0, 0.005, filmed.world.shape).astype(np.float32)  # metres
    found = compare(filmed, replace(filmed, world=filmed.world + noise))
    assert found.differences == []
    assert found.score >= 99


def test_somebody_who_is_hardly_seen_is_not_compared(media: Path) -> None:
    with pytest.raises(PoseError) as error:
        compare(of(media, SQUATS), of(media, SQUATS).part(0, 3))
    assert error.value.code == "nobody_to_compare"


def test_where_no_joint_is_seen_in_both_nothing_is_called_equal(media: Path) -> None:
    squats = of(media, SQUATS)
    below = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("hip", "knee", "ankle", "elbow")]
    visibility = squats.visibility.copy()
    visibility[:, :, below] = 0.1  # as in a close-up of a face: all that bends is guessed
    with pytest.raises(PoseError, match="No joint is seen in both"):
        compare(squats, replace(squats, visibility=visibility))
