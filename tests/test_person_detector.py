from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecore import ImageDetector, decode_image, model_path
from posecore.person_detector import PersonDetector, _Candidates, _of_the_first
from posecore.pictures import Picture

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@pytest.fixture(scope="module")
def person_detector() -> PersonDetector:
    return PersonDetector(model_path("lite"), 0.5, threads=1)


@pytest.mark.parametrize("name", ["balance.jpg", "astronaut.png"])
def test_somebody_is_in_the_region(name: str, person_detector: PersonDetector, detector: ImageDetector) -> None:
    pixels = decode_image(SAMPLES / name)
    region = person_detector.find(Picture(pixels))
    assert region
    size = np.array([pixels.shape[1], pixels.shape[0]])
    hips = detector.detect(pixels).xy[0, 23:25].mean(0) / size
    assert abs(region.x - hips[0]) < region.width / 4
    assert abs(region.y - hips[1]) < region.height / 4
    assert region.width * size[0] == pytest.approx(region.height * size[1], rel=1e-5)


def test_nobody(person_detector: PersonDetector) -> None:
    assert person_detector.find(Picture(np.full((200, 300, 3), 90, np.uint8))) is None


def test_nobody_is_sure_enough() -> None:
    sure = PersonDetector(model_path("lite"), 0.999, threads=1)
    assert sure.find(Picture(decode_image(SAMPLES / "balance.jpg"))) is None


def test_an_empty_box_is_of_its_own_person() -> None:
    empty = np.array([[0.5, 0.5], [0.1, 0.1]], np.float32)
    found = _Candidates(np.array([0.9, 0.8], np.float32), empty, empty.copy(), np.zeros((2, 2, 2), np.float32))
    assert _of_the_first(found).tolist() == [True, False]
