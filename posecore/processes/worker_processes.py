"""Worker processes that many share, fairly, and in which strangers' files are read.

`ProcessPoolExecutor` would import the caller's main module, which in a Streamlit app is the page, would fail
everybody's work when one process dies, and knows neither turns nor limits.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple, Protocol, Self

from posecore.errors import BusyError, Cancelled, PoseError
from posecore.memory import memory_limit
from posecore.processes.process import Process, WorkerLimits

_LOOK_S = 0.25  # between looks at what busy processes use
_WEIGHT = 0.2  # of the newest job in the running mean of how long jobs take
_SHARE = 0.8  # of the memory there is for all workers, where nothing else is said
_LEAST_BYTES = 600_000_000


class _Job(NamedTuple):
    future: Future[Any]
    call: Callable[[], Any]


class Lanes(Protocol):
    """Where work can be done: processes of this machine (`Workers`), or of many (`clips.cluster.Cluster`)."""

    @property
    def count(self) -> int:
        """Of calls that run at once."""

    def lane(self, visitor: Hashable = None) -> Executor:
        """An executor for one piece of work; those of one visitor share one turn."""


class Workers:
    """Processes with one job at a time each; by default one for every two cores, since a job keeps about two busy.

    Whoever has jobs opens a lane; visitors take turns, and so do the lanes of one visitor. A process that dies, takes
    too much memory or gives no sign of life fails the job it had and no other, and is replaced when it is needed. One
    thread looks after each process, one watches what they use. `close` ends all of them.

    Args:
        count: of processes.
        limits: for each of them.
        idle_s: seconds without work after which a process ends; the next job starts another.
        most_lanes: that may wait; whoever comes then is told how long to stay away.
        network: whether they may use one, where no limits say so.
    """

    def __init__(
        self,
        count: int | None = None,
        limits: WorkerLimits | None = None,
        *,
        idle_s: float | None = None,
        most_lanes: int = 32,
        network: bool = False,
    ) -> None:
        self._count = count or max(1, (os.cpu_count() or 1) // 2)
        self.limits = limits or WorkerLimits(
            max(_LEAST_BYTES, int(_SHARE * memory_limit() / self.count)), network=network
        )
        self.restarted = 0
        self._idle_s, self._most_lanes = idle_s, most_lanes
        self._turns: dict[Hashable, deque[Lane]] = {}  # the next visitor first
        self._changed = threading.Condition()
        self._mean_s = 0.0
        self._running: Counter[Hashable] = Counter()  # jobs of each visitor
        self._rests = 0
        self._closed = False
        self._processes = [Process(self.limits) for _ in range(self.count)]
        self._threads = [
            *(threading.Thread(target=self._look_after, args=(one,), daemon=True) for one in self._processes),
            threading.Thread(target=self._watch, name="worker-watch", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def count(self) -> int:
        """Of processes, each with one job at a time."""
        return self._count

    @property
    def process_ids(self) -> list[int]:
        """Of the processes that run."""
        return [pid for process in self._processes if (pid := process.pid)]

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        with self._changed:
            return self._waiting()

    @property
    def oldest_s(self) -> float:
        """Seconds that the longest waiting lane has waited for its first job to begin; 0 where none does."""
        with self._changed:
            since = [lane.since for lanes in self._turns.values() for lane in lanes if not lane.begun]
            return time.monotonic() - min(since) if since else 0.0

    @property
    def memory(self) -> int:
        """Bytes of all processes."""
        return sum(process.memory for process in self._processes)

    def lane(self, visitor: Hashable = None) -> Lane:
        """A queue of one's own, as an `Executor`; those of one visitor share one turn."""
        return Lane(self, visitor)

    def wake(self) -> None:
        """Have a process ready soon, where all have ended for want of work."""
        if not self.process_ids:
            self.lane().submit(os.getpid)

    def rest(self) -> None:
        """End the processes that have nothing to do; the next job starts another."""
        with self._changed:
            self._rests += 1
            self._changed.notify_all()

    def close(self) -> None:
        """End all processes, also busy ones, and their threads."""
        with self._changed:
            lanes = [lane for lanes in self._turns.values() for lane in lanes]
        for lane in lanes:
            self.drop(lane)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for process in self._processes:
            process.close()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, lane: Lane, job: _Job) -> None:
        """Put a job at the end of a lane.

        Raises:
            BusyError: as many lanes wait as may.
        """
        with self._changed:
            if self._closed:
                raise Cancelled("cancelled")
            if lane not in self._turns.get(lane.visitor, ()):
                if sum(map(len, self._turns.values())) >= self._most_lanes:
                    raise BusyError("busy", seconds=max(1, round(self._expected_s(self._waiting()))))
                lane.since = time.monotonic()
                self._turns.setdefault(lane.visitor, deque()).append(lane)
            lane.jobs.append(job)
            self._changed.notify_all()

    def ahead_of(self, lane: Lane) -> tuple[int, float]:
        """How many jobs of other visitors come before the first of a lane, and how many seconds pass until then."""
        with self._changed:
            if lane.begun or lane not in self._turns.get(lane.visitor, ()):
                return 0, 0.0
            before = list(takewhile(lambda one: one is not lane, self._order()))
            others = sum(one.visitor != lane.visitor for one in before)
            running = self._running.total() - self._running[lane.visitor]
            return others + running, self._expected_s(len(before))

    def drop(self, lane: Lane) -> None:
        """Cancel the jobs of a lane that have not begun."""
        with self._changed:
            while lane.jobs:
                lane.jobs.popleft().future.cancel()
            self._leave(lane)

    def _waiting(self) -> int:
        return sum(len(lane.jobs) for lanes in self._turns.values() for lane in lanes)

    def _leave(self, lane: Lane) -> None:
        lanes = self._turns.get(lane.visitor)
        if lanes and lane in lanes:
            lanes.remove(lane)
        if not lanes:
            self._turns.pop(lane.visitor, None)

    def _order(self) -> Iterator[Lane]:
        """The lanes of the jobs that wait, in the order in which they will be served."""
        turns = deque(deque((lane, len(lane.jobs)) for lane in lanes) for lanes in self._turns.values())
        while turns:
            lanes = turns.popleft()
            lane, left = lanes.popleft()
            yield lane
            if left > 1:
                lanes.append((lane, left - 1))
            if lanes:
                turns.append(lanes)

    def _expected_s(self, ahead: int) -> float:
        """Seconds until so many jobs, and those that run, are done with."""
        running = sum(max(0.0, self._mean_s - process.busy_s) for process in self._processes if process.is_busy)
        return (running + ahead * self._mean_s) / self.count

    def _next(self) -> tuple[_Job, Hashable] | None:
        """The next job of the visitor whose turn it is; None when all is over or there has been nothing to do."""
        with self._changed:
            rests = self._rests
            while True:
                self._changed.wait_for(lambda: self._turns or self._closed or self._rests != rests, self._idle_s)
                if self._closed or not self._turns:
                    return None
                visitor, lanes = next(iter(self._turns.items()))
                lane = lanes.popleft()
                job = lane.jobs.popleft()
                if lane.jobs:
                    lanes.append(lane)
                del self._turns[visitor]
                if lanes:
                    self._turns[visitor] = lanes
                if job.future.set_running_or_notify_cancel():
                    lane.begun = True
                    self._running[visitor] += 1
                    self._changed.notify_all()
                    return job, visitor

    def _look_after(self, process: Process) -> None:
        process.start()
        while not self._closed:
            found = self._next()
            if found is None:
                process.end()
                with self._changed:
                    self._changed.wait_for(lambda: self._turns or self._closed)
                continue
            job, visitor = found
            began = time.monotonic()
            died = _settle(job.future, partial(process.ask, job.call))
            with self._changed:
                self._running[visitor] -= 1
                if not self._running[visitor]:
                    del self._running[visitor]
                self.restarted += died
                took = time.monotonic() - began
                self._mean_s = took if not self._mean_s else self._mean_s + _WEIGHT * (took - self._mean_s)
        process.end()

    def _watch(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._running)
            for process in self._processes:
                process.check()
            time.sleep(_LOOK_S)


