"""Left and right: four cameras say which is which, and a pendulum whose sides are known by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from posecore.kinematics.cleaning import CleaningSettings, clean, repair_swaps
from posecore.kinematics.joint_angles import ANGLES, joint_angles
from posecore.kinematics.sides import find_exchanged, put_back
from posecore.pose import PoseSequence
from posecore.skeleton import INDEX, MIRROR
from tests.kinematics.test_cleaning import pendulum
from tests.support.changed_sequences import backwards, every, mirrored, with_missing
from tests.support.filmed_sequences import FILMED, IDLE, WALKING, found_in, load_sequence
from tests.support.four_views import Array, Camera, load_cameras, load_views, seen, triangulated

PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
FEWEST_APART = 15.0  # pixels between left and right, below which neither is wrong


@pytest.fixture(scope="module")
def views(media: Path) -> list[PoseSequence]:
    return load_views(media)


@pytest.fixture(scope="module")
def cameras(media: Path) -> list[Camera]:
    return load_cameras(media)


def truth(views: list[PoseSequence], cameras: list[Camera], target: int, part: str) -> Array:
    """(T, 2, 2) where left and right are in one picture by the three others, of which one may be wrong at a time."""
    others = [number for number in range(4) if number != target]
    left, right = INDEX[f"left_{part}"], INDEX[f"right_{part}"]
    least = np.full(len(views[0].time), np.inf)
    result = np.zeros((len(least), 2, 2))
    for wrong in product((False, True), repeat=3):
        if sum(wrong) > 1:
            continue
        orders = [[right, left] if one else [left, right] for one in wrong]
        places, weights = zip(*(seen(views[k], order) for k, order in zip(others, orders, strict=True)), strict=True)
        space = triangulated([cameras[k] for k in others], places, weights)
        off = [
            (np.linalg.norm(cameras[k].seen(space) - xy, axis=-1) * weight).sum(-1)
            for k, xy, weight in zip(others, places, weights, strict=True)
        ]
        better = np.sum(off, 0) < least
        least = np.where(better, np.sum(off, 0), least)
        result[better] = cameras[target].seen(space)[better]
    return result


def wrong_share(sequence: PoseSequence, known: dict[str, Array]) -> float:
    """In which part of frames and landmarks left and right are exchanged, of those where they can be told apart."""
    wrong = told = 0
    for part, places in known.items():
        pair = [INDEX[f"left_{part}"], INDEX[f"right_{part}"]]
        found = sequence.xy[:, 0][:, pair].astype(float)
        kept = np.linalg.norm(found - places, axis=-1).sum(-1)
        crossed = np.linalg.norm(found[:, ::-1] - places, axis=-1).sum(-1)
        apart = np.linalg.norm(places[:, 0] - places[:, 1], axis=-1) > FEWEST_APART
        clear = apart & (np.minimum(kept, crossed) < 0.7 * np.maximum(kept, crossed))
        wrong += int((clear & (crossed < kept)).sum())
        told += int(clear.sum())
    return wrong / told


@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_no_view_has_more_wrong_sides_than_raw(views: list[PoseSequence], cameras: list[Camera], step: int) -> None:
    for target, view in enumerate(views):
        known = {part: truth(views, cameras, target, part)[::step] for part in PARTS}
        raw = every(view, step)
        assert wrong_share(repair_swaps(raw)[0], known) <= wrong_share(raw, known)
        if target == 1:  # blurred face, partly from behind
            assert wrong_share(raw, known) > 0.2
            assert wrong_share(repair_swaps(raw)[0], known) < 0.05


def test_four_views_agree_better_with_repair(views: list[PoseSequence]) -> None:
    limbs = [list(ANGLES).index(f"{side}_{joint}") for joint in ("knee", "elbow") for side in ("left", "right")]

    def apart(settings: CleaningSettings) -> float:
        angles = [joint_angles(clean(view, settings).sequence.world[:, 0])[:, limbs] for view in views]
        return float(np.nanmean([np.abs(a - b) for k, a in enumerate(angles) for b in angles[k + 1 :]]))

    plain = CleaningSettings(repair=False, drop=False, longest_gap_s=None, cutoff_hz=None)
    assert apart(replace(plain, repair=True)) < apart(plain)
    assert apart(replace(plain, repair=True)) <= 18.0
    assert apart(CleaningSettings()) <= 18.0


def test_a_head_is_put_back_with_its_body(views: list[PoseSequence]) -> None:
    """He faces this camera all the time; for a third of it the model takes him for somebody seen from behind."""

    def facing(sequence: PoseSequence) -> tuple[float, float]:
        nose, left, right = (sequence.world[:, 0, INDEX[name]] for name in ("nose", "left_ear", "right_ear"))
        ahead = nose[:, 2] < (left[:, 2] + right[:, 2]) / 2
        return float((left[:, 0] > right[:, 0]).mean()), float(ahead.mean())

    raw, repaired = facing(views[1]), facing(repair_swaps(views[1])[0])
    assert max(raw) < 0.7
    assert min(repaired) > 0.9


def assert_same_sides(sequence: PoseSequence) -> None:
    """Told otherwise the same is exchanged, in at least 99 % of the frames that are called sure both times."""
    whole = find_exchanged(sequence)
    kept = np.flatnonzero(np.random.default_rng(0).random(len(sequence.time)) >= 0.2)
    changes = [
        (every(sequence, 2), slice(None, None, 2)),
        (every(sequence, 3), slice(None, None, 3)),
        (mirrored(sequence), slice(None)),
        (backwards(sequence), slice(None, None, -1)),
        (with_missing(sequence, 0.2), kept),
    ]
    for changed, place in changes:
        found = find_exchanged(changed)
        sure = ~(whole.unsure[place] | found.unsure)
        differs = ((whole.exchanged[place] != found.exchanged) & sure).any((1, 2))
        assert differs.mean() <= 0.01


@pytest.mark.parametrize("clip", [*IDLE, "pose_squats", "sports2d_demo", pytest.param(WALKING, marks=pytest.mark.slow)])
def test_the_same_sides_of_a_clip(media: Path, clip: str) -> None:
    assert_same_sides(found_in(media / "videos" / f"{clip}.mp4"))


@pytest.mark.parametrize("file", [filmed.file for filmed in FILMED])
def test_the_same_sides_of_filmed_people(media: Path, file: str) -> None:
    assert_same_sides(load_sequence(media / "sequences" / f"{file}.npz"))


def exchanged_in(sequence: PoseSequence, frames: list[int], first: int = 23) -> PoseSequence:
    order = np.tile(np.arange(33), (len(sequence.time), 1))
    for row in frames:
        order[row, first:] = np.array(MIRROR)[first:]
    every_row = np.arange(len(order))[:, None]
    return sequence.mapped(lambda values: values[:, 0][every_row, order][:, None])


def test_exchanged_legs_are_put_back_and_arms_left_alone() -> None:
    whole = pendulum()
    broken = exchanged_in(whole, [30, 31, 32, 100])
    found = find_exchanged(broken)
    assert put_back(broken, found.exchanged).xy == pytest.approx(whole.xy)
    assert np.flatnonzero(found.exchanged.any((1, 2))).tolist() == [30, 31, 32, 100]
    assert not found.exchanged[:, :, :23].any()
    assert not found.unsure.any()


def test_a_whole_body_is_put_back_face_and_all() -> None:
    whole = pendulum()
    rows = list(range(60, 120))
    broken = exchanged_in(whole, rows, first=1)
    found = find_exchanged(broken)
    assert put_back(broken, found.exchanged).xy[:, 0, 1:] == pytest.approx(whole.xy[:, 0, 1:])


def test_nobody_knows_which_half_is_right() -> None:
    whole = pendulum()
    found = find_exchanged(exchanged_in(whole, list(range(len(whole.time) // 2)), first=1))
    assert not found.exchanged.any()
    assert found.unsure[:, 0, INDEX["left_wrist"]].all()


def test_limbs_that_really_cross_are_left_alone() -> None:
    whole = pendulum()
    xy = whole.xy.copy()
    left, right = INDEX["left_ankle"], INDEX["right_ankle"]
    way = np.linspace(0, 1, len(xy))[:, None, None]
    xy[:, :, left], xy[:, :, right] = (
        xy[:, :, left] * (1 - way) + xy[:, :, right] * way,
        xy[:, :, right] * (1 - way) + xy[:, :, left] * way,
    )
    assert not find_exchanged(replace(whole, xy=xy)).exchanged.any()


def test_nobody_and_single_frames() -> None:
    whole = pendulum()
    assert not find_exchanged(whole.part(0, 1)).exchanged.any()
    away = whole.mapped(lambda values: np.full_like(values, np.nan))
    assert not find_exchanged(away).exchanged.any()
