from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posecore import ModelError, Pose, decode_image, probe, read_frames
from posecore.detection.engines import Landmarker
from posecore.detection.litert_engine import LiteRTLandmarker
from posecore.media.picture import Picture
from posecore.media.picture_files import shrink
from posecore.pose import Landmarks
from tests.support.agreement import assert_agree
from tests.support.paths import SAMPLES

BALANCE = Picture(decode_image(SAMPLES / "balance.jpg"))
TWO_PEOPLE = Picture(decode_image(SAMPLES / "two_people.jpg"))


def opened(model: str = "lite", people: int = 1, confidence: float = 0.5, *, follows: bool = True) -> LiteRTLandmarker:
    return LiteRTLandmarker(model, people, confidence, follows=follows)


def pose(found: Landmarks, size: tuple[int, int]) -> Pose:
    points = found.points
    return Pose(points[..., :2], points[..., 2], points[..., 3], points[..., 4], found.world, size)


def both_follow(path: Path, model: str, people: int, streams: int, length: int) -> tuple[list[Pose], list[Pose]]:
    """MediaPipe and LiteRT over a clip, as short streams that each begin anew."""
    engine = pytest.importorskip("posecore.detection.mediapipe_engine", reason="mediapipe has no wheel for this system")
    clip = probe(path)
    answers: tuple[list[Pose], list[Pose]] = ([], [])
    landmarkers: tuple[Landmarker, ...] = ()
    for number, frame in islice(read_frames(clip), streams * length):
        if number % length == 0:
            _close(landmarkers)
            landmarkers = engine.MediaPipeLandmarker(model, people, 0.5, follows=True), opened(model, people)
        # Not from 0 on: MediaPipe takes 0 for no time at all and a second frame for 33 ms later.
        picture, time_ms = Picture(shrink(frame, 960)), round(1000 * (1 + float(clip.times[number])))
        for landmarker, poses in zip(landmarkers, answers, strict=True):
            poses.append(pose(landmarker.find(picture, time_ms), picture.size))
    _close(landmarkers)
    return answers


def _close(landmarkers: tuple[Landmarker, ...]) -> None:
    for landmarker in landmarkers:
        landmarker.close()


@pytest.fixture
def without_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regions go where MediaPipe's go."""
    monkeypatch.setattr("posecore.detection.litert.regions.Region.rounded", lambda region: region)


@pytest.mark.usefixtures("without_steps")
@pytest.mark.parametrize(("model", "streams"), [("lite", 12), ("full", 12), ("heavy", 4)])
@pytest.mark.parametrize(("name", "people"), [("balance.mp4", 1), ("two_people.mp4", 1), ("two_people.mp4", 5)])
def test_people_are_followed_like_mediapipe_does(name: str, people: int, model: str, streams: int) -> None:
    """In a few frames, before what the engines differ by has grown."""
    assert_agree(*both_follow(SAMPLES / name, model, people, streams, 3))


@pytest.mark.parametrize(("model", "people"), [("lite", 5), ("full", 1), ("full", 5)])
def test_the_same_people_in_photos_as_mediapipe(media: Path, model: str, people: int) -> None:
    engine = pytest.importorskip("posecore.detection.mediapipe_engine", reason="mediapipe has no wheel for this system")
    landmarkers = (
        engine.MediaPipeLandmarker(model, people, 0.5, follows=False),
        opened(model, people, follows=False),
    )
    photos = [Picture(shrink(decode_image(path), 1920)) for path in sorted((media / "images").iterdir())]
    theirs, ours = ([pose(one.find(photo), photo.size) for photo in photos] for one in landmarkers)
    landmarkers[0].close()
    assert_agree(theirs, ours)


