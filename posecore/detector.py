"""Frames to poses on the CPU; the only module that knows MediaPipe.

`ImageDetector` serves many threads at once, each picture by itself. `StreamTracker` follows one stream.
"""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from posecore.errors import ModelError
from posecore.images import Frame, shrink
from posecore.models import DEFAULT_MODEL, model_path
from posecore.pose import FloatArray, Pose

MOST_PEOPLE = 10
# MediaPipe samples a frame by points; above this size it would skip most of them, so the frame is averaged down first.
WORKING_SIDE = 1920
HALFTONE_BLUR = 1.5  # pixels, makes grey of black and white dots


@dataclass(frozen=True)
class DetectorSettings:
    """What a landmarker is opened for.

    Attributes:
        model: "lite", "full" or "heavy".
        people: how many people to look for at most, 1 to 10.
        min_confidence: 0 to 1, from which a person counts as found.
    """

    model: str = DEFAULT_MODEL
    people: int = 5
    min_confidence: float = 0.5

    def __post_init__(self) -> None:
        if not isinstance(self.people, int) or not 1 <= self.people <= MOST_PEOPLE:
            raise ValueError(f"people is {self.people}, not 1 to {MOST_PEOPLE}")
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence is {self.min_confidence}, not 0 to 1")


class _Closing(ABC):
    """Is closed when its context is left."""

    @abstractmethod
    def close(self) -> None:
        """Free everything."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ImageDetector(_Closing):
    """Finds people in single pictures, for any number of threads.

    It owns as many worker threads as there are cores; a landmarker is opened when first needed and used by one
    worker at a time. Callers are served in the order in which they come. Idle landmarkers are kept, the least
    recently used are closed. `close` (or leaving the context) ends all of it.
    """

    def __init__(self, settings: DetectorSettings | None = None, workers: int | None = None) -> None:
        self._settings = settings or DetectorSettings()
        workers = workers or os.cpu_count() or 1
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="image-detector")
        self._most_idle = workers + 1
        self._idle: list[tuple[DetectorSettings, vision.PoseLandmarker]] = []
        self._lock = threading.Lock()

    def detect(self, frame: Frame, settings: DetectorSettings | None = None) -> Pose:
        """The people in a frame (H, W, 3), uint8 RGB, the largest first.

        Raises:
            ModelError: the model is unknown, missing or broken.
            ValueError: the frame has another shape or type.
        """
        _check_frame(frame)
        return self._executor.submit(self._detect, frame, settings or self._settings).result()

    def warm(self, settings: DetectorSettings | None = None) -> None:
        """Open a landmarker ahead of the first picture."""
        self.detect(np.zeros((64, 64, 3), np.uint8), settings)

    @property
    def idle_landmarkers(self) -> int:
        """How many landmarkers are open and waiting for work."""
        with self._lock:
            return len(self._idle)

    def close(self) -> None:
        """Finish what was asked, then close all landmarkers and threads."""
        self._executor.shutdown()
        while self._idle:
            self._idle.pop()[1].close()

    def _detect(self, frame: Frame, settings: DetectorSettings) -> Pose:
        landmarker = self._take(settings) or _open_landmarker(settings, vision.RunningMode.IMAGE)
        try:
            pose = _to_pose(landmarker.detect(_to_image(frame)), frame)
        except BaseException:
            landmarker.close()
            raise
        self._give_back(settings, landmarker)
        return _largest_first(pose)

    def _take(self, settings: DetectorSettings) -> vision.PoseLandmarker | None:
        with self._lock:
            for position in reversed(range(len(self._idle))):
                if self._idle[position][0] == settings:
                    return self._idle.pop(position)[1]
        return None

    def _give_back(self, settings: DetectorSettings, landmarker: vision.PoseLandmarker) -> None:
        with self._lock:
            self._idle.append((settings, landmarker))
            surplus = self._idle.pop(0)[1] if len(self._idle) > self._most_idle else None
        if surplus is not None:
            surplus.close()


class StreamTracker(_Closing):
    """Follows the people of one stream, frame by frame; belongs to that stream's thread and is closed with it.

    With one person MediaPipe smooths the landmarks over time; with more it does not.
    """

    def __init__(self, settings: DetectorSettings | None = None) -> None:
        self._landmarker = _open_landmarker(settings or DetectorSettings(people=1), vision.RunningMode.VIDEO)
        self._last_ms = -1

    def track(self, frame: Frame, time_s: float) -> Pose:
        """The people in the next frame (H, W, 3), uint8 RGB, at its time in seconds.

        Time that stands still or runs back counts as one millisecond after the frame before.
        """
        _check_frame(frame)
        self._last_ms = max(round(time_s * 1000), self._last_ms + 1)
        return _to_pose(self._landmarker.detect_for_video(_to_image(frame), self._last_ms), frame)

    def close(self) -> None:
        """Free the landmarker."""
        self._landmarker.close()


def _check_frame(frame: Frame) -> None:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8 or not frame.size:
        raise ValueError(f"a frame is (H, W, 3) uint8, not {frame.shape} {frame.dtype}")


def _open_landmarker(settings: DetectorSettings, mode: vision.RunningMode) -> vision.PoseLandmarker:
    path = model_path(settings.model)
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(path)),
        running_mode=mode,
        num_poses=settings.people,
        min_pose_detection_confidence=settings.min_confidence,
        min_pose_presence_confidence=settings.min_confidence,
        min_tracking_confidence=settings.min_confidence,
    )
    try:
        return vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError("model_broken", name=settings.model) from error


def _to_image(frame: Frame) -> mp.Image:
    frame = shrink(frame, WORKING_SIDE)
    if _is_halftone(frame):
        frame = cv2.GaussianBlur(frame, (0, 0), HALFTONE_BLUR).astype(np.uint8, copy=False)
    # mp.Image reads packed rows whatever the strides say, and finds nobody in a strided view.
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame))


def _is_halftone(frame: Frame) -> bool:
    """Whether every pixel is black or white, by a few rows: grey made of dots, which sampling by points would miss."""
    rows = frame[:: max(1, len(frame) // 8)]
    return bool(((rows == 0) | (rows == 255)).all())


def _to_pose(result: Any, frame: Frame) -> Pose:
    height, width = frame.shape[:2]
    if not result.pose_landmarks:
        return Pose.nobody((width, height))
    points = _to_array(result.pose_landmarks)
    return Pose(
        xy=points[..., :2] * np.array([width, height], np.float32),
        z=points[..., 2] * width,
        visibility=points[..., 3],
        presence=points[..., 4],
        world=_to_array(result.pose_world_landmarks)[..., :3],
        size=(width, height),
    )


def _largest_first(pose: Pose) -> Pose:
    left, top, right, bottom = pose.boxes.T
    area = np.nan_to_num((right - left) * (bottom - top))
    return pose.take(list(np.argsort(-area, kind="stable")))


def _to_array(people: list[list[Any]]) -> FloatArray:
    return np.array([[(p.x, p.y, p.z, p.visibility, p.presence) for p in points] for points in people], np.float32)
