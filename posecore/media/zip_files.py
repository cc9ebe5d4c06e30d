"""Files out of a ZIP into a folder, under names of ours; nothing may grow beyond what is allowed."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from posecore.errors import LimitError, MediaError
from posecore.limits import ARCHIVE_LIMITS, ArchiveLimits
from posecore.media.atomic_files import told_as_write_error
from posecore.processes.alive import still_alive

_UTF8_NAME = 0x800
_MEGA = 1_000_000
_PIECE = 1 << 20


class Unpacked(NamedTuple):
    """A file out of an archive: its name there without folders, and where it lies now."""

    name: str
    path: Path


def unpack(
    archive: Path, folder: Path, suffixes: Collection[str], most: int, limits: ArchiveLimits = ARCHIVE_LIMITS
) -> list[Unpacked]:
    """The first so many files with these suffixes, in the archive's order.

    Raises:
        MediaError: damaged, or locked with a password.
        LimitError: more entries than allowed, or larger when it is unpacked.
        WriteError: the folder cannot be written to.
    """
    left = limits.unpacked_megabytes * _MEGA
    found: list[Unpacked] = []
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > limits.entries:
                raise LimitError("zip_too_many", count=len(entries), most=limits.entries)
            for number, entry in enumerate(_wanted(entries, suffixes)[:most]):
                name = PurePosixPath(_name(entry)).name
                path = folder / f"{archive.stem}-{number}{PurePosixPath(entry.filename).suffix.lower()}"
                with opened.open(entry) as source:
                    left -= _copied(source, path, left, limits)
                found.append(Unpacked(name, path))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise MediaError("zip_unreadable") from error
    return found


def _copied(source: IO[bytes], path: Path, left: int, limits: ArchiveLimits) -> int:
    """How many bytes were written; no more than are left."""
    size = 0
    with path.open("wb") as target:
        while piece := source.read(_PIECE):
            still_alive()
            size += len(piece)
            if size > left:
                raise LimitError("zip_too_large", most=limits.unpacked_megabytes)
            with told_as_write_error(path):
                target.write(piece)
    return size


def _wanted(entries: list[zipfile.ZipInfo], suffixes: Collection[str]) -> list[zipfile.ZipInfo]:
    """Without folders and the hidden files that systems pack along."""
    return [
        entry
        for entry in entries
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
