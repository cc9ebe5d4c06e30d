"""The segments of one clip on workers: what is done, what is newest, and an end when nobody wants it any more.

Workers and caller meet in a temporary folder, since nothing else is open to every kind of executor.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from posecore.errors import Cancelled, PoseError
from posecore.media.atomic_files import written_whole
from posecore.media.h264_encoding import Part
from posecore.media.picture_files import Frame, encode_image

Result = TypeVar("Result")

_LOOK = 0.2  # seconds between looks at what the workers have done and whether somebody cancelled
_PICTURE_EVERY = 0.5  # seconds
_STOP, _NEWEST = "stop", "newest.jpg"


@dataclass(frozen=True)
class Progress:
    """How far the work on a clip is.

    Attributes:
        done, total: frames.
        seconds_left: as things go now; None as long as nothing is done.
        waiting_for: jobs of other clips before the first of this one.
        waiting_s: seconds that these take, as things go.
        newest: a small JPEG of the newest frame with what was found in it; None if there is no newer one.
    """

    done: int
    total: int
    seconds_left: float | None = None
    waiting_for: int = 0
    newest: bytes | None = None
    waiting_s: float = 0.0


OnProgress = Callable[[Progress], object]


class Desk:
    """Where the worker of one segment writes what it has done and sees that it should stop.

    Attributes:
        alone: whether its process does nothing else meanwhile, so that it may use two cores.
        is_far: whether it may be on another machine, where no folder is shared; `tell` is then told what is done.
    """

    def __init__(
        self, folder: str, number: int, *, is_watched: bool, alone: bool, tell: Callable[[int, int], None] | None = None
    ) -> None:
        self.alone, self.is_far = alone, tell is not None
        self._tell = tell
        self._folder = Path(folder)
        self._is_watched = is_watched
        self._number = number
        self._done = 0
        self._noted = 0.0

    @contextmanager
    def place(self, path: str) -> Iterator[str]:
        """Where a file may be written: as told, or in a folder of one's own, which ends with the context."""
        if not self.is_far:
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="posecore-") as folder:
            yield str(Path(folder) / Path(path).name)

    def handed_over(self, part: Part) -> Part:
        """What was encoded, with its content where the file stays behind."""
        return part.carried() if self.is_far else part

    def begin_again(self) -> None:
        """What was done so far does not count."""
        self._done = 0

    def tick(self, picture: Callable[[], Frame]) -> None:
        """One more frame is done; `picture` draws it where somebody might want to see it.

        Raises:
            Cancelled: nobody wants the result any more.
        """
        if not self.is_far and (self._folder / _STOP).exists():
            raise Cancelled("cancelled")
        self._done += 1
        if not self._is_watched or time.monotonic() - self._noted < _PICTURE_EVERY:
            return
        self._noted = time.monotonic()
        if self._tell:
            self._tell(self._number, self._done)
            return
        self._write(f"{self._number}.done", str(self._done).encode())
        self._write(_NEWEST, encode_image(picture(), "jpg", 80))

    def _write(self, name: str, data: bytes) -> None:
        with written_whole(self._folder / name) as draft:
            draft.write_bytes(data)


class Far(Protocol):
    """How a run on other machines tells what is done: `tell` there, `noted` here, by the number of a call."""

    tell: Callable[[int, int], None]

    def noted(self, number: int) -> int:
        """Frames of a call that are done."""

    def end(self) -> None:
        """Nobody listens any more."""


@runtime_checkable
class FarExecutor(Protocol):
    """An executor whose calls are done on other machines."""

    def begin(self) -> Far:
        """For one run."""


@dataclass
class Watch:
    """What the caller of `run` wants to know and may decide."""

    on_progress: OnProgress | None = None
    cancelled: Callable[[], bool] | None = None


