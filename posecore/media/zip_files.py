"""Files out of a ZIP, in memory alone: nothing is written, and nothing may grow beyond what is allowed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from posecore.errors import LimitError, MediaError

MOST_MEGABYTES = 500  # of everything that is unpacked
_UTF8_NAME = 0x800
_MEGA = 1_000_000


def unpack(data: bytes, suffixes: tuple[str, ...], most: int) -> Iterator[tuple[str, bytes]]:
    """Names without folders and contents of the first so many files with these suffixes, in the archive's order.

    Raises:
        MediaError: damaged, or locked with a password.
        LimitError: unpacked it is larger than `MOST_MEGABYTES`.
    """
    left = MOST_MEGABYTES * _MEGA
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in _wanted(archive, suffixes)[:most]:
                with archive.open(entry) as file:
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise LimitError("zip_too_large", most=MOST_MEGABYTES)
                yield PurePosixPath(_name(entry)).name, content
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise MediaError("zip_unreadable") from error


def _wanted(archive: zipfile.ZipFile, suffixes: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    """Without folders and the hidden files that systems pack along."""
    return [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and PurePosixPath(entry.filename).suffix.lower().removeprefix(".") in suffixes
        and not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(entry.filename).parts)
    ]


def _name(entry: zipfile.ZipInfo) -> str:
    """Archives of Chinese Windows have names in GBK, which the format does not know of."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
