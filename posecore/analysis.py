"""A clip to a sequence of poses, on all cores.

The clip is cut into segments that depend on the clip alone, never on the number of workers, so that one worker or a
hundred give the same numbers. Each segment is preceded by a warm-up, in which the tracker settles and whose poses
are thrown away. A worker opens the file itself; only landmarks travel back.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from posecore.detector import DetectorSettings, StreamTracker
from posecore.errors import Cancelled, MediaError, PoseError
from posecore.pose import Pose, PoseSequence
from posecore.videos import Clip, read_frames

LONGEST_SEGMENT = 150  # frames
SHORTEST_SEGMENT = 24  # frames; a clip of two such segments is cut in two
# After 20 frames a tracker is within 1 % of the torso of one that has run all along (median; 3 % without).
WARM_UP = 20
_LOOK = 0.2  # seconds between looks at whether somebody cancelled


@dataclass(frozen=True)
class AnalysisSettings:
    """What to look for, and in which part of a clip.

    Attributes:
        detector: model, number of people, confidence.
        start_s, end_s: seconds from the clip's first frame; None is its end.
        every: 1 for every frame, 2 for every other one, ...
    """

    detector: DetectorSettings = field(default_factory=lambda: DetectorSettings(people=1))
    start_s: float = 0.0
    end_s: float | None = None
    every: int = 1


@dataclass(frozen=True)
class Segment:
    """Frames `numbers[warm_up:]` of a clip, after a warm-up over the first ones."""

    numbers: range
    warm_up: int


def cut(clip: Clip, settings: AnalysisSettings) -> list[Segment]:
    """The segments of the part of a clip that is asked for.

    Raises:
        MediaError: there is no frame in that part.
    """
    end = clip.duration_s if settings.end_s is None else settings.end_s
    first, stop = np.searchsorted(clip.times, [settings.start_s - 1e-6, end - 1e-6]).tolist()
    wanted = range(first, stop, settings.every)
    if not wanted:
        raise MediaError("clip_part_empty")
    parts = max(-(-len(wanted) // LONGEST_SEGMENT), 2 if len(wanted) >= 2 * SHORTEST_SEGMENT else 1)
    borders = np.linspace(0, len(wanted), parts + 1).round().astype(int).tolist()
    return [Segment(wanted[max(0, begin - WARM_UP) : end], min(WARM_UP, begin)) for begin, end in pairwise(borders)]


def analyse(
    clip: Clip,
    settings: AnalysisSettings,
    executor: Executor,
    on_progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PoseSequence:
    """Find the people in a clip.

    Args:
        executor: where the segments are worked on, see `worker_pool`. It stays open.
        on_progress: gets the finished part, 0 to 1.
        cancelled: asked several times a second; true ends the work.

    Raises:
        MediaError: no frame could be read.
        Cancelled: `cancelled` said so.
        PoseError: a worker died.
    """
    segments = cut(clip, settings)
    with tempfile.TemporaryDirectory(prefix="posecore-") as folder:
        stop = Path(folder) / "stop"  # a worker that sees this file gives up
        jobs = [executor.submit(find_in_segment, clip, segment, settings.detector, str(stop)) for segment in segments]
        try:
            _wait_for(jobs, on_progress, cancelled)
        except BaseException:
            stop.touch()
            for job in jobs:
                job.cancel()
            wait(jobs, timeout=5)
            raise
    found = dict(pair for job in jobs for pair in job.result())
    if not found:
        raise MediaError("clip_not_decodable")
    numbers = sorted(found)
    return PoseSequence.from_poses([found[number] for number in numbers], clip.times[numbers], clip.size)


def find_in_segment(clip: Clip, segment: Segment, settings: DetectorSettings, stop: str) -> list[tuple[int, Pose]]:
    """Number and pose of each readable frame of a segment; runs in a worker."""
    found = []
    numbers = segment.numbers
    keep_from = numbers[segment.warm_up]
    with StreamTracker(settings) as tracker:
        for number, frame in read_frames(clip, numbers[0], numbers[-1] + 1, threads=1):
            if Path(stop).exists():
                raise Cancelled("cancelled")
            if number not in numbers:
                continue
            pose = tracker.track(frame, float(clip.times[number]))
            if number >= keep_from:
                found.append((number, pose))
    return found


def worker_pool(workers: int | None = None) -> ProcessPoolExecutor:
    """Processes of their own for `analyse`, one a core: a decoder that crashes ends one of them and not the caller."""
    return ProcessPoolExecutor(workers or os.cpu_count(), mp_context=multiprocessing.get_context("spawn"))


def _wait_for(
    jobs: list[Future[list[tuple[int, Pose]]]],
    on_progress: Callable[[float], object] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    pending = set(jobs)
    while pending:
        done, pending = wait(pending, timeout=_LOOK, return_when="FIRST_COMPLETED")
        if cancelled and cancelled():
            raise Cancelled("cancelled")
        for job in done:
            try:
                job.result()
            except BrokenExecutor as error:
                raise PoseError("worker_died") from error
            except CancelledError as error:
                raise Cancelled("cancelled") from error
        if done and on_progress:
            on_progress(1 - len(pending) / len(jobs))