class Lane(Executor):
    """The jobs of one clip or visitor, in turn with those of others."""

    def __init__(self, workers: Workers, visitor: Hashable) -> None:
        self.count = workers.count  # of jobs that run at once
        self.visitor = self if visitor is None else visitor
        self.jobs: deque[_Job] = deque()
        self.begun = False
        self.since = time.monotonic()
        self._workers = workers

    @property
    def place(self) -> tuple[int, float]:
        """How many other jobs come before the first of this lane, and how many seconds that takes, as things go.

        Nothing once it has begun.
        """
        return self._workers.ahead_of(self)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As `Executor.submit`; the future fails with a `PoseError` where the process dies or is ended.

        Raises:
            BusyError: too many wait already.
        """
        job = _Job(Future(), partial(fn, *args, **kwargs))
        self._workers.add(self, job)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  (as in `Executor`)
        """Forget the jobs that have not begun."""
        self._workers.drop(self)


def _settle(future: Future[Any], ask: Callable[[], Any]) -> bool:
    """Give the future its result; returns whether the process is lost."""
    try:
        result = ask()
    except BaseException as error:  # noqa: BLE001  (it is raised again where the result is asked for)
        future.set_exception(error)
        return isinstance(error, PoseError) and error.code.startswith("worker_")
    future.set_result(result)
    return False
