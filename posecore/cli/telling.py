"""How a command says what it does: a line a file, or JSON lines, or nothing; a bar where somebody looks."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from posecore.clips.segment_jobs import Progress

_TELL_EVERY_S = 1.0


class Done(NamedTuple):
    """What came of a file: a line, the files that were written, values for programs."""

    words: str
    results: tuple[Path, ...] = ()
    values: Mapping[str, Any] = {}


class Telling:
    """Used as a context by the command that tells; its threads tell of their files meanwhile."""

    def __init__(self, *, quiet: bool = False, json_lines: bool = False) -> None:
        self._quiet, self._json = quiet, json_lines
        self._lock = threading.Lock()
        self._parts: dict[Path, float] = {}  # of files that are worked on, which part is done
        self._told: dict[Path, float] = {}  # when, last
        self._finished = 0
        self._bar: Bar | None = None

    def begin(self, files: int) -> Self:
        """So many files will be done."""
        if not (self._quiet or self._json) and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.add_task("", total=files)
        return self

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    @property
    def listens(self) -> bool:
        """Whether anybody sees how far a file is; telling it costs a little."""
        return self._json or self._bar is not None

    def progress(self, file: Path, now: Progress) -> None:
        """How far a file is."""
        with self._lock:
            self._parts[file] = now.done / now.total if now.total else 0.0
            if self._bar:
                words = f"{file.name}, {now.done} of {now.total} frames"
                self._bar.update(self._bar.task_ids[0], completed=self._finished + sum(self._parts.values()))
                self._bar.update(self._bar.task_ids[0], description=words)
            if self._json and time.monotonic() - self._told.get(file, 0.0) >= _TELL_EVERY_S:
                self._told[file] = time.monotonic()
                left = None if now.seconds_left is None else round(now.seconds_left, 1)
                self._object(file=str(file), state="working", done=now.done, total=now.total, seconds_left=left)

    def done(self, file: Path, done: Done) -> None:
        """A file is done."""
        with self._lock:
            self._over(file)
            if self._json:
                results = [str(path) for path in done.results]
                self._object(file=str(file), state="done", said=done.words, results=results, **done.values)
            elif not self._quiet:
                print(f"{file}: {done.words}", flush=True)

    def failed(self, file: Path, why: str) -> None:
        """Nothing, or not all, came of a file."""
        with self._lock:
            self._over(file)
            if self._json:
                self._object(file=str(file), state="failed", reason=why)
            else:
                print(f"{file}: {why}", file=sys.stderr, flush=True)

    def end(self, done: int, before: int, failed: Mapping[Path, str]) -> None:
        """All of a folder is over: so many were done now and before, and these failed."""
        words = f"{done} done" + (f", {before} done before" if before else "")
        if self._json:
            self._object(state="end", done=done, before=before, failed=len(failed))
            return
        if failed:
            _show_table(failed)
            words += f", {len(failed)} failed"
        if failed or not self._quiet:
            print(words, file=sys.stderr if self._quiet else sys.stdout, flush=True)

    def remark(self, words: str) -> None:
        """For the person who waits."""
        if self._json:
            self._object(state="remark", said=words)
        else:
            print(words, file=sys.stderr, flush=True)

    def _over(self, file: Path) -> None:
        self._parts.pop(file, None)
        self._finished += 1
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=self._finished + sum(self._parts.values()))

    def _object(self, **values: object) -> None:
        print(json.dumps(values, ensure_ascii=False), flush=True)


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    # Where the lines go elsewhere than the bar they must not come to stand above it.
    return Progress(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty(), transient=True)


def _show_table(failed: Mapping[Path, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("file", "what is wrong", title="Failed", title_justify="left")
    for file, why in failed.items():
        table.add_row(str(file), why)
    console = Console(stderr=True)
    console.print(table) if console.is_terminal else Console(stderr=True, width=200).print(table)
