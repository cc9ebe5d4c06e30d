"""Photos on their way through the page: what came in, what was found, kept for the visit."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.image_detector import ImageDetector
from posecore.detection.picture_reading import ReadPicture, read_picture
from posecore.errors import PoseError
from posecore.limits import PictureLimits
from posecore.media.atomic_files import written_whole
from posecore.media.picture_files import Frame, decode_image
from posecore.memory import give_back_memory
from posecore.pose import Pose
from posecore.processes.worker_processes import Lane
from posecore.serving.metrics import FRAMES, PHOTOS, step

PREVIEW_SIDE = 1600  # pixels, as large as a page shows a picture
_PREVIEW_LIMITS = PictureLimits(smallest_side=1)  # a long strip gets very thin
_AT_ONCE = 2  # pictures of a visit that are looked at while others are read


Read = Callable[[Path], ReadPicture]


@dataclass(frozen=True)
class Photo:
    """A picture file as it came in; `key` tells its bytes from others."""

    name: str
    path: Path
    key: str


@dataclass(frozen=True)
class Finding:
    """What became of a photo: a pose and a preview to draw on, or the reason why not."""

    photo: Photo
    pose: Pose | None = None
    preview: Path | None = None
    seconds: float = 0.0
    error: PoseError | None = None

    def picture(self) -> Frame:
        """The preview as a frame."""
        assert self.preview
        return decode_image(self.preview, _PREVIEW_LIMITS)


def examine(photo: Photo, folder: Path, read: Read, detector: ImageDetector, settings: DetectorSettings) -> Finding:
    """Find the people in a photo.

    Args:
        folder: for the preview.
        read: what reads the file, for those of strangers in a process of its own.
    """
    try:
        with step("decode", bytes=photo.path.stat().st_size):
            picture = read(photo.path)
        with step("find", width=picture.size[0], height=picture.size[1]):
            pose, seconds = detector.timed(picture.frame, settings, picture.size)
        PHOTOS.inc()
        FRAMES.labels("photo").inc()
        preview = folder / f"preview-{photo.key}.jpg"
        with written_whole(preview) as draft:
            draft.write_bytes(picture.preview)
        return Finding(photo, pose, preview, seconds)
    except PoseError as error:
        return Finding(photo, error=error)


def examine_all(
    photos: Sequence[Photo],
    folder: Path,
    lane: Lane,
    detector: ImageDetector,
    settings: DetectorSettings,
    on_progress: Callable[[int, float], None],
) -> list[Finding]:
    """What was found in each photo, worked on by all cores; a photo seen before in this visit is not done again.

    `folder` is for previews; `on_progress` gets how many are done and how many seconds are left.
    """
    known: dict[tuple[str, DetectorSettings], Finding] = st.session_state.setdefault("findings", {})
    keys = [(photo.key, settings) for photo in photos]
    missing = {key: photo for key, photo in zip(keys, photos, strict=True) if key not in known}

    def read(path: Path) -> ReadPicture:
        found: ReadPicture = lane.submit(read_picture, path, PREVIEW_SIDE).result()
        return found

    pool = ThreadPoolExecutor(lane.count + _AT_ONCE, thread_name_prefix="photos")
    try:
        start = time.monotonic()
        jobs = {pool.submit(examine, photo, folder, read, detector, settings): key for key, photo in missing.items()}
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
