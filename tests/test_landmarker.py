from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecore import ModelError, decode_image
from posecore.landmarker import Canvas, Landmarker

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@pytest.mark.parametrize("width", [640, 642, 645, 1080])
def test_a_canvas_filled_again_is_seen_like_a_new_one(width: int) -> None:
    """Rows that are multiples of 16 bytes and others, which MediaPipe stores differently."""
    picture = decode_image(SAMPLES / "balance.jpg")
    height = round(picture.shape[0] * width / picture.shape[1])
    first = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    second = np.ascontiguousarray(first[:, ::-1])
    landmarker = Landmarker("lite", 1, 0.5, follows=False)
    try:
        canvas = Canvas(first)
        expected = [landmarker.find(Canvas(frame)) for frame in (first, second)]
        for frame, answer in zip((first, second, first), (*expected, expected[0]), strict=True):
            canvas.fill(frame)
            assert (canvas.pixels == frame).all()
            found = landmarker.find(canvas)
            assert found.points.shape == (1, 33, 5)
            assert (found.points == answer.points).all()
            assert (found.world == answer.world).all()
    finally:
        landmarker.close()
    assert (expected[0].points != expected[1].points).any()


def test_nobody_is_no_rows() -> None:
    landmarker = Landmarker("lite", 2, 0.5, follows=True)
    try:
        found = landmarker.find(Canvas(np.zeros((64, 64, 3), np.uint8)), 0)
        assert (found.points.shape, found.world.shape) == ((0, 33, 5), (0, 33, 3))
    finally:
        landmarker.close()


def test_an_unknown_model() -> None:
    with pytest.raises(ModelError):
        Landmarker("huge", 1, 0.5, follows=False)
