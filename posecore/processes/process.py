"""One worker process: started, asked, watched, ended; and what runs in it."""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from posecore.errors import PoseError
from posecore.memory import (
    ARENA_MAX,
    MMAP_THRESHOLD,
    TOP_PAD,
    TRIM_THRESHOLD,
    give_back_memory,
    memory_in_use,
    tune_malloc,
)
from posecore.processes.alive import tell_with
from posecore.processes.confinement import limit_processor_time, limit_resources, shut_off_network
from posecore.processes.messages import read_message, sendable, write_message

# With glibc's defaults a frame's memory is given back and fetched again for the next one: 2 ms a frame of 1080p.
# Each thread's own heap would keep what it once had; what a job leaves is given back after it.
_MALLOC = {TRIM_THRESHOLD: 64 << 20, TOP_PAD: 8 << 20, MMAP_THRESHOLD: 1 << 30, ARENA_MAX: 1}
_SWITCH = 0.0002  # seconds; with Python's 0.005 the threads of a pipeline wait for each other, 1 ms a frame
_LIBRARY = Path(__file__).resolve().parents[2]  # the folder that posecore lies in
_RESERVED = 400_000_000  # bytes that a process asks for and does not use: stacks of threads, room to grow
_PAUSE_S = 0.02  # without work, after which what the last job used is given back
_ALIVE, _DONE = "alive", "done"

if sys.platform == "linux":
    import fcntl


@dataclass(frozen=True)
class WorkerLimits:
    """What a worker process may use.

    Attributes:
        memory: bytes of its own.
        patience_s: seconds without a sign of life, see `still_alive`.
        processor_s: of processor time for one job.
        niceness: how far it gives way to other processes, where the system knows that (0 to 19).
        network: whether it may use one, for one's own files elsewhere.
    """

    memory: int
    patience_s: float = 60.0
    processor_s: float = 7200.0
    niceness: int = 0
    network: bool = False


class Process:
    """A process that answers calls one at a time.

    One thread starts, asks and ends it; others may look at it, `check` and `close` it.
    """

    def __init__(self, limits: WorkerLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._seen: psutil.Process | None = None
        self._busy_since: float | None = None
        self._life = 0.0
        self._reason = ""
        self._closed = False

    @property
    def pid(self) -> int | None:
        """None where it does not run."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    @property
    def is_busy(self) -> bool:
        return self._busy_since is not None

    @property
    def busy_s(self) -> float:
        """Seconds since it began with what it does now."""
        since = self._busy_since
        return time.monotonic() - since if since is not None else 0.0

    @property
    def memory(self) -> int:
        """Bytes of its own."""
        seen = self._seen
        return memory_in_use(seen) if seen and self.pid else 0

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, unless it runs."""
        with self._lock:
            if self._process and self._process.poll() is None:
                return self._process
            self._drop()
            environment = {
                **os.environ,
                "OPENBLAS_NUM_THREADS": "1",
                "PYTHONPATH": os.pathsep.join([str(_LIBRARY), *sys.path]),
            }
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from posecore.processes.process import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
            _widen(self._process.stdout)
            with suppress(psutil.Error):
                self._seen = psutil.Process(self._process.pid)
            if self._closed:
                self._process.kill()
            with suppress(OSError):
                assert self._process.stdin
                write_message(self._process.stdin, self._limits)
            return self._process

    def ask(self, call: Callable[[], Any]) -> Any:
        """The result of a call in it.

        Raises:
            PoseError: "worker_died", "worker_memory" or "worker_stuck".
            BaseException: what the call raised.
        """
        process = self.start()
        assert process.stdin
        assert process.stdout
        self._reason = "worker_died"
        self._life = self._busy_since = time.monotonic()
        try:
            write_message(process.stdin, call)
            while (message := read_message(process.stdout, trusted=False))[0] == _ALIVE:
                self._life = time.monotonic()
        except (EOFError, OSError, pickle.UnpicklingError) as died:
            self.end()
            raise PoseError(self._reason) from died
        finally:
            self._busy_since = None
        _, error, result = message
        if error is not None:
            raise error
        return result

    def check(self) -> None:
        """End it if it is busy and takes too much memory or gives no sign of life."""
        if not self.is_busy:
            return
        if self.memory > self._limits.memory:
            self._give_up("worker_memory")
        elif time.monotonic() - self._life > self._limits.patience_s:
            self._give_up("worker_stuck")

    def end(self) -> None:
        """End it; the next call starts another."""
        with self._lock:
            self._drop()

    def close(self) -> None:
        """Kill it, also while it is asked, and let none start any more."""
        with self._lock:
            self._closed = True
            if self._process:
                self._process.kill()

    def _give_up(self, reason: str) -> None:
        self._reason = reason
        with self._lock:
            if self._process:
                self._process.kill()

    def _drop(self) -> None:
        process, self._process, self._seen = self._process, None, None
        if process is None:
            return
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
    limits: WorkerLimits = read_message(sys.stdin.buffer, trusted=True)
    if not limits.network:
        shut_off_network()
    _prepare_process(limits)
    writing = threading.Lock()

    def tell(message: tuple[object, ...]) -> None:
        with writing:
            write_message(answers, message)

    tell_with(lambda: tell((_ALIVE,)))
    while True:
        try:
            call = read_message(sys.stdin.buffer, trusted=True)
        except EOFError:
            return
        limit_processor_time(limits.processor_s)
        tell(_answer(call))
        del call
        if not _waits(_PAUSE_S):  # whoever is asked again at once would fetch it again
            give_back_memory()


def _waits(seconds: float) -> bool:
    """Whether another call comes within that time, where the system can tell."""
    if sys.platform == "win32":
        return False
    return bool(select.select([sys.stdin.buffer], [], [], seconds)[0])


def _answer(call: Callable[[], Any]) -> tuple[object, ...]:
    try:
        return _DONE, None, call()
    except MemoryError:
        return _DONE, PoseError("worker_memory"), None
    except BaseException as error:  # noqa: BLE001  (it travels back to the caller)
        return _DONE, sendable(error), None


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold a megabyte, where the system allows it: pictures come through in half the time."""
    if sys.platform == "linux" and pipe:
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)


def _prepare_process(limits: WorkerLimits) -> None:
    sys.setswitchinterval(_SWITCH)
    tune_malloc(_MALLOC)
    limit_resources(limits.memory + _RESERVED)
    if limits.niceness and sys.platform != "win32":
        os.nice(limits.niceness)
