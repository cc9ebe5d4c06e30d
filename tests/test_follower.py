from __future__ import annotations

import platform
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posecore import ModelError, decode_image, probe, read_frames
from posecore.follower import Follower
from posecore.images import shrink
from posecore.landmarker import Landmarker
from posecore.pictures import Picture

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
# Elsewhere compilers may round sums of products once instead of twice.
EXACT = platform.machine().lower() in {"x86_64", "amd64"}


def compare(path: Path, model: str, confidence: float, count: int) -> int:
    """Both over the frames of a clip; how many had nobody."""
    clip, nobody = probe(path), 0
    theirs, ours = Landmarker(model, 1, confidence, follows=True), Follower(model, confidence)
    try:
        for number, frame in islice(read_frames(clip), count):
            picture, time_ms = Picture(shrink(frame, 960)), round(1000 * float(clip.times[number]))
            expected, found = theirs.find(picture, time_ms), ours.find(picture, time_ms)
            assert found.points.shape == expected.points.shape
            assert found.world.shape == expected.world.shape
            for one, other in zip(expected, found, strict=True):
                assert np.abs(one - other).max(initial=0.0) <= (0 if EXACT else 1e-3), (path.name, number)
            nobody += not len(expected.points)
    finally:
        theirs.close()
        ours.close()
    return nobody


@pytest.mark.parametrize("model", ["lite", "full", "heavy"])
@pytest.mark.parametrize("name", ["balance.mp4", "two_people.mp4"])
def test_landmarks_are_those_of_mediapipe(name: str, model: str) -> None:
    assert compare(SAMPLES / name, model, 0.5, 12 if model == "heavy" else 40) == 0


@pytest.mark.parametrize("confidence", [0.2, 0.5, 0.9])
def test_landmarks_are_those_of_mediapipe_where_people_come_and_go(media: Path, confidence: float) -> None:
    nobody = compare(media / "videos" / "one-by-one-person-detection.mp4", "lite", confidence, 120)
    assert nobody > 0
    assert nobody < 120


def test_landmarks_are_those_of_mediapipe_in_quick_movement() -> None:
    compare(SAMPLES / "box_jump.mp4", "lite", 0.5, 120)


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_change_nothing(threads: int) -> None:
    picture = Picture(decode_image(SAMPLES / "balance.jpg"))
    one, other = Follower("full", 0.5), Follower("full", 0.5, threads)
    for time_ms in (0, 33, 66):
        expected, found = one.find(picture, time_ms), other.find(picture, time_ms)
        assert (expected.points == found.points).all()
        assert (expected.world == found.world).all()


def test_nobody_is_no_rows() -> None:
    found = Follower("lite", 0.5).find(Picture(np.zeros((64, 64, 3), np.uint8)), 0)
    assert (found.points.shape, found.world.shape) == ((0, 33, 5), (0, 33, 3))


def test_what_was_found_stays_when_the_next_frame_is_looked_at() -> None:
    picture = Picture(decode_image(SAMPLES / "balance.jpg"))
    follower = Follower("lite", 0.5)
    first = follower.find(picture, 0)
    kept = first.points.copy(), first.world.copy()
    follower.find(Picture(np.ascontiguousarray(picture.whole()[:, ::-1])), 33)
    assert (first.points == kept[0]).all()
    assert (first.world == kept[1]).all()


def test_an_unknown_model() -> None:
    with pytest.raises(ModelError):
        Follower("huge", 0.5)
