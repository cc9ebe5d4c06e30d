"""Files that are whole or not there: a draft beside the target takes its name once all is written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posecore.errors import WriteError

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
    draft = path.with_name(f"{UNFINISHED}{os.urandom(6).hex()}")
    try:
        with told_as_write_error(path):
            yield draft
            draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


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
