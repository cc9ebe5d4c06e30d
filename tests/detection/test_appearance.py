"""Scenes and clothes of real pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecore import DetectorSettings, ImageDetector, decode_image, probe
from posecore.detection.appearance import SceneCuts, clothes
from posecore.detection.frame_preparation import prepare
from posecore.media.clip_files import decode_frames
from posecore.media.picture import Picture
from posecore.media.upright_frames import DecodedPicture
from tests.support.paths import SAMPLES


@pytest.mark.parametrize("name", ["box_jump", "squats", "balance"])
def test_movement_is_no_cut(name: str) -> None:
    clip, cuts = probe(SAMPLES / f"{name}.mp4"), SceneCuts()
    assert not any(cuts.is_cut(DecodedPicture(frame)) for _, frame in decode_frames(clip))


def test_another_photo_is_one() -> None:
    cuts = SceneCuts()
    photos = [Picture(decode_image(SAMPLES / name)) for name in ("balance.jpg", "balance.jpg", "astronaut.png")]
    assert [cuts.is_cut(photo) for photo in photos] == [False, False, True]


def test_clothes_are_told_apart(media: Path, detector: ImageDetector) -> None:
    def worn(path: Path) -> np.ndarray:
        frame = decode_image(path)
        pose = detector.detect(frame, DetectorSettings("full", 2))
        return clothes(prepare(Picture(frame)), pose)

    (orange,), (other,) = worn(SAMPLES / "astronaut.png"), worn(media / "images/pose.jpg")
    assert orange[1] > 20  # a* of the astronaut's suit: reddish
    assert np.linalg.norm(orange[:3] - other[:3]) > 20
    assert clothes(
        prepare(Picture(np.zeros((50, 50, 3), np.uint8))), detector.detect(np.zeros((50, 50, 3), np.uint8))
    ).shape == (0, 6)