def test_what_processors_differ_by_dies_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Landmarks that are a thousandth of a pixel off do not lead to others later on."""
    from posecore.detection.litert import landmark_model

    clip, random = probe(SAMPLES / "balance.mp4"), np.random.default_rng(5)
    frames = [(number, Picture(shrink(frame, 960))) for number, frame in read_frames(clip, 0, 60)]

    def followed() -> list[Pose]:
        landmarker = opened()
        return [
            pose(landmarker.find(picture, round(1000 * float(clip.times[number]))), picture.size)
            for number, picture in frames
        ]

    expected, exact = followed(), landmark_model._refined

    def off(points: np.ndarray, heat: np.ndarray) -> np.ndarray:
        refined = exact(points, heat)
        refined[:, :3] += random.normal(0, 0.001 / 256, (len(refined), 3))
        return refined

    monkeypatch.setattr(landmark_model, "_refined", off)
    assert_agree(expected, followed())


@pytest.mark.parametrize(("follows", "people"), [(True, 1), (True, 2), (False, 2)])
def test_threads_change_nothing(follows: bool, people: int) -> None:
    one = opened(people=people, follows=follows)
    two = LiteRTLandmarker("lite", people, 0.5, follows=follows, threads=2)
    for time_ms in (0, 33, 66):
        expected, found = one.find(TWO_PEOPLE, time_ms), two.find(TWO_PEOPLE, time_ms)
        assert len(found.points) == people
        assert (expected.points == found.points).all()
        assert (expected.world == found.world).all()


def test_no_more_people_than_are_asked_for() -> None:
    assert [len(opened(people=most, follows=False).find(TWO_PEOPLE).points) for most in (1, 2, 5)] == [1, 2, 2]


def test_whoever_comes_while_one_is_followed_is_found() -> None:
    landmarker = opened(people=2)
    alone = np.ascontiguousarray(TWO_PEOPLE.whole())
    half = alone.shape[1] // 2
    hips = opened(people=1, follows=False).find(TWO_PEOPLE).points[0, 23, 0]
    hidden = alone.copy()
    hidden[:, half:] = 90
    if hips > half:
        hidden = alone.copy()
        hidden[:, :half] = 90
    assert len(landmarker.find(Picture(hidden), 0).points) == 1
    assert len(landmarker.find(TWO_PEOPLE, 33).points) == 2


def test_one_persons_landmarks_are_smoothed_in_streams_only() -> None:
    shifted = Picture(np.roll(BALANCE.whole(), 9, 1))
    raw = opened(follows=False).find(shifted).points[0]
    follower = opened()
    follower.find(BALANCE, 0)
    smooth = follower.find(shifted, 33).points[0]
    assert np.median(np.abs(smooth[:, 0] - raw[:, 0])) > 0.5


@pytest.mark.parametrize("people", [1, 2])
def test_somebody_is_followed_when_the_stream_gets_smaller(people: int, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, landmarker = TWO_PEOPLE.whole(), opened(people=people)
    half = Picture(shrink(frame, max(TWO_PEOPLE.size) // 2))
    landmarker.find(TWO_PEOPLE, 0)
    monkeypatch.setattr(landmarker._detector, "find", lambda _: [])  # who is found now was followed
    small, large = landmarker.find(half, 33), landmarker.find(TWO_PEOPLE, 66)
    assert len(small.points) == len(large.points) == people
    scale = TWO_PEOPLE.size[0] / half.size[0]
    assert np.abs(small.points[..., :2] * scale - large.points[..., :2]).mean() < 0.02 * TWO_PEOPLE.size[0]


@pytest.mark.parametrize("follows", [True, False])
def test_nobody_is_no_rows(follows: bool) -> None:
    found = opened(people=2, follows=follows).find(Picture(np.zeros((64, 64, 3), np.uint8)))
    assert (found.points.shape, found.world.shape) == ((0, 33, 5), (0, 33, 3))


def test_what_was_found_stays_when_the_next_frame_is_looked_at() -> None:
    landmarker = opened()
    first = landmarker.find(BALANCE, 0)
    kept = first.points.copy(), first.world.copy()
    landmarker.find(Picture(np.ascontiguousarray(BALANCE.whole()[:, ::-1])), 33)
    assert (first.points == kept[0]).all()
    assert (first.world == kept[1]).all()


def test_an_unknown_model() -> None:
    with pytest.raises(ModelError):
        opened("huge")
