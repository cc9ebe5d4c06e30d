"""Angles against answers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from posecore.kinematics.joint_angles import ANGLES, JOINTS, angles_seen, joint_angles
from posecore.skeleton import INDEX


def body_with(angle: str, degrees: float, dimensions: int = 2) -> np.ndarray:
    """33 landmarks in which one angle has this many degrees, its limbs 3 and 7 long."""
    points = np.random.default_rng(1).uniform(0, 100, (33, dimensions))
    a, b, c = ANGLES[angle]
    turn = np.radians(degrees)
    first, second = np.zeros(dimensions), np.zeros(dimensions)
    first[0] = 3
    second[:2] = 7 * np.cos(turn), 7 * np.sin(turn)
    points[a], points[c] = points[b] + first, points[b] + second
    return points


def value(points: np.ndarray, angle: str) -> float:
    return float(joint_angles(points)[list(ANGLES).index(angle)])


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("degrees", [0, 0.5, 45, 90, 135, 179.5, 180])
def test_every_angle_in_the_picture(angle: str, degrees: float) -> None:
    assert value(body_with(angle, degrees), angle) == pytest.approx(degrees, abs=0.01)


@pytest.mark.parametrize("angle", ANGLES)
def test_right_angle_in_space(angle: str) -> None:
    points = body_with(angle, 90, 3)
    rotation = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    assert value(points @ rotation, angle) == pytest.approx(90, abs=0.01)


@pytest.mark.parametrize("turn", range(0, 360, 45))
def test_right_angle_in_any_rotation_and_mirrored(turn: int) -> None:
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    points = body_with("left_knee", 90) @ np.array([[c, -s], [s, c]])
    assert value(points, "left_knee") == pytest.approx(90, abs=0.01)
    assert value(points * [-1, 1], "left_knee") == pytest.approx(90, abs=0.01)


def test_missing_points_and_points_that_fall_together_give_no_angle() -> None:
    points = body_with("left_knee", 90)
    points[INDEX["left_hip"]] = np.nan
    assert np.isnan(value(points, "left_knee"))
    points[INDEX["left_hip"]] = points[INDEX["left_knee"]]
    assert np.isnan(value(points, "left_knee"))


def test_left_and_right_are_told_apart() -> None:
    points = body_with("right_elbow", 30)
    assert value(points, "right_elbow") == pytest.approx(30, abs=0.01)
    assert list(ANGLES)[:4] == ["left_elbow", "right_elbow", "left_shoulder", "right_shoulder"]
    assert len(ANGLES) == 2 * len(JOINTS)


def test_any_number_of_leading_dimensions() -> None:
    points = np.stack([np.stack([body_with("left_hip", d) for d in (10, 20, 30)])] * 4)
    angles = joint_angles(points)
    assert angles.shape == (4, 3, 12)
    assert angles[2, :, list(ANGLES).index("left_hip")] == pytest.approx([10, 20, 30], abs=0.01)


def test_an_angle_is_seen_if_all_three_landmarks_are() -> None:
    seen = np.ones((1, 33), bool)
    seen[0, INDEX["left_ankle"]] = False
    guessed = {name for name, good in zip(ANGLES, angles_seen(seen)[0], strict=True) if not good}
    assert guessed == {"left_knee", "left_ankle"}
