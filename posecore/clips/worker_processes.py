"""Worker processes that several clips share, fairly.

Calls go to a process and results come back as pickles through its standard input
and output. `ProcessPoolExecutor` would import the caller's main module, which in a Streamlit app is the
page, and would fail everybody's work when one process dies.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

from posecore.errors import Cancelled, PoseError
from posecore.memory import ARENA_MAX, MMAP_THRESHOLD, TOP_PAD, TRIM_THRESHOLD, give_back_memory, tune_malloc

# With glibc's defaults a frame's memory is given back and fetched again for the next one: 2 ms a frame of 1080p.
# Each thread's own heap would keep what it once had; what a job leaves is given back after it.
_MALLOC = {TRIM_THRESHOLD: 64 << 20, TOP_PAD: 8 << 20, MMAP_THRESHOLD: 1 << 30, ARENA_MAX: 1}
_SWITCH = 0.0002  # seconds; with Python's 0.005 the threads of a pipeline wait for each other, 1 ms a frame
_LIBRARY = Path(__file__).resolve().parents[2]  # the folder that posecore lies in


class _Job(NamedTuple):
    future: Future[Any]
    call: Callable[[], Any]


class Workers:
    """A process for every two cores, since a job keeps about two busy, each with one job at a time.

    Whoever has jobs opens a lane; the lanes take turns. A process that dies fails the job it had and no other, and
    is replaced when it is needed. One thread looks after each process. `close` ends all of them.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or max(1, (os.cpu_count() or 1) // 2)
        self._waiting: deque[Lane] = deque()
        self._changed = threading.Condition()
        self._busy = 0
        self._closed = False
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * self.count
        self._threads = [
            threading.Thread(target=self._look_after, args=(slot,), name=f"worker-{slot}", daemon=True)
            for slot in range(self.count)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def process_ids(self) -> list[int]:
        """Of the processes that run."""
        with self._changed:
            return [process.pid for process in self._processes if process and process.poll() is None]

    def lane(self) -> Lane:
        """A queue of one's own, as an `Executor`."""
        return Lane(self)

    def close(self) -> None:
        """End all processes, also busy ones, and their threads."""
        for lane in list(self._waiting):
            self.drop(lane)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for process in self._processes:
                if process:
                    process.kill()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, lane: Lane, job: _Job) -> None:
        """Put a job at the end of a lane."""
        with self._changed:
            if self._closed:
                raise Cancelled("cancelled")
            lane.jobs.append(job)
            if lane not in self._waiting:
                self._waiting.append(lane)
            self._changed.notify()

    def ahead_of(self, lane: Lane) -> int:
        """How many jobs come before the first of a lane."""
        with self._changed:
            return 0 if lane.begun or lane not in self._waiting else self._waiting.index(lane) + self._busy

    def drop(self, lane: Lane) -> None:
        """Cancel the jobs of a lane that have not begun."""
        with self._changed:
            while lane.jobs:
                lane.jobs.popleft().future.cancel()
            if lane in self._waiting:
                self._waiting.remove(lane)

    def _next(self) -> _Job | None:
        """The next job of the lane whose turn it is; None when all is over."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return None
                lane = self._waiting.popleft()
                job = lane.jobs.popleft()
                if lane.jobs:
                    self._waiting.append(lane)
                if job.future.set_running_or_notify_cancel():
                    lane.begun = True
                    self._busy += 1
                    return job

    def _look_after(self, slot: int) -> None:
        try:
            process = self._start(slot)
            while job := self._next():
                if process.poll() is not None:
                    _end(process)
                    process = self._start(slot)
                _settle(job.future, partial(_ask, process, job.call))
                with self._changed:
                    self._busy -= 1
        finally:
            with self._changed:
                last = self._processes[slot]
            if last:
                _end(last)

    def _start(self, slot: int) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join([str(_LIBRARY), *sys.path]),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", "from posecore.clips.worker_processes import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        with self._changed:
            self._processes[slot] = process
            if self._closed:
                process.kill()
        return process


class Lane(Executor):
    """The jobs of one clip, in turn with those of others."""

    def __init__(self, workers: Workers) -> None:
        self.count = workers.count  # of jobs that run at once
        self.jobs: deque[_Job] = deque()
        self.begun = False
        self._workers = workers

    @property
    def ahead(self) -> int:
        """How many other jobs come before the first of this lane; 0 once it has begun."""
        return self._workers.ahead_of(self)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As `Executor.submit`; fails with `PoseError` "worker_died" where the process dies."""
        job = _Job(Future(), partial(fn, *args, **kwargs))
        self._workers.add(self, job)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  (as in `Executor`)
        """Forget the jobs that have not begun."""
        self._workers.drop(self)


def _settle(future: Future[Any], ask: Callable[[], Any]) -> None:
    try:
        result = ask()
    except BaseException as error:  # noqa: BLE001  (it is raised again where the result is asked for)
        future.set_exception(error)
    else:
        future.set_result(result)


def _ask(process: subprocess.Popen[bytes], call: Callable[[], Any]) -> Any:
    request = pickle.dumps(call)
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(request)
        process.stdin.flush()
        error, result = pickle.load(process.stdout)  # noqa: S301  (from a process of our own)
    except (EOFError, OSError, pickle.UnpicklingError) as died:
        _end(process)
        raise PoseError("worker_died") from died
    if error is not None:
        raise error
    return result


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):  # what could not be sent any more
                pipe.close()
    process.wait()


def serve() -> None:
    """Answer calls until there are no more; all that a worker process does."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that started this one
    _prepare_process()
    while True:
        try:
            call = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)
        except EOFError:
            return
        try:
            answer: tuple[BaseException | None, Any] = (None, call())
        except BaseException as error:  # noqa: BLE001  (it travels back to the caller)
            answer = (error, None)
        pickle.dump(answer, answers)
        answers.flush()
        del answer, call
        give_back_memory()


def _prepare_process() -> None:
    sys.setswitchinterval(_SWITCH)
    tune_malloc(_MALLOC)
