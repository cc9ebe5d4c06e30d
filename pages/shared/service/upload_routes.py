"""Where browsers send files to, piece by piece: POST /upload/<secret>/<place>/<number>.

A piece says where it begins, the answer where the next one has to, so that an upload goes on after the line broke.
Nothing of a file is kept in memory but the piece that is being written.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.shared.service.answers import GONE, REFUSED, language_of
from pages.shared.service.brought_files import SHELVES, Shelf
from posecore.errors import MediaError, PoseError
from posecore.serving.metrics import failed

PATH = "/upload"
PIECE_BYTES = 4 << 20  # that a browser sends at once
_WRITTEN_BYTES = 1 << 20  # that are written at once


class _OutOfStep(Exception):  # noqa: N818  (the browser goes on from where it should)
    """The piece began elsewhere than where the last one ended."""

    def __init__(self, had: int) -> None:
        super().__init__()
        self.had = had


_Answer = Callable[[Request, Shelf], Awaitable[Response]]


def _on_shelf(answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
    """Find the visit's shelf, and tell what is wrong as a sentence in the visitor's language."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        shelf = SHELVES.find(request.path_params["secret"])
        if shelf is None:
            return JSONResponse({}, GONE)
        try:
            return await answer(request, shelf)
        except PoseError as error:
            failed(error)
            return JSONResponse({"refused": error.message(language_of(request))}, REFUSED)

    return answered


@_on_shelf
async def _begin(request: Request, shelf: Shelf) -> Response:
    size = request.query_params.get("size", "")
    if not size.isdigit() or len(size) > 15:
        raise MediaError("no_such_file")
    name = unquote(request.query_params.get("name", ""))
    had = await run_in_threadpool(shelf.begin, *_file(request), name, int(size))
    return JSONResponse({"had": had})


@_on_shelf
async def _add(request: Request, shelf: Shelf) -> Response:
    place, number = _file(request)
    offset = int(told) if (told := request.query_params.get("offset", "")).isdigit() and len(told) < 16 else -1
    waiting, taken = bytearray(), 0
    try:
        async for part in request.stream():
            taken += len(part)
            if taken > PIECE_BYTES:
                raise MediaError("no_such_file")
            waiting += part
            if len(waiting) >= _WRITTEN_BYTES:
                offset = await _written(shelf, place, number, offset, waiting)
        had = await _written(shelf, place, number, offset, waiting)
    except ClientDisconnect:  # the browser will ask how much is here
        return JSONResponse({}, GONE)
    except _OutOfStep as error:
        had = error.had
    return JSONResponse({"had": had})


@_on_shelf
async def _remove(request: Request, shelf: Shelf) -> Response:
    await run_in_threadpool(shelf.remove, *_file(request))
    return Response(status_code=204)


async def _written(shelf: Shelf, place: str, number: str, offset: int, waiting: bytearray) -> int:
    data = bytes(waiting)
    waiting.clear()
    had = await run_in_threadpool(shelf.add, place, number, offset, data)
    if had != offset + len(data):
        raise _OutOfStep(had)
    return had


def _file(request: Request) -> tuple[str, str]:
    return request.path_params["place"], request.path_params["number"]


def upload_routes() -> list[Route]:
    """GET asks how much of a file is here and announces it, POST adds a piece, DELETE forgets it."""
    path = f"{PATH}/{{secret}}/{{place}}/{{number}}"
    return [
        Route(path, _begin, methods=["GET"]),
        Route(path, _add, methods=["POST"]),
        Route(path, _remove, methods=["DELETE"]),
    ]
