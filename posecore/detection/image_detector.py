"""People in single pictures, for any number of threads."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.engines import Closer, Landmarker
from posecore.detection.frame_preparation import Prepared, check_frame, mirror_image, prepare, to_pose
from posecore.detection.second_look import merged, mirrored
from posecore.media.picture import Picture
from posecore.media.picture_files import Frame, decode_image
from posecore.pose import Pose

_LARGE = 0.6  # of the picture's shorter side: one person who is so tall is the picture's subject
_ALONE = 2  # threads of a look while nobody else wants one


class _Kind(NamedTuple):
    """What tells landmarkers apart: what one look asks for, and its threads."""

    look: DetectorSettings
    threads: int


class ImageDetector:
    """Finds people in single pictures, for any number of threads.

    It owns as many worker threads as there are cores; a landmarker is opened when first needed and used by one
    worker at a time. Callers are served in the order in which they come; a picture that is alone has two cores. Idle
    landmarkers are kept, the least recently used are closed. `close` (or leaving the context) ends all of it.
    """

    def __init__(self, settings: DetectorSettings | None = None, workers: int | None = None) -> None:
        self._settings = settings or DetectorSettings()
        self.workers = workers or os.cpu_count() or 1
        self._executor = ThreadPoolExecutor(self.workers, thread_name_prefix="image-detector")
        self._most_idle = self.workers + 1
        self._idle: list[tuple[_Kind, Landmarker]] = []
        self._asked = 0  # pictures that somebody waits for
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

    def timed(
        self, frame: Frame, settings: DetectorSettings | None = None, size: tuple[int, int] | None = None
    ) -> tuple[Pose, float]:
        """`detect`, and the seconds that finding took, without waiting for a worker or opening a landmarker.

        Args:
            size: width and height that the frame had before it was scaled down, if it was; the pose is in its pixels.
        """
        check_frame(frame)
        self._wanted.set()
        with self._lock:
            self._asked += 1
        try:
            return self._executor.submit(self._detect, frame, settings or self._settings, size).result()
        finally:
            with self._lock:
                self._asked -= 1

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
        one = settings.one_look()
        with self._lock:
            warmed = self._warmed.get(settings)
            if warmed is None or (warmed.done() and all(kind.look != one for kind, _ in self._idle)):
                warmed = self._warmed[settings] = self._executor.submit(self._warm, settings, after_s)
        return warmed

    def open_all(self, settings: DetectorSettings) -> None:
        """Have every worker open a landmarker for itself, before time counts.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        kind = _Kind(settings.one_look(), 1)
        for opened in [self._executor.submit(self._open, kind) for _ in range(self.workers)]:
            self._give_back(kind, opened.result())

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _warm(self, settings: DetectorSettings, after_s: float) -> None:
        self._wanted.wait(after_s)
        kind = self._kind(settings)
        self._give_back(kind, self._take(kind) or self._open(kind))

    def _kind(self, settings: DetectorSettings, closer: Closer = "off") -> _Kind:
        """What is best for the next look."""
        with self._lock:
            alone = self._asked <= 1
        return _Kind(settings.one_look(closer), min(_ALONE, self.workers) if alone else 1)

    def _open(self, kind: _Kind) -> Landmarker:
        landmarker = kind.look.open_landmarker("picture", kind.threads)
        landmarker.find(Picture(np.zeros((64, 64, 3), np.uint8)))  # the first look fetches memory
        return landmarker

    def _detect(self, frame: Frame, settings: DetectorSettings, size: tuple[int, int] | None) -> tuple[Pose, float]:
        began = time.perf_counter()
        ready = prepare(Picture(frame), size)
        pose, seconds = Pose.nobody(ready.size), time.perf_counter() - began
        if settings.closer != "on":
            pose, more = self._look(self._kind(settings), partial(_one_look, settings, ready))
            seconds += more
        if settings.closer == "on" or (settings.closer == "auto" and _may_hold_more(pose, settings.people)):
            kind = self._kind(settings, "on")
            pose, more = self._look(kind, lambda landmarker: to_pose(landmarker.find(ready.picture), ready))
            seconds += more
        return _largest_first(pose), seconds

    def _look(self, kind: _Kind, look: Callable[[Landmarker], Pose]) -> tuple[Pose, float]:
        """What a look with a landmarker of this kind finds, and the seconds it took."""
        landmarker = self._take(kind) or self._open(kind)
        began = time.perf_counter()
        try:
            pose = look(landmarker)
        except BaseException:
            landmarker.close()
            raise
        seconds = time.perf_counter() - began
        self._give_back(kind, landmarker)
        return pose, seconds

    def _take(self, kind: _Kind) -> Landmarker | None:
        with self._lock:
            for position in reversed(range(len(self._idle))):
                if self._idle[position][0] == kind:
                    return self._idle.pop(position)[1]
        return None

    def _give_back(self, kind: _Kind, landmarker: Landmarker) -> None:
        with self._lock:
            self._idle.append((kind, landmarker))
            surplus = self._idle.pop(0)[1] if len(self._idle) > self._most_idle else None
        if surplus is not None:
            surplus.close()


def people_in(path: Path) -> int:
    """How many people the lite model finds in a picture file: a check that a process can do its work."""
    with ImageDetector(DetectorSettings("lite"), workers=1) as detector:
        return detector.detect(decode_image(path)).people


def _one_look(settings: DetectorSettings, ready: Prepared, landmarker: Landmarker) -> Pose:
    """The people at one look at all of a picture, or at its mirror image, too."""
    pose = to_pose(landmarker.find(ready.picture), ready)
    if settings.looks_twice:
        other = mirror_image(ready)
        second = mirrored(to_pose(landmarker.find(other.picture), other))
        pose = merged(pose, second, settings.people)
    return pose


def _may_hold_more(pose: Pose, most: int) -> bool:
    """Whether there may be people whom one look did not find: not where it found one who is large, and not more."""
    if most == 1 or pose.people != 1:
        return most > pose.people
    left, top, right, bottom = pose.whole_boxes[0].tolist()
    return bool(max(right - left, bottom - top) < _LARGE * min(pose.size))


def _largest_first(pose: Pose) -> Pose:
    left, top, right, bottom = pose.boxes.T
    area = np.nan_to_num((right - left) * (bottom - top))
    return pose.take(list(np.argsort(-area, kind="stable")))
