"""Real media and the things that tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from posecore import ImageDetector, Pose, decode_image
from tests.support.paths import ROOT, SAMPLES

MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of real pictures and clips with known answers; it is not part of the repository."""
    if not MEDIA.is_dir():
        pytest.skip(f"no media at {MEDIA}; set POSECORE_MEDIA")
    return MEDIA


@pytest.fixture(scope="session")
def detector() -> Iterator[ImageDetector]:
    with ImageDetector() as shared:
        yield shared


@pytest.fixture(scope="session")
def astronaut(detector: ImageDetector) -> Pose:
    """A real pose with guessed landmarks: the legs are outside the picture."""
    return detector.detect(decode_image(SAMPLES / "astronaut.png"))


@pytest.fixture(scope="session")
def two_people(detector: ImageDetector) -> Pose:
    return detector.detect(decode_image(SAMPLES / "two_people.jpg"))
