from __future__ import annotations

import math

import numpy as np
import pytest

from posecore import ImageDetector, decode_image
from posecore.detection.litert.face_detector import Face, FaceDetector
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture
from tests.support.paths import SAMPLES


@pytest.fixture(scope="module")
def face_detector() -> FaceDetector:
    return FaceDetector(0.5, threads=1)


def found(detector: FaceDetector, picture: Picture) -> list[Face]:
    width, height = picture.size
    return detector.find(picture, Region(width / 2, height / 2, max(width, height), 0))


def test_a_face_is_on_the_head_of_its_body(face_detector: FaceDetector, detector: ImageDetector) -> None:
    pixels = decode_image(SAMPLES / "astronaut.png")
    points = detector.detect(pixels).xy[0]
    (face,) = found(face_detector, Picture(pixels))
    assert face.is_of(points)
    assert not face.is_of(points + face.side)
    assert not face.is_of(3 * (points - face.middle) + face.middle)
    region, hips = face.region, points[23:25].mean(0)
    assert math.dist((region.x, region.y), hips) < region.side / 4


def test_the_body_hangs_from_a_tilted_head(face_detector: FaceDetector) -> None:
    pixels = decode_image(SAMPLES / "astronaut.png")
    upright = found(face_detector, Picture(pixels))[0].region
    mirrored = found(face_detector, Picture(np.ascontiguousarray(pixels[:, ::-1])))[0].region
    assert mirrored.angle == pytest.approx(-upright.angle, abs=0.1)
    assert mirrored.x == pytest.approx(pixels.shape[1] - upright.x, abs=upright.side / 20)


def test_nobody(face_detector: FaceDetector) -> None:
    assert found(face_detector, Picture(np.full((200, 300, 3), 90, np.uint8))) == []
