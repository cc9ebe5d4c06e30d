"""Frames to poses on the CPU.

`ImageDetector` serves many threads at once, each picture by itself. `StreamTracker` follows one stream.
"""

from __future__ import annotations

import os
import threading
import time
from abc import ABC, abstractmethod
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, Self

import cv2
import numpy as np

from posecore.detection.engines import Landmarker, Use, open_landmarker
from posecore.detection.models import BEST, DEFAULT_MODEL
from posecore.detection.second_look import merged, mirrored
from posecore.media.picture import Picture
from posecore.media.picture_files import Frame, shrink
from posecore.pose import BoolArray, Landmarks, Pose, torso_lengths

MOST_PEOPLE = 10
# MediaPipe samples a frame by points; above this size it would skip most of them, so the frame is averaged down first.
WORKING_SIDE = 1920
HALFTONE_BLUR = 1.5  # pixels, makes grey of black and white dots
# MediaPipe looks for people in 224 x 224 pixels, in which somebody with so short a torso is 15 tall. Ghosts in an empty
# scene have torsos of at most 0.0172 of the picture's longer side, the smallest people in the clips at hand 0.054.
_LEAST_TORSO = 0.02
# Of 213 ghosts in an empty scene 97 % have a torso outside of these parts of the whole figure; people have 0.33 to 0.4.
_TORSO_OF_BODY = 0.2, 0.5
_SMALL_TORSO = 60  # pixels; larger figures may be foreshortened


