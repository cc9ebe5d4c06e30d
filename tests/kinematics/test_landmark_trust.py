from __future__ import annotations

import numpy as np
import pytest

from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.kinematics.landmark_trust import TRUSTED, trust, trusted
from posecore.pose import PoseSequence
from posecore.skeleton import INDEX
from tests.support.bodies import standing

WRIST, ELBOW = INDEX["left_wrist"], INDEX["left_elbow"]


def scene(frames: int = 30, rate: float = 30) -> PoseSequence:
    """Somebody who stands, bones of different lengths in space, everything well seen."""
    still = standing(800, frames)
    world = np.random.default_rng(0).normal(0, 0.3, (33, 3))
    return PoseSequence(
        still.xy,
        still.z,
        still.visibility * 0.98,
        still.presence,
        np.broadcast_to(world, (frames, 1, 33, 3)),
        np.arange(frames) / rate,
        still.size,
    )


def changed(sequence: PoseSequence, **arrays: np.ndarray) -> PoseSequence:
    names = ("xy", "z", "visibility", "presence", "world", "spread")
    values = {name: arrays.get(name, getattr(sequence, name)) for name in names}
    return PoseSequence(time=sequence.time, size=sequence.size, **values)


def test_somebody_well_seen_is_trusted_as_far_as_seen() -> None:
    assert trust(scene()) == pytest.approx(0.98, abs=1e-3)
    assert trusted(scene()).all()


def test_what_is_hidden_is_not_trusted() -> None:
    visibility = scene().visibility.copy()
    visibility[5, 0, WRIST] = 0.2
    found = trust(changed(scene(), visibility=visibility))
    assert found[5, 0, WRIST] == pytest.approx(0.2)
    assert (found < TRUSTED).sum() == 1


def test_a_bone_that_triples_its_length_loses_trust_at_its_end_alone() -> None:
    world = scene().world.copy()
    hand = [INDEX[f"left_{part}"] for part in ("wrist", "pinky", "index", "thumb")]
    world[7, 0, WRIST] += 2 * (world[7, 0, WRIST] - world[7, 0, ELBOW])
    found = trust(changed(scene(), world=world))
    low = np.argwhere(found < TRUSTED)
    assert [7, 0, WRIST] in low.tolist()
    assert {row for row, _, _ in low.tolist()} == {7}
    assert {point for _, _, point in low.tolist()} <= set(hand)
    assert found[7, 0, ELBOW] > 0.9


def test_a_landmark_that_jumps_away_and_back_is_not_trusted_there() -> None:
    xy = scene().xy.copy()
    xy[9, 0, WRIST, 0] += 300
    low = np.argwhere(trust(changed(scene(), xy=xy)) < TRUSTED).tolist()
    assert low == [[9, 0, WRIST]]


def test_fast_movement_at_five_frames_a_second_is_no_jump() -> None:
    slow = scene(20, rate=5)
    xy = slow.xy.copy()
    xy[..., 0] += 120 * np.sin(2 * np.pi * slow.time)[:, None, None]
    assert trusted(changed(slow, xy=xy)).all()


def test_looks_that_lie_apart_are_not_trusted_and_one_look_is() -> None:
    spread = np.full(scene().visibility.shape, 2.0)
    spread[3, 0, WRIST] = 200
    spread[4] = np.inf
    found = trust(changed(scene(), spread=spread))
    assert found[3, 0, WRIST] < 0.1
    assert (found[4] == 0).all()
    assert found[0] == pytest.approx(0.98, abs=1e-2)


def test_who_is_not_there_has_no_trust() -> None:
    sequence = scene().mapped(
        lambda values: np.where(np.arange(30).reshape(-1, *[1] * (values.ndim - 1)) < 10, np.nan, values)
    )
    assert (trust(sequence)[:10] == 0).all()
    assert trusted(sequence)[10:].all()


def test_cleaning_takes_a_jump_out_and_fills_the_gap() -> None:
    xy = scene().xy.copy()
    xy[9, 0, WRIST, 0] += 300
    cleaned = clean(changed(scene(), xy=xy), CleaningSettings(cutoff_hz=None))
    assert not cleaned.trusted[9, 0, WRIST]
    assert cleaned.filled[9, 0, WRIST]
    assert cleaned.sequence.xy[9, 0, WRIST] == pytest.approx(scene().xy[9, 0, WRIST])
