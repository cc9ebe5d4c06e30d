"""Files that are whole or not there: a draft beside the target takes its name once all is written."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from posecore.errors import WriteError
from posecore.media.places import is_here

UNFINISHED = "unfinished-"  # drafts' names begin with it
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the disk, one's share of it, what a file may have


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """The path of a draft to write to, in the same folder.

    It replaces `path` when the context is left, and is removed where that is by an error. So whoever reads `path` finds
    what was there before or all of what is new, also where the process dies; then the draft stays behind.

    Raises:
        WriteError: the draft cannot be written.
    """
    if not is_here(path):
        with _sent_whole(path) as draft:
            yield draft
        return
    draft = path.with_name(f"{UNFINISHED}{os.urandom(6).hex()}")
    try:
        with told_as_write_error(path):
            yield draft
            draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Have a folder for results; stores have none of their own.

    Raises:
        WriteError: it cannot be made.
    """
    if is_here(path):
        with told_as_write_error(path):
            path.mkdir(parents=True, exist_ok=True)


@contextmanager
def _sent_whole(path: Path) -> Iterator[Path]:
    """A draft on this machine; a store shows a file when all of it is there."""
    with tempfile.TemporaryDirectory(prefix="posecore-") as folder:
        draft = Path(folder) / path.name
        yield draft
        store: Any = path
        try:
            store.fs.put_file(str(draft), store.path)
        except Exception as error:  # each kind of store has errors of its own
            raise WriteError("not_written", name=path.name, reason=str(error) or type(error).__name__) from error


@contextmanager
def told_as_write_error(path: Path) -> Iterator[None]:
    """Whatever the system says against writing becomes a sentence.

    Raises:
        WriteError: there was an OSError.
    """
    try:
        yield
    except OSError as error:
        raise write_error(error, path) from error


def write_error(error: OSError, path: Path) -> WriteError:
    """The sentence for what the system said against writing a file."""
    if disk_is_full(error):
        return WriteError("disk_full")
    return WriteError("not_written", name=path.name, reason=error.strerror or type(error).__name__)


def disk_is_full(error: BaseException) -> bool:
    """Whether there is no room left where somebody wanted to write."""
    return isinstance(error, OSError) and error.errno in _FULL
