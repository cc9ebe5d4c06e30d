"""A movement in the picture of another, by what is known of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from posecore import PoseSequence
from posecore.compare import compare, ghost
from posecore.pose import torso_lengths
from posecore.skeleton import INDEX
from tests.support.changed_sequences import mirrored
from tests.support.filmed_sequences import found_in

TORSO = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("shoulder", "hip")]
LIMBS = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("elbow", "wrist", "knee", "ankle")]


@pytest.fixture(scope="module")
def squats(media: Path) -> PoseSequence:
    return found_in(media / "videos" / "pose_squats.mp4")


def ghost_of(first: PoseSequence, second: PoseSequence) -> np.ndarray:
    return ghost(first, second, 0, 0, compare(first, second))


def parts_of_the_torso(first: PoseSequence, xy: np.ndarray, landmarks: list[int]) -> float:
    """How far the ghost is from the first one's own skeleton at the mean."""
    off = np.linalg.norm(xy[:, landmarks] - first.xy[:, 0, landmarks], axis=-1)
    return float(np.nanmean(off / torso_lengths(first)))


def test_of_oneself_it_is_where_one_is(squats: PoseSequence) -> None:
    """What is left is the difference between space and picture, of the model's own making."""
    xy = ghost_of(squats, squats)
    assert np.isfinite(xy).all()
    assert parts_of_the_torso(squats, xy, TORSO) < 0.1
    assert parts_of_the_torso(squats, xy, LIMBS) < 0.25


def test_size_place_and_direction_do_not_matter(squats: PoseSequence) -> None:
    turn = Rotation.from_euler("y", 50, degrees=True).as_matrix().astype(np.float32)
    other = replace(squats, xy=squats.xy / 3 + 200, world=1.3 * squats.world @ turn.T)
    assert np.abs(ghost_of(squats, other) - ghost_of(squats, squats)).max() < 2  # pixels of 1280


def test_a_mirrored_one_is_turned_back(squats: PoseSequence) -> None:
    assert np.abs(ghost_of(squats, mirrored(squats)) - ghost_of(squats, squats)).max() < 2


def test_outside_of_what_both_have_there_is_none(squats: PoseSequence) -> None:
    xy = ghost_of(squats, squats.part(10, 30))
    there = np.isfinite(xy).all((1, 2))
    assert there[12:28].all()
    assert not there[:8].any()
    assert not there[33:].any()
