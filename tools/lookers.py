"""Processes that look into files, so that a crash, a hang or a balloon is seen; and what is told of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from posecore.errors import PoseError

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "out" / "fuzz"  # those that ended badly


@dataclass(frozen=True)
class Ending:
    """How one file ended: `is_good` if with a result or one sentence."""

    number: int
    outcome: str
    is_good: bool


class Looker:
    """A process that looks into files, one after another; another one after each that it does not survive.

    Args:
        script: what runs in it, with `--look`: `answer_looks`.
        patience: seconds for a file.
    """

    def __init__(self, script: Path, patience: float) -> None:
        self._script, self._patience = script, patience
        self._process: subprocess.Popen[str] | None = None

    def look(self, path: Path) -> tuple[str, bool]:
        """The outcome and whether it is a good one."""
        process = self._process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        patience = threading.Timer(self._patience, process.kill)
        patience.start()
        answer = process.stdout.readline()
        hung = patience.finished.is_set()
        patience.cancel()
        if answer:
            outcome, is_good = json.loads(answer)
            return outcome, is_good
        self.close()
        return ("hung" if hung else f"died with status {process.returncode}"), False

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(self._script.resolve()), "--look"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)


class Lookers:
    """As many as there are cores, for any number of threads; used as a context."""

    def __init__(self, script: Path, patience: float) -> None:
        self.count = os.cpu_count() or 1
        self._all = [Looker(script, patience) for _ in range(self.count)]
        self._idle: SimpleQueue[Looker] = SimpleQueue()
        for looker in self._all:
            self._idle.put(looker)

    def look(self, number: int, path: Path) -> Ending:
        """Have the next idle one look into a file."""
        looker = self._idle.get()
        try:
            return Ending(number, *looker.look(path))
        finally:
            self._idle.put(looker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for looker in self._all:
            looker.close()


def answer_looks(read: Callable[[Path], tuple[str, bool]]) -> int:
    """Answer each path on standard input with a line of JSON; all that a looker's process does."""
    for line in sys.stdin:
        print(json.dumps(read(Path(line.rstrip("\n")))), flush=True)
    return 0


def ended(read: Callable[[], str]) -> tuple[str, bool]:
    """The outcome that `read` names, or that of its error, and whether it is a good one."""
    try:
        return read(), True
    except PoseError as error:
        return error.code, error.code != "unexpected"
    except Exception as error:  # noqa: BLE001  (that is what is looked for)
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {error}", False


def keep_bad(ending: Ending, path: Path, keep: Path | None) -> None:
    """Keep a file that ended badly, where there is a folder for it."""
    if keep and not ending.is_good:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / path.name).write_bytes(path.read_bytes())


def told(endings: Sequence[Ending], keep: Path) -> int:
    """Say how many ended how, and which badly; returns the exit status."""
    for outcome, times in Counter(ending.outcome for ending in endings).most_common():
        print(f"{times:6} {outcome}")
    bad = [ending for ending in endings if not ending.is_good]
    for ending in bad:
        print(f"number {ending.number}: {ending.outcome}; kept in {keep}")
    return bool(bad)
