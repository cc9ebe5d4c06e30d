"""Real media and the things that tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from posecore import ImageDetector, Pose, decode_image, encode_image
from tests.support.app_server import find_browser
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


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium here; make test installs one where it can")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=30_000)  # machines that test may be busy; Playwright's 5 s are a fast machine's
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def fake_camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film for Chromium's fake camera: a real person who stands still."""
    frame = decode_image(SAMPLES / "balance.jpg")[:1440]
    path = tmp_path_factory.mktemp("camera") / "person.mjpeg"
    path.write_bytes(encode_image(np.ascontiguousarray(frame[::2, ::2]), "jpg") * 30)
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str, fake_camera: Path) -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={fake_camera}",
    ]
    running = playwright.chromium.launch(executable_path=chromium, args=arguments)
    yield running
    running.close()
