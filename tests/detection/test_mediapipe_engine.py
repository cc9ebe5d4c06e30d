from __future__ import annotations

import cv2
import numpy as np
import pytest

from posecore import ModelError, decode_image
from posecore.media.picture import Picture

pytest.importorskip("mediapipe", reason="mediapipe has no wheel for this system")
from posecore.detection.mediapipe_engine import MediaPipeLandmarker
from tests.support.paths import SAMPLES


@pytest.mark.parametrize("width", [640, 642, 645, 1080])
def test_padded_rows_are_seen_like_packed_ones(width: int) -> None:
    """MediaPipe finds nobody in rows that do not follow each other at once."""
    picture = decode_image(SAMPLES / "balance.jpg")
    height = round(picture.shape[0] * width / picture.shape[1])
    packed = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    padded = np.zeros((height, width + 24, 3), np.uint8)[:, :width]
    padded[:] = packed
    landmarker = MediaPipeLandmarker("lite", 1, 0.5, follows=False)
    try:
        expected, found = landmarker.find(Picture(packed)), landmarker.find(Picture(padded))
    finally:
        landmarker.close()
    assert expected.points.shape == (1, 33, 5)
    assert (found.points == expected.points).all()
    assert (found.world == expected.world).all()


def test_nobody_is_no_rows() -> None:
    landmarker = MediaPipeLandmarker("lite", 2, 0.5, follows=True)
    try:
        found = landmarker.find(Picture(np.zeros((64, 64, 3), np.uint8)), 0)
        assert (found.points.shape, found.world.shape) == ((0, 33, 5), (0, 33, 3))
    finally:
        landmarker.close()


def test_an_unknown_model() -> None:
    with pytest.raises(ModelError):
        MediaPipeLandmarker("huge", 1, 0.5, follows=False)
