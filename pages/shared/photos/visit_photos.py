"""Photos on their way through the page: what came in, what was found, kept for the visit."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cached_property

import streamlit as st

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.image_detector import ImageDetector
from posecore.errors import PoseError
from posecore.limits import PictureLimits
from posecore.media.picture_files import Frame, decode_image, decoded_image, encode_image, shrink
from posecore.memory import give_back_memory
from posecore.pose import Pose

PREVIEW_SIDE = 1600  # pixels, as large as a page shows a picture
_PREVIEW_LIMITS = PictureLimits(smallest_side=1)  # a long strip gets very thin


@dataclass(frozen=True)
class Photo:
    """A picture file as it came in."""

    name: str
    data: bytes

    @cached_property
    def key(self) -> str:
        """What tells these bytes from others."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Finding:
    """What became of a photo: a pose and a preview to draw on, or the reason why not."""

    photo: Photo
    pose: Pose | None = None
    preview: bytes = b""
    seconds: float = 0.0
    error: PoseError | None = None

    def picture(self) -> Frame:
        """The preview as a frame."""
        return decode_image(self.preview, _PREVIEW_LIMITS)


def examine(photo: Photo, detector: ImageDetector, settings: DetectorSettings) -> Finding:
    """Decode a photo and find the people in it."""
    try:
        with decoded_image(photo.data) as frame:
            pose, seconds = detector.timed(frame, settings)
            return Finding(photo, pose, encode_image(shrink(frame, PREVIEW_SIDE), "jpg"), seconds)
    except PoseError as error:
        return Finding(photo, error=error)


def examine_all(
    photos: Sequence[Photo],
    detector: ImageDetector,
    settings: DetectorSettings,
    on_progress: Callable[[int, float], None],
) -> list[Finding]:
    """What was found in each photo, worked on by all cores; a photo seen before in this visit is not done again.

    `on_progress` gets how many are done and how many seconds are left.
    """
    known: dict[tuple[str, DetectorSettings], Finding] = st.session_state.setdefault("findings", {})
    keys = [(photo.key, settings) for photo in photos]
    missing = {key: photo for key, photo in zip(keys, photos, strict=True) if key not in known}
    pool = ThreadPoolExecutor(detector.callers, thread_name_prefix="photos")
    try:
        start = time.monotonic()
        jobs = {pool.submit(examine, photo, detector, settings): key for key, photo in missing.items()}
        for done, job in enumerate(as_completed(jobs), 1):
            known[jobs[job]] = job.result()
            on_progress(done, (time.monotonic() - start) / done * (len(jobs) - done))
    finally:  # the visitor may have changed a setting or left
        pool.shutdown(wait=False, cancel_futures=True)
        give_back_memory()
    present = {key for key, _ in keys}
    for key in [key for key in known if key[0] not in present]:
        del known[key]
    return [replace(known[key], photo=photo) for key, photo in zip(keys, photos, strict=True)]
