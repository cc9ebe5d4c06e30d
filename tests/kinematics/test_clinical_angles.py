"""Clinical angles and directions of view against answers known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecore.kinematics.clinical_angles import (
    CLINICAL,
    SEGMENTS,
    FacingVotes,
    clinical_angles,
    facing,
    facing_of,
    segment_angles,
)
from posecore.pose import PoseSequence
from posecore.skeleton import INDEX, MIRROR

UP, DOWN, FORWARD = np.array([0.0, -1.0]), np.array([0.0, 1.0]), np.array([1.0, 0.0])


def rotated(vector: np.ndarray, degrees: float) -> np.ndarray:
    """Turned counter-clockwise on the screen, that is a hanging limb forward for somebody who faces right."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([c * vector[0] + s * vector[1], -s * vector[0] + c * vector[1]])


def standing(side: str = "right", **flexion: float) -> np.ndarray:
    """Somebody of pixels, facing right, both sides in one plane; one side flexed by these degrees."""
    points = np.full((33, 2), np.nan)
    for name in ("left", "right"):
        f = flexion if name == side else {}

        def put(part: str, place: np.ndarray, name: str = name) -> np.ndarray:
            points[INDEX[f"{name}_{part}"]] = place
            return place

        base = np.array([300.0, 200.0])
        shoulder, hip = put("shoulder", base), put("hip", base + 120 * DOWN)
        arm = rotated(DOWN, f.get("shoulder", 0))
        elbow = put("elbow", shoulder + 70 * arm)
        forearm = rotated(arm, f.get("elbow", 0))
        wrist = put("wrist", elbow + 60 * forearm)
        put("index", wrist + 20 * rotated(forearm, f.get("wrist", 0)))
        thigh = rotated(DOWN, f.get("hip", 0))
        knee = put("knee", hip + 100 * thigh)
        shank = rotated(thigh, -f.get("knee", 0))
        ankle = put("ankle", knee + 90 * shank)
        foot = rotated(shank, 90 + f.get("ankle", 0))
        put("heel", ankle - 10 * foot)
        put("foot_index", ankle + 30 * foot)
        put("ear", base + 50 * UP)
    points[INDEX["nose"]] = [315, 152]
    return points


def angle(points: np.ndarray, name: str, way: str = "right") -> float:
    return float(clinical_angles(points, way)[list(CLINICAL).index(name)])  # type: ignore[arg-type]


@pytest.mark.parametrize("joint", ["elbow", "shoulder", "hip", "knee", "ankle", "wrist"])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("degrees", [-170, -30, -0.5, 0, 12.34, 90, 175])
@pytest.mark.parametrize("way", ["left", "right"])
def test_every_joint_on_both_sides_facing_both_ways(joint: str, side: str, degrees: float, way: str) -> None:
    points = standing(side, **{joint: degrees})
    if way == "left":
        points = [1000, 0] + points * [-1, 1]
    assert angle(points, f"{side}_{joint}", way) == pytest.approx(degrees, abs=0.01)
    rest = [name for name in CLINICAL if name != f"{side}_{joint}"]
    assert [angle(points, name, way) for name in rest] == pytest.approx([0] * 11, abs=0.01)


@pytest.mark.parametrize("turn", range(0, 360, 30))
def test_rotated_pictures_change_no_joint_angle_and_no_direction(turn: int) -> None:
    points = standing("left", knee=40, hip=25, elbow=100)
    expected = clinical_angles(points)
    turned = np.array([rotated(point, turn) for point in points])
    assert clinical_angles(turned) == pytest.approx(expected, abs=0.01)
    assert facing_of(turned) == "right"
    assert facing_of(turned * [-1, 1]) == "left"


def test_an_arm_overhead_is_at_minus_180() -> None:
    assert angle(standing(shoulder=180), "right_shoulder") == pytest.approx(-180, abs=0.01)


@pytest.mark.parametrize("way", ["left", "right"])
def test_segments_against_the_horizontal(way: str) -> None:
    points = standing("right", hip=30, shoulder=40, elbow=20)
    points[INDEX["left_hip"]] += [10, -10]
    if way == "left":
        points = points * [-1, 1]
    values = dict(zip(SEGMENTS, segment_angles(points, way).tolist(), strict=True))  # type: ignore[arg-type]
    assert values["right_thigh"] == pytest.approx(-60, abs=0.01)
    assert values["right_shank"] == pytest.approx(-60, abs=0.01)
    assert values["right_foot"] == pytest.approx(30, abs=0.01)
    assert values["right_arm"] == pytest.approx(-50, abs=0.01)
    assert values["right_forearm"] == pytest.approx(-30, abs=0.01)
    assert values["left_arm"] == pytest.approx(-90, abs=0.01)
    assert values["pelvis"] == pytest.approx(45, abs=0.01)


def test_missing_points_give_no_angle() -> None:
    points = standing()
    points[INDEX["right_knee"]] = np.nan
    points[INDEX["left_elbow"]] = points[INDEX["left_wrist"]]
    missing = {n for n, v in zip(CLINICAL, clinical_angles(points), strict=True) if np.isnan(v)}
    assert missing == {"right_knee", "right_hip", "right_ankle", "left_elbow", "left_wrist"}
    assert np.isnan(segment_angles(points)[list(SEGMENTS).index("right_shank")])


def frontal(back: bool = False) -> np.ndarray:
    points = standing()
    shift = np.where([name.startswith("left") for name in INDEX], 40.0, -40.0) * (-1 if back else 1)
    points[:, 0] += shift
    return points


def sequence_of(points: np.ndarray) -> PoseSequence:
    count = len(points)
    ones = np.ones((count, 1, 33))
    return PoseSequence(
        xy=points[:, None], z=ones, visibility=ones, presence=ones, world=np.zeros((count, 1, 33, 3)),
        time=np.arange(count) / 10, size=(1000, 1000),
    )  # fmt: skip


def test_front_and_back_are_told_by_left_and_right() -> None:
    assert facing_of(frontal()) == "front"
    assert facing_of(frontal(back=True)) == "back"
    assert facing_of(frontal()[list(MIRROR)]) == "back"


def test_the_majority_of_a_clip_decides_once() -> None:
    right, left = standing(), [600, 0] + standing() * [-1, 1]
    assert facing(sequence_of(np.stack([right] * 6 + [left] * 4 + [np.full((33, 2), np.nan)] * 9)), 0) == "right"
    assert facing(sequence_of(np.stack([left] * 6 + [right] * 4)), 0) == "left"
    assert facing(sequence_of(np.stack([left] * 3 + [right] * 3 + [frontal()] * 5)), 0) == "left"
    assert facing(sequence_of(np.full((3, 33, 2), np.nan)), 0) is None
    assert FacingVotes().winner is None


def test_guessed_landmarks_decide_only_where_nothing_was_seen() -> None:
    sequence = sequence_of(np.stack([standing()] * 3))
    assert facing(replace(sequence, visibility=np.zeros((3, 1, 33), np.float32)), 0) == "right"


def test_somebody_in_a_push_up_faces_as_if_stood_up() -> None:
    lying = np.array([rotated(point, -90) for point in standing()])  # head to the right, belly down
    assert facing_of(lying) == "right"
