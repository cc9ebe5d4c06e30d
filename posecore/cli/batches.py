"""What a command does with all its files; of a folder it keeps a log, and goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from posecore.cli.inputs import Source, inputs_of
from posecore.cli.telling import Done, Telling
from posecore.errors import Cancelled, LimitError, MediaError, PoseError, WriteError
from posecore.media.atomic_files import UNFINISHED, make_folder, told_as_write_error, write_error
from posecore.media.kinds import FileKind
from posecore.media.places import is_here
from posecore.version import __version__

if TYPE_CHECKING:
    from posecore.clips.segment_jobs import Watch

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
LOG = "posecore-progress.jsonl"
# What does not change the results.
_ELSEWHERE = {"files", "out", "workers", "cluster", "quiet", "json_lines", "again"}

Work = Callable[[Source, "Watch"], Done]


class Batch:
    """The files of one command, worked through with `run`.

    Args:
        asked: all options of the command, by which the log knows whether a file was done in the same way.
        kinds: of files that are looked for in folders.
        goes_on: whether what is done already is left as it is.
    """

    def __init__(
        self,
        given: Sequence[str],
        kinds: Sequence[FileKind],
        out: Path | None,
        asked: Mapping[str, Any],
        *,
        quiet: bool,
        json_lines: bool,
        again: bool = False,
        goes_on: bool = True,
    ) -> None:
        self.out = out
        if out:
            _made(out)
        self.inputs = inputs_of(given, kinds, out)
        self._telling = Telling(quiet=quiet, json_lines=json_lines)
        self._stopped = threading.Event()
        self._log: _Log | None = None
        if out and self.inputs.many and goes_on:
            self._log = _Log(out, {name: str(value) for name, value in asked.items() if name not in _ELSEWHERE})
            if again:
                self._log.forget()

    def run(self, work: Work, at_once: int = 1) -> None:
        """Do the work on each file, so many side by side, and end the command with its status."""
        raise typer.Exit(self.worked_through(work, at_once))

    def worked_through(self, work: Work, at_once: int = 1) -> int:
        """The status."""
        sources = self.inputs.sources
        known = {source: self._log.known(source.file) if self._log else None for source in sources}
        waiting = [source for source in sources if known[source] is None]
        failed = {source.file: why for source in sources if (why := known[source])}
        done = 0
        with self._telling.begin(len(waiting)), ThreadPoolExecutor(at_once) as pool:
            jobs = deque((source.file, pool.submit(self._one, source, work)) for source in waiting)
            try:
                while jobs:  # in the order in which they were given; what was told is kept no longer
                    file, job = jobs.popleft()
                    if why := self._told(file, job):
                        failed[file] = why
                    else:
                        done += 1
            except KeyboardInterrupt:
                self._stopped.set()
                pool.shutdown(cancel_futures=True)
                if self._log:
                    self._telling.remark("Stopped. The same command goes on from here.")
                return INTERRUPTED
        if self.inputs.many:
            self._telling.end(done, sum(why == "" for why in known.values()), failed)
        return FAILED if failed else DONE

    def _told(self, file: Path, job: Future[Done | str]) -> str:
        """Say what came of a file; returns why nothing did, if so."""
        try:
            done = job.result()
        except (Cancelled, CancelledError):
            return "not done"
        if isinstance(done, Done):
            self._telling.done(file, done)
            return ""
        self._telling.failed(file, done)
        return done

    def _one(self, source: Source, work: Work) -> Done | str:
        """What came of a file, or why nothing did."""
        from posecore.clips.segment_jobs import Watch

        if self._stopped.is_set():
            raise Cancelled("cancelled")
        began = time.monotonic()
        try:
            listen = partial(self._telling.progress, source.file) if self._telling.listens else None
            done = work(source, Watch(listen, self._stopped.is_set))
            if self._log:
                found = {"results": [self._log.named(path) for path in done.results]}
                found |= {name: done.values[name] for name in ("found_by",) if name in done.values}
                self._log.add(source.file, found, began)
        except Cancelled:
            raise
        except (PoseError, OSError) as error:
            return self._why(source, error, began)
        except Exception as error:  # noqa: BLE001  (whatever it is, the other files are done)
            return f"{self._why(source, PoseError('worker_died'), began)} ({type(error).__name__}: {error})"
        return done

    def _why(self, source: Source, error: PoseError | OSError, began: float) -> str:
        said = error if isinstance(error, PoseError) else write_error(error, source.file)
        words = str(said)
        if isinstance(said, WriteError) and said.code == "disk_full" and self._log:
            self._stopped.set()  # nor can anything else be written
            words += " Then the same command goes on from here."
        elif isinstance(said, (MediaError, LimitError)) and self._log:
            self._log.add(source.file, {"reason": words}, began)  # it will be no better next time
        return words


def _made(out: Path) -> None:
    try:
        make_folder(out)
    except WriteError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class _Log:
    """A line for each file that is done or will never be, on the disk before the next begins.

    It lies beside the results; where these go to an address, in the folder in which the command was given.

    A file counts as done where it has not changed, the same was asked of the same version, and its results are there.
    """

    def __init__(self, folder: Path, asked: Mapping[str, str]) -> None:
        self._folder = folder
        self._path = folder / LOG if is_here(folder) else Path(f"{_digest(str(folder))}.{LOG}")
        self._asked = _digest(json.dumps([__version__, sorted(asked.items())]))
        self._lock = threading.Lock()
        for draft in folder.rglob(f"{UNFINISHED}*") if is_here(folder) else ():  # of a run that was killed
            draft.unlink(missing_ok=True)
        self._known: dict[str, dict[str, Any]] = {}
        for line in self._path.read_text("utf-8").splitlines() if self._path.exists() else ():
            try:
                entry = json.loads(line)
                self._known[entry["file"]] = entry
            except (ValueError, KeyError, TypeError):
                continue  # it broke off

    def forget(self) -> None:
        """Nothing is done."""
        self._known.clear()
        self._path.unlink(missing_ok=True)

    def named(self, result: Path) -> str:
        """A result as it stands in the log."""
        return result.as_posix().removeprefix(self._folder.as_posix()).lstrip("/")

    def known(self, file: Path) -> str | None:
        """Why nothing comes of a file, empty where it is done; None where it is to be done."""
        entry = self._known.get(str(file.resolve()))
        if entry is None or not file.exists() or {**entry, **self._of(file)} != entry:
            return None
        if all((self._folder / name).exists() for name in entry.get("results", ())):
            return str(entry.get("reason", ""))
        return None

    def add(self, file: Path, found: Mapping[str, Any], began: float) -> None:
        """What came of it.

        Raises:
            WriteError: the log cannot be written.
        """
        entry = {**self._of(file), **found, "seconds": round(time.monotonic() - began, 1)}
        with self._lock, told_as_write_error(self._path), self._path.open("a+b") as log:
            if log.tell():
                log.seek(-1, os.SEEK_END)
                if log.read(1) != b"\n":  # the last line broke off
                    log.write(b"\n")
            log.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())

    def _of(self, file: Path) -> dict[str, Any]:
        now = file.stat()
        return {"file": str(file.resolve()), "bytes": now.st_size, "changed": now.st_mtime, "asked": self._asked}
