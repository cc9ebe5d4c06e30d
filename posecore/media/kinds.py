"""What a file is, by its first bytes: names say nothing about what strangers send."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from posecore.errors import LimitError, MediaError
from posecore.limits import ARCHIVE_LIMITS, CLIP_LIMITS, MOVEMENT_LIMITS, PICTURE_LIMITS, TAUGHT_LIMITS

FileKind = Literal["picture", "clip", "archive", "movement", "taught"]

HEAD_BYTES = 64
_MEGA = 1_000_000
_MEGABYTES: dict[FileKind, int] = {
    "picture": PICTURE_LIMITS.megabytes,
    "clip": CLIP_LIMITS.megabytes,
    "archive": ARCHIVE_LIMITS.megabytes,
    "movement": MOVEMENT_LIMITS.megabytes,
    "taught": TAUGHT_LIMITS.megabytes,
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_CLIPS = (b"\x1a\x45\xdf\xa3", b"OggS", b"FLV\x01", b"\x30\x26\xb2\x75", b"\0\0\x01\xba", b"\0\0\x01\xb3")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
# The first name in PoseLab's own ZIPs, after 30 bytes of its header.
_MOVEMENT = b"about.json"
TAUGHT_HEAD = b"taught.json"
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")  # a QuickTime file may begin with each
_TRANSPORT_PACKETS = (0, 4)  # where a TS has its sign; M2TS has it after a time stamp


def file_kind(head: bytes) -> FileKind | None:
    """What begins with these bytes; None if it is nothing that is known here. A GIF counts as a picture."""
    if head.startswith(_ARCHIVES):
        if head[30:].startswith(TAUGHT_HEAD):
            return "taught"
        return "movement" if head[30:].startswith(_MOVEMENT) else "archive"
    if head[:4] == b"RIFF":
        return "picture" if head[8:12] == b"WEBP" else "clip" if head[8:12] == b"AVI " else None
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "picture"
    if head.startswith(_CLIPS) or head[4:8] in _BOXES:
        return "clip"
    if head.startswith(_PICTURES):
        return "picture"
    return "clip" if any(head[place : place + 1] == b"\x47" for place in _TRANSPORT_PACKETS) else None


def most_megabytes(kind: FileKind) -> int:
    """How large a file of a kind may be."""
    return _MEGABYTES[kind]


def check_size(size: int, most: int) -> None:
    """Look at a file's bytes, of which there may be so many megabytes.

    Raises:
        MediaError: there are none.
        LimitError: there are more.
    """
    if size <= 0:
        raise MediaError("empty_file")
    if size > most * _MEGA:
        raise LimitError("file_too_large", size=f"{size / _MEGA:.0f}", most=most)


def check_file(path: Path) -> FileKind | None:
    """What a file is, by its content.

    Raises:
        MediaError: missing or empty.
        LimitError: more bytes than its kind may have.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            kind = file_kind(file.read(HEAD_BYTES))
    except OSError as error:
        raise MediaError("no_such_file") from error
    check_size(size, most_megabytes(kind or "clip"))
    return kind
