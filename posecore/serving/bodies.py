"""What callers send, on its way to the disk: as it is, or as one field of a form; never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from posecore.errors import LimitError, MediaError
from posecore.media.atomic_files import told_as_write_error
from posecore.media.kinds import HEAD_BYTES, FileKind, check_size, file_kind, most_megabytes

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_FORM = b"multipart/form-data"
_MEGA = 1_000_000


async def saved(request: Request, kind: FileKind, path: Path) -> None:
    """Write a picture or a clip that a caller sends to a file.

    Of a form the first field with content is taken, whatever its name.

    Raises:
        MediaError: nothing was sent, or something else.
        LimitError: more than may be.
        WriteError: there is no room for it.
    """
    most = most_megabytes(kind)
    told = int(request.headers.get("content-length") or 0)
    if told > (most + 1) * _MEGA:
        raise LimitError("file_too_large", size=f"{told / _MEGA:.0f}", most=most)
    size = 0
    with told_as_write_error(path), path.open("wb") as file:
        async for part in _content(request):
            size += len(part)
            check_size(size or 1, most)
            file.write(part)
    check_size(size, most)
    with path.open("rb") as file:
        found = file_kind(file.read(HEAD_BYTES))
    if found not in (kind, None) and not (kind == "clip" and found == "picture"):
        raise MediaError("clip_not_picture" if kind == "picture" else "picture_not_clip")


async def _content(request: Request) -> AsyncIterator[bytes]:
    media, options = parse_options_header(request.headers.get("content-type", ""))
    if media != _FORM:
        async for part in request.stream():
            yield part
        return
    field = _FirstField()
    try:
        parser = MultipartParser(options.get(b"boundary", b""), field.callbacks())
        async for part in request.stream():
            parser.write(part)
            for data in field.taken():
                yield data
        parser.finalize()
    except FormParserError as error:
        raise MediaError("empty_file") from error


class _FirstField:
    """The data of a form's first field that has any."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._begun = self._over = False

    def callbacks(self) -> MultipartCallbacks:
        return {"on_part_data": self._data, "on_part_end": self._end}

    def taken(self) -> list[bytes]:
        parts, self._parts = self._parts, []
        return parts

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._over and end > start:
            self._begun = True
            self._parts.append(data[start:end])

    def _end(self) -> None:
        self._over = self._begun
