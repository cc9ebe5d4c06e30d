from __future__ import annotations

import numpy as np
import pytest

from posecore import ImageDetector, decode_image, model_path
from posecore.detection.litert.person_detector import PersonDetector
from posecore.media.picture import Picture
from tests.support.paths import SAMPLES


@pytest.fixture(scope="module")
def person_detector() -> PersonDetector:
    return PersonDetector(model_path("lite"), 0.5, threads=1)


@pytest.mark.parametrize("name", ["balance.jpg", "astronaut.png", "two_people.jpg"])
def test_people_are_in_their_regions(name: str, person_detector: PersonDetector, detector: ImageDetector) -> None:
    pixels = decode_image(SAMPLES / name)
    regions, hips = person_detector.find(Picture(pixels)), detector.detect(pixels).xy[:, 23:25].mean(1)
    assert len(regions) == len(hips)
    for middle in hips:
        region = min(regions, key=lambda one: abs(one.x - middle[0]))
        assert abs(region.x - middle[0]) < region.side / 4
        assert abs(region.y - middle[1]) < region.side / 4


def test_nobody(person_detector: PersonDetector) -> None:
    assert person_detector.find(Picture(np.full((200, 300, 3), 90, np.uint8))) == []


def test_nobody_is_sure_enough() -> None:
    sure = PersonDetector(model_path("lite"), 0.999, threads=1)
    assert sure.find(Picture(decode_image(SAMPLES / "balance.jpg"))) == []
