"""Two looks at one picture: what is made of them, and what that does to real photos and clips."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecore import (
    AnalysisSettings,
    DetectorSettings,
    ImageDetector,
    StreamTracker,
    Workers,
    analyse,
    decode_image,
    probe,
)
from posecore.detection.second_look import merged, mirrored
from posecore.formats.csv_tables import landmark_table
from posecore.formats.json_records import pose_record
from posecore.kinematics.joint_angles import ANGLES, angle_spread
from posecore.media.picture_files import Frame
from posecore.pose import Pose
from posecore.skeleton import INDEX, MIRROR

BEST = DetectorSettings("best")
SIZE = (200, 400)


def body(x: float = 100, moved: dict[str, tuple[float, float]] | None = None, visibility: float = 0.9) -> Pose:
    """Somebody with a torso of 100 pixels."""
    xy = np.full((1, 33, 2), (x, 200.0), np.float32)
    for name, y in {"shoulder": 100, "hip": 200}.items():
        for side, offset in {"left": 10, "right": -10}.items():
            xy[0, INDEX[f"{side}_{name}"]] = x + offset, y
    for name, place in (moved or {}).items():
        xy[0, INDEX[name]] = place
    sure = np.full((1, 33), visibility, np.float32)
    return Pose(xy, np.zeros((1, 33)), sure, sure, np.ones((1, 33, 3)), SIZE)


def test_a_mirrored_pose_changes_sides_and_mirrored_twice_is_itself() -> None:
    pose = body(60, {"left_wrist": (20, 50)})
    once = mirrored(pose)
    assert once.xy[0, INDEX["right_wrist"]].tolist() == [180, 50]
    assert once.world[0, 0].tolist() == [-1, 1, 1]
    assert mirrored(once).xy == pytest.approx(pose.xy)
    assert [MIRROR[i] for i in MIRROR] == list(range(33))


def test_looks_that_agree_are_averaged() -> None:
    both = merged(body(100), body(104), 5)
    assert both.people == 1
    assert both.xy[0, INDEX["left_hip"]].tolist() == [112, 200]
    assert both.spread == pytest.approx(4)
    assert not both.doubtful[0]
    assert both.seen.all()


def test_where_they_disagree_the_surer_one_is_believed_and_nothing_is_called_seen() -> None:
    first = body(moved={"left_wrist": (20, 50)})
    other = body(moved={"left_wrist": (180, 350)}, visibility=0.8)
    both = merged(first, other, 5)
    wrist = INDEX["left_wrist"]
    assert both.xy[0, wrist].tolist() == [20, 50]
    assert both.spread[0, wrist] == pytest.approx(340)
    assert not both.seen[0, wrist]
    assert both.seen[0].sum() == 32
    assert not both.doubtful[0]


def test_whom_one_look_found_is_doubtful_and_comes_last() -> None:
    one = body(40)
    both = merged(Pose.nobody(SIZE), one, 5)
    assert both.doubtful.tolist() == [True]
    assert not both.seen.any()
    assert merged(body(160), body(20), 5).doubtful.tolist() == [True, True]
    assert merged(body(160), body(20), 1).people == 1


def test_one_look_has_no_spread_and_no_doubt() -> None:
    assert np.isnan(body().spread).all()
    assert not body().doubtful[0]
    record = pose_record(body(), "full")
    assert "doubtful" not in record["people"][0]
    assert "spread_px" not in landmark_table(body())


def test_the_error_of_an_angle_by_hand() -> None:
    pose = body(moved={"left_shoulder": (100, 0), "left_elbow": (100, 100), "left_wrist": (200, 100)})
    spread = np.zeros(33)
    spread[INDEX["left_wrist"]] = 20  # 10 pixels to either side of 100
    errors = dict(zip(ANGLES, angle_spread(pose.xy[0], spread), strict=True))
    assert errors["left_elbow"] == pytest.approx(np.degrees(0.1), abs=0.01)
    assert errors["left_hip"] == 0
    assert np.isnan(angle_spread(pose.xy[0], pose.spread[0])).all()


def test_a_real_person_is_found_by_both_looks(media: Path, detector: ImageDetector) -> None:
    frame = decode_image(media / "images" / "pose.jpg")
    pose = detector.detect(frame, BEST)
    assert pose.people == 1
    assert np.median(pose.spread) < 10
    record = pose_record(pose, "best")["people"][0]
    assert record["doubtful"] is False
    assert record["landmarks"][0]["spread"] >= 0
    turned = detector.detect(cv2.flip(frame, 1).astype(np.uint8), BEST)
    assert np.abs(mirrored(turned).xy - pose.xy).max() < 1  # the answer does not depend on the side


def test_nobody_is_sure_where_nobody_is(media: Path, detector: ImageDetector) -> None:
    for path in sorted((media / "no_person").iterdir()):
        pose = detector.detect(decode_image(path), DetectorSettings("best", min_confidence=0.3))
        assert pose.doubtful.all(), path


def test_two_looks_at_a_clip_follow_the_squats(media: Path) -> None:
    clip = probe(media / "videos" / "pose_squats.mp4")
    with Workers(2) as workers:
        settings = AnalysisSettings(DetectorSettings("best", 1), end_s=3.0)
        sequence = analyse(clip, settings, workers.lane())
    assert sequence.present.all()
    assert np.isfinite(sequence.spread).mean() > 0.95
    assert not sequence.doubtful.any()


def test_a_tracker_of_two_looks_loses_nobody_when_somebody_leaves(media: Path) -> None:
    frame: Frame = decode_image(media / "images" / "pose.jpg")
    with StreamTracker(DetectorSettings("best", 1)) as tracker:
        found = [tracker.track(picture, number / 10).people for number, picture in enumerate([frame, frame * 0, frame])]
    assert found == [1, 0, 1]