def run(
    executor: Executor,
    calls: Sequence[Callable[[Desk], Result]],
    sizes: Sequence[int],
    watch: Watch,
    at_once: int = 1,
    enough: Callable[[list[Result]], bool] | None = None,
) -> list[Result]:
    """Run all calls, each with a `Desk`, and return their results in order.

    Args:
        sizes: frames of each call.
        at_once: how many a process may do side by side, where there are more than processes.
        enough: asked with the results of the first calls as they come; true ends the work, and these are returned.

    Raises:
        Cancelled: `watch.cancelled` said so; the workers are free again.
        PoseError: a call failed, or its worker died.
    """
    with tempfile.TemporaryDirectory(prefix="posecore-", ignore_cleanup_errors=True) as folder:
        is_watched = watch.on_progress is not None
        # Far away a call has one thread, and a worker for itself.
        far = executor.begin() if isinstance(executor, FarExecutor) else None
        together = at_once if not far and len(calls) > getattr(executor, "count", len(calls)) else 1
        numbers = range(len(calls))
        desk = partial(Desk, folder, is_watched=is_watched, tell=far.tell if far else None)
        groups = [
            [partial(calls[number], desk(number, alone=len(group) == 1 and not far)) for number in group]
            for group in (numbers[begin : begin + together] for begin in range(0, len(calls), together))
        ]
        jobs = [executor.submit(_side_by_side, group) for group in groups]
        of_calls = [job for job, group in zip(jobs, groups, strict=True) for _ in group]
        try:
            noted = far.noted if far else partial(_noted, Path(folder))
            _wait_for(
                of_calls, sizes, Path(folder), executor, watch, lambda: bool(enough and enough(_first(jobs))), noted
            )
            return _first(jobs)
        finally:
            with suppress(OSError):  # on a full disk they go on until they want to write
                (Path(folder) / _STOP).touch()
            if far:
                far.end()
            for job in jobs:
                job.cancel()
            wait(jobs, timeout=5)


def _first(jobs: Sequence[Future[list[Result]]]) -> list[Result]:
    """The results up to the first job that is not done."""
    return [result for job in takewhile(Future.done, jobs) for result in _results(job)]


def _side_by_side(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Runs in a worker."""
    if len(calls) == 1:
        return [calls[0]()]
    with ThreadPoolExecutor(len(calls)) as threads:
        return [job.result() for job in [threads.submit(call) for call in calls]]


def _wait_for(
    jobs: list[Future[list[Result]]],
    sizes: Sequence[int],
    folder: Path,
    executor: Executor,
    watch: Watch,
    enough: Callable[[], bool],
    noted: Callable[[int], int],
) -> None:
    """Until all are done or there is enough; for each size the job it belongs to."""
    began: float | None = None
    shown = 0
    pending = set(jobs)
    while pending:
        finished, pending = wait(pending, timeout=_LOOK, return_when="FIRST_COMPLETED")
        if watch.cancelled and watch.cancelled():
            raise Cancelled("cancelled")
        for job in finished:
            _results(job)
        if finished and enough():
            return
        if not watch.on_progress:
            continue
        began = began or (time.monotonic() if any(job.running() or job.done() for job in jobs) else None)
        done = sum(size if job.done() else noted(i) for i, (job, size) in enumerate(zip(jobs, sizes, strict=True)))
        newest, shown = _newest(folder, shown)
        left = (time.monotonic() - began) / done * (sum(sizes) - done) if done and began else None
        ahead, wait_s = getattr(executor, "place", (0, 0.0))
        watch.on_progress(Progress(done, sum(sizes), left, ahead, newest, wait_s))


def _results(job: Future[list[Result]]) -> list[Result]:
    try:
        return job.result()
    except BrokenExecutor as error:
        raise PoseError("worker_died") from error
    except CancelledError as error:
        raise Cancelled("cancelled") from error


def _noted(folder: Path, number: int) -> int:
    path = folder / f"{number}.done"
    return int(path.read_bytes()) if path.exists() else 0


def _newest(folder: Path, shown: int) -> tuple[bytes | None, int]:
    """The newest picture and when it was written, or None if that is what was shown."""
    path = folder / _NEWEST
    if not path.exists() or (written := path.stat().st_mtime_ns) == shown:
        return None, shown
    return path.read_bytes(), written
