"""The processes of a Dask cluster as those of this machine: clips on many machines, which read them themselves.

The scheduler sees calls and landmarks, never a clip. What a lost process had is done again by another.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Executor, Future
from functools import partial
from typing import Any, Self

from posecore.detection.engines import engine_for
from posecore.errors import Cancelled, PoseError
from posecore.processes.machine import processor

_PATIENCE_S = 10
_TRIES = 2


class Cluster:
    """The workers of a scheduler; used as a context, or ended with `close`, which leaves the cluster as it is.

    Args:
        address: of the scheduler, such as tcp://scheduler:8786.

    Raises:
        PoseError: it cannot be reached, or Dask is not installed.
    """

    def __init__(self, address: str) -> None:
        self._client: Any = _client(address)  # Dask has no types

    @property
    def count(self) -> int:
        """Of calls that run at once, now; at least 1, for workers may come later."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def lane(self, visitor: Hashable = None) -> FarLane:  # noqa: ARG002  (as `Workers.lane`)
        """An executor for one clip; the scheduler shares out the workers."""
        return FarLane(self._client, self.count)

    def close(self) -> None:
        """Forget what was asked of it."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FarLane(Executor):
    """An `Executor` whose calls are done on other machines, one thread each.

    `found_by` says how many were done by which engine and processor.
    """

    def __init__(self, client: Any, count: int) -> None:
        self.count = count
        self.found_by: Counter[str] = Counter()
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)

    def begin(self) -> _Notes:
        """For one run, as `segment_jobs.FarExecutor`."""
        return _Notes(self._client)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As `Executor.submit`; the future fails with a `PoseError` where each worker that tries it dies.

        What fails in a way that nobody foresaw, such as a line that breaks, is tried once more.
        """
        outer = _Relayed()
        outer.set_running_or_notify_cancel()  # for whoever waits it has begun
        self._try(outer, partial(fn, *args, **kwargs), _TRIES)
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`."""
        self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _try(self, outer: _Relayed, call: Callable[[], Any], tries: int) -> None:
        outer.inner = self._executor.submit(_done_by, call)
        outer.inner.add_done_callback(partial(self._relay, outer, call, tries - 1))

    def _relay(self, outer: _Relayed, call: Callable[[], Any], tries: int, inner: Future[Any]) -> None:
        try:
            by, result = inner.result()
        except BaseException as error:  # noqa: BLE001  (it is raised again where the result is asked for)
            told = _in_our_words(error)
            if tries and not isinstance(told, PoseError):
                self._try(outer, call, tries)
            else:
                outer.set_exception(told)
            return
        self.found_by[by] += 1
        outer.set_result(result)


class _Notes:
    """What calls of one run tell of themselves, by way of the scheduler."""

    def __init__(self, client: Any) -> None:
        self._topic = f"posecore-{secrets.token_hex(8)}"
        self.tell = partial(_tell, self._topic)
        self._done: dict[int, int] = {}
        self._client = client
        client.subscribe_topic(self._topic, self._hear)

    def noted(self, number: int) -> int:
        """Frames of a call that are done."""
        return self._done.get(number, 0)

    def end(self) -> None:
        """Nobody listens any more."""
        self._client.unsubscribe_topic(self._topic)

    def _hear(self, event: tuple[float, tuple[int, int]]) -> None:
        number, done = event[1]
        self._done[number] = done


def _tell(topic: str, number: int, done: int) -> None:
    """Runs in a worker."""
    from distributed import get_worker

    get_worker().log_event(topic, (number, done))


class _Relayed(Future[Any]):
    """What is cancelled here is cancelled there."""

    inner: Future[Any]

    def cancel(self) -> bool:
        return self.inner.cancel()


def _done_by(call: Callable[[], Any]) -> tuple[str, Any]:
    """Runs in a worker: by which engine and processor, and the result."""
    return f"{engine_for('clip')} on {processor()}", call()


def _in_our_words(error: BaseException) -> BaseException:
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return PoseError("worker_died")
    if isinstance(error, (FutureCancelledError, CancelledError)):
        return Cancelled("cancelled")
    return error


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise PoseError("no_dask") from error
    try:
        connect: Any = Client
        return connect(address, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise PoseError("no_cluster", address=address) from error
