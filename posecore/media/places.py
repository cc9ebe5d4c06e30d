"""Where files lie: in a folder of this machine, or at an address of a store that fsspec knows (s3://, sftp://, ...)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from posecore.errors import PoseError

_ADDRESS = "://"
_BLOCK_BYTES = 1 << 20  # read at once from a store: a second of an ordinary clip


def place(text: str) -> Path:
    """A path, or what behaves like one where the text is an address.

    Raises:
        PoseError: addresses cannot be read here.
    """
    if _ADDRESS not in text:
        return Path(text)
    try:
        from upath import UPath

        return cast("Path", UPath(text))
    except (ImportError, ValueError) as error:
        raise PoseError("address_unknown", address=text, reason=error) from error


def is_here(path: Path) -> bool:
    """Whether it lies in a folder of this machine."""
    return isinstance(path, Path)


@contextmanager
def readable(path: Path) -> Iterator[str | IO[bytes]]:
    """What PyAV opens; of a store only those parts are fetched that are read."""
    if is_here(path):
        yield str(path)
        return
    store: Any = path
    with store.fs.open(store.path, "rb", block_size=_BLOCK_BYTES, cache_type="readahead") as file:
        yield file
