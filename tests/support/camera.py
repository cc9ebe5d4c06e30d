"""Browsers whose camera is a film."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Locator, Page

from posecore import encode_image, probe, read_frames
from posecore.media.picture_files import Frame

CAMERA_SIZE = (640, 480)
CAMERA_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
_REPEATS = 6  # the clip has 5 frames a second, the camera 30


def squats(media: Path) -> list[Frame]:
    """What the camera shows: somebody who squats."""
    frames = []
    width, height = CAMERA_SIZE
    for _time, frame in read_frames(probe(media / "videos" / "pose_squats.mp4")):
        small = cv2.resize(frame, (frame.shape[1] * height // frame.shape[0], height), interpolation=cv2.INTER_AREA)
        canvas = np.full((height, width, 3), 90, np.uint8)
        left = (width - small.shape[1]) // 2
        canvas[:, left : left + small.shape[1]] = small
        frames.append(canvas)
    return frames


def camera_that_shows(film: list[Frame], path: Path) -> list[str]:
    """Chromium's arguments for a camera that shows a film, which is written to `path`, without asking."""
    path.write_bytes(b"".join(encode_image(frame, "jpg") * _REPEATS for frame in film))
    return [*CAMERA_ARGUMENTS, "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={path}"]


def ready_camera(page: Page) -> Locator:
    """Streamlit's button, once a frame has come: it works from the stream's first word of its size on, with black
    photos."""
    viewfinder = page.get_by_test_id("stCameraInput").locator("video").element_handle()
    page.wait_for_function("video => video.currentTime > 0", arg=viewfinder)
    return page.get_by_test_id("stCameraInputButton")
