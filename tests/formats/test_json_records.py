"""Poses as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from posecore import ANGLES, LANDMARKS, Pose, pose_record, to_json
from posecore.kinematics.joint_angles import angles_seen, joint_angles


def test_json_has_the_agreed_form(two_people: Pose) -> None:
    record = json.loads(to_json(two_people, "full"))
    assert list(record) == ["width", "height", "model", "people"]
    assert (record["width"], record["height"], record["model"]) == (*two_people.size, "full")
    assert len(record["people"]) == 2
    for number, person in enumerate(record["people"]):
        assert list(person) == ["landmarks", "world", "angles"]
        assert [p["name"] for p in person["landmarks"]] == list(LANDMARKS) == [p["name"] for p in person["world"]]
        assert list(person["landmarks"][0]) == ["name", "x", "y", "z", "visibility", "presence"]
        assert list(person["world"][0]) == ["name", "x", "y", "z"]
        assert person["landmarks"][25]["x"] == pytest.approx(two_people.xy[number, 25, 0], abs=0.01)
        assert person["world"][25]["z"] == pytest.approx(two_people.world[number, 25, 2], abs=1e-4)
        assert list(person["angles"]) == list(ANGLES)


def test_angles_of_guessed_joints_are_null(astronaut: Pose) -> None:
    angles = pose_record(astronaut, "full")["people"][0]["angles"]
    seen = angles_seen(astronaut.seen[0])
    for name, value, good in zip(ANGLES, joint_angles(astronaut.xy[0]), seen, strict=True):
        assert angles[name] == (pytest.approx(value, abs=0.06) if good else None)
    assert angles["left_knee"] is None


def test_nobody_is_an_empty_list() -> None:
    assert json.loads(to_json(Pose.nobody((640, 480)), "lite"))["people"] == []


def test_missing_numbers_are_null_not_nan() -> None:
    nan = np.full((1, 33), np.nan, np.float32)
    pose = Pose(nan[..., None].repeat(2, -1), nan, nan, nan, nan[..., None].repeat(3, -1), (10, 10))
    assert json.loads(to_json(pose, "lite"))["people"][0]["landmarks"][0]["x"] is None