@dataclass(frozen=True)
class DetectorSettings:
    """What a landmarker is opened for.

    Attributes:
        model: "lite", "full" or "heavy"; or "best", which looks twice with the heavy one and takes more than twice
            the time of "full", see `second_look`.
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
        self.workers = workers or os.cpu_count() or 1
        self._executor = ThreadPoolExecutor(self.workers, thread_name_prefix="image-detector")
        self._most_idle = self.workers + 1
        self._idle: list[tuple[DetectorSettings, Landmarker]] = []
        self._warmed: dict[DetectorSettings, Future[None]] = {}
        self._wanted = threading.Event()
        self._lock = threading.Lock()

    def detect(self, frame: Frame, settings: DetectorSettings | None = None) -> Pose:
        """The people in a frame (H, W, 3), uint8 RGB, the largest first.

        Raises:
            ModelError: the model is unknown, missing or broken.
            ValueError: the frame has another shape or type.
        """
        return self.timed(frame, settings)[0]

    def timed(self, frame: Frame, settings: DetectorSettings | None = None) -> tuple[Pose, float]:
        """`detect`, and the seconds that finding took, without waiting for a worker or opening a landmarker."""
        _check_frame(frame)
        self._wanted.set()
        return self._executor.submit(self._detect, frame, settings or self._settings).result()

    def warm(self, settings: DetectorSettings | None = None, after_s: float = 0) -> Future[None]:
        """Begin to open a landmarker ahead of the first picture, unless one waits; it is ready when the result is.

        Args:
            after_s: seconds in which others may have the processor, unless somebody wants the detector sooner.

        Raises (with the result):
            ModelError: the model is unknown, missing or broken.
        """
        settings = settings or self._settings
        if not after_s:
            self._wanted.set()
        with self._lock:
            warmed = self._warmed.get(settings)
            if warmed is None or (warmed.done() and all(idle != _one_look(settings) for idle, _ in self._idle)):
                warmed = self._warmed[settings] = self._executor.submit(self._warm, settings, after_s)
        return warmed

    def open_all(self, settings: DetectorSettings) -> None:
        """Have every worker open a landmarker for itself, before time counts.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        one = _one_look(settings)
        for opened in [self._executor.submit(self._open, one) for _ in range(self.workers)]:
            self._give_back(one, opened.result())

    @property
    def callers(self) -> int:
        """How many threads that decode a picture and have it looked at keep all workers busy.

        Two more than there are workers: while some wait for theirs, others decode. On two cores 12 % more photos.
        """
        return self.workers + 2

    @property
    def idle_landmarkers(self) -> int:
        """How many landmarkers are open and waiting for work."""
        with self._lock:
            return len(self._idle)

    def close(self) -> None:
        """Finish what was asked, then close all landmarkers and threads."""
        self._wanted.set()
        self._executor.shutdown()
        self.close_idle()

    def close_idle(self) -> None:
        """Free the landmarkers that wait for work: 40 MB each, of the heavy model 80. The next picture opens one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, landmarker in idle:
            landmarker.close()

    def _warm(self, settings: DetectorSettings, after_s: float) -> None:
        self._wanted.wait(after_s)
        one = _one_look(settings)
        self._give_back(one, self._take(one) or self._open(one))

    def _open(self, settings: DetectorSettings) -> Landmarker:
        landmarker = _landmarker("picture", settings)
        landmarker.find(Picture(np.zeros((64, 64, 3), np.uint8)))  # the first look fetches memory
        return landmarker

    def _detect(self, frame: Frame, settings: DetectorSettings) -> tuple[Pose, float]:
        one = _one_look(settings)
        landmarker = self._take(one) or self._open(one)
        began = time.perf_counter()
        try:
            ready = prepare(Picture(frame))
            pose = _to_pose(landmarker.find(ready.picture), ready)
            if settings.model == BEST:
                other = _mirror_image(ready)
                second = mirrored(_to_pose(landmarker.find(other.picture), other))
                pose = merged(pose, second, settings.people)
        except BaseException:
            landmarker.close()
            raise
        self._give_back(one, landmarker)
        return _largest_first(pose), time.perf_counter() - began

    def _take(self, settings: DetectorSettings) -> Landmarker | None:
        with self._lock:
            for position in reversed(range(len(self._idle))):
                if self._idle[position][0] == settings:
                    return self._idle.pop(position)[1]
        return None

    def _give_back(self, settings: DetectorSettings, landmarker: Landmarker) -> None:
        with self._lock:
            self._idle.append((settings, landmarker))
            surplus = self._idle.pop(0)[1] if len(self._idle) > self._most_idle else None
        if surplus is not None:
            surplus.close()


class StreamTracker(_Closing):
    """Follows the people of one stream, frame by frame; belongs to that stream's thread and is closed with it.

    With one person the landmarks are smoothed over time, as MediaPipe does; with more they are not.
    """

    def __init__(self, settings: DetectorSettings | None = None, threads: int = 1, *, live: bool = False) -> None:
        """Open it.

        Args:
            threads: that one person's model may use in LiteRT. Landmarks are the same.
            live: whether it shares its process with other streams.
        """
        self._settings = settings or DetectorSettings(people=1)
        # With several people two models take turns, whose threads fall asleep meanwhile: slower than without.
        opened = partial(
            _Following,
            "live" if live else "clip",
            _one_look(self._settings),
            threads if self._settings.people == 1 else 1,
        )
        self._look = opened()
        self._second_look = opened() if self._settings.model == BEST else None

    def track(self, frame: Frame | Prepared, time_s: float) -> Pose:
        """The people in the next frame (H, W, 3), uint8 RGB, at its time in seconds.

        Time that stands still or runs back counts as one millisecond after the frame before.
        """
        if isinstance(frame, Prepared):
            ready = frame
        else:
            _check_frame(frame)
            ready = prepare(Picture(frame))
        pose = self._look.at(ready, round(time_s * 1000))
        if self._second_look:
            second = mirrored(self._second_look.at(_mirror_image(ready), round(time_s * 1000)))
            pose = merged(pose, second, self._settings.people)
        return pose

    def close(self) -> None:
        """Free the landmarkers."""
        self._look.close()
        if self._second_look:
            self._second_look.close()


class _Following:
    """One landmarker that follows the people of a stream."""

    def __init__(self, use: Use, settings: DetectorSettings, threads: int) -> None:
        self._landmarker = _landmarker(use, settings, threads)
        self._last_ms = -1
        self._had_people = False

    def at(self, ready: Prepared, time_ms: int) -> Pose:
        """The people in the next frame."""
        pose = self._find(ready, time_ms)
        if not pose.people and self._had_people:
            # A landmarker that loses somebody looks anew only at the next frame: show it this one again.
            pose = self._find(ready, 0)
        self._had_people = pose.people > 0
        return pose

    def close(self) -> None:
        """Free it."""
        self._landmarker.close()

    def _find(self, ready: Prepared, time_ms: int) -> Pose:
        self._last_ms = max(time_ms, self._last_ms + 1)
        pose = _to_pose(self._landmarker.find(ready.picture, self._last_ms), ready)
        bodies = _could_be_bodies(pose)
        return pose if bodies.all() else pose.take(np.flatnonzero(bodies).tolist())


class Prepared(NamedTuple):
    """A frame as people are looked for in it, and the width and height in whose pixels poses are wanted."""

    picture: Picture
    size: tuple[int, int]


def prepare(picture: Picture, size: tuple[int, int] | None = None) -> Prepared:
    """What `StreamTracker.track` does with a frame before it looks for people.

    Args:
        size: the width and height the frame had before it was scaled down, if it was.
    """
    if max(picture.size) > WORKING_SIDE or picture.is_halftone:
        size = size or picture.size
        small = shrink(picture.whole(), WORKING_SIDE)
        if Picture(small).is_halftone:
            small = cv2.GaussianBlur(small, (0, 0), HALFTONE_BLUR).astype(np.uint8, copy=False)
        picture = Picture(small)
    return Prepared(picture, size or picture.size)


def _one_look(settings: DetectorSettings) -> DetectorSettings:
    """What a single landmarker is opened for."""
    return replace(settings, model="heavy") if settings.model == BEST else settings


def _mirror_image(ready: Prepared) -> Prepared:
    return Prepared(Picture(cv2.flip(ready.picture.whole(), 1).astype(np.uint8, copy=False)), ready.size)


def _check_frame(frame: Frame) -> None:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8 or not frame.size:
        raise ValueError(f"a frame is (H, W, 3) uint8, not {frame.shape} {frame.dtype}")


def _landmarker(use: Use, settings: DetectorSettings, threads: int = 1) -> Landmarker:
    return open_landmarker(use, settings.model, settings.people, settings.min_confidence, threads)


def _to_pose(found: Landmarks, ready: Prepared) -> Pose:
    points, world = found
    if not len(points):
        return Pose.nobody(ready.size)
    scale = np.array([wanted / had for wanted, had in zip(ready.size, ready.picture.size, strict=True)], np.float32)
    return Pose(
        xy=points[..., :2] * scale,
        z=points[..., 2] * scale[0],
        visibility=points[..., 3],
        presence=points[..., 4],
        world=world,
        size=ready.size,
    )


def _could_be_bodies(pose: Pose) -> BoolArray:
    """(P,) false for what a tracker sees in an empty scene: small figures, crumpled or nothing but a torso."""
    torso = torso_lengths(pose)
    possible = torso >= _LEAST_TORSO * max(pose.size)
    large = np.asarray(torso >= _SMALL_TORSO)
    if (large & possible).all():
        return large
    left, top, right, bottom = pose.whole_boxes.T
    whole = np.maximum(right - left, bottom - top)
    low, high = _TORSO_OF_BODY
    return np.asarray(possible & (large | ((torso > low * whole) & (torso < high * whole))))


def _largest_first(pose: Pose) -> Pose:
    left, top, right, bottom = pose.boxes.T
    area = np.nan_to_num((right - left) * (bottom - top))
    return pose.take(list(np.argsort(-area, kind="stable")))
