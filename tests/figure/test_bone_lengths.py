"""Landmarks brought to where bones of one length let them be."""

from __future__ import annotations

import numpy as np
import pytest

from posecore.figure import average_figure
from posecore.figure.bone_lengths import fitted
from posecore.figure.joints import Array
from posecore.figure.limb_rotations import Body, unit
from posecore.skeleton import INDEX, LANDMARKS

FIGURE = average_figure()


def _body(places: Array) -> Body:
    return Body(places, np.ones((len(places), len(LANDMARKS)), np.float32), 30.0)


def _standing() -> Array:
    return np.asarray(FIGURE.landmarks() - FIGURE.root[:, None])


def _shaken() -> Array:
    return _standing() + np.random.default_rng(3).normal(0, 0.03, (200, len(LANDMARKS), 3))


def test_what_fits_stays() -> None:
    assert fitted(_body(_standing()), FIGURE.offsets).places == pytest.approx(_standing())


@pytest.mark.parametrize(
    ("begin", "end", "metres"),
    [("left_hip", "left_knee", 0.39), ("right_knee", "right_ankle", 0.37), ("right_elbow", "right_wrist", 0.235)],
)
def test_bones_get_their_length(begin: str, end: str, metres: float) -> None:
    body = fitted(_body(_shaken()), FIGURE.offsets)
    assert np.linalg.norm(body.at(end) - body.at(begin), axis=-1) == pytest.approx(metres)


def test_it_is_nearer_than_directions_alone() -> None:
    body = _body(_shaken())
    near, along = (fitted(body, FIGURE.offsets, rounds) for rounds in (3, 0))
    off, before = (np.linalg.norm(one.at("left_wrist") - body.at("left_wrist"), axis=-1) for one in (near, along))
    assert off.mean() < 0.85 * before.mean()


def test_a_straight_leg_that_seems_too_short_stays_straight() -> None:
    places = _standing()
    hip, leg = places[:, [INDEX["left_hip"]]], [INDEX[f"left_{part}"] for part in ("knee", "ankle", "heel")]
    places[:, leg] = hip + 0.8 * (places[:, leg] - hip)
    body = fitted(_body(places), FIGURE.offsets)
    thigh, shank = body.at("left_knee") - body.at("left_hip"), body.at("left_ankle") - body.at("left_knee")
    assert (unit(thigh) * unit(shank)).sum() > np.cos(np.radians(3))
