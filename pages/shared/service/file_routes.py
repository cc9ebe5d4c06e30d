"""Files from the visit's folder to its browser: clips to play, results to take home. Nothing is kept in memory.

GET /files/<secret>/<key> sends a file, in parts where the browser asks for parts; POST has it made before.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from pages.shared.service.brought_files import SHELVES, Offered, Shelf
from posecore.errors import PoseError
from posecore.language import DEFAULT, LANGUAGES, translate
from posecore.media.atomic_files import disk_is_full

PATH = "/files"
_GONE, _REFUSED = 410, 422


async def _make(request: Request) -> Response:
    """Have it made; a sentence where that fails."""
    asked = request.query_params.get("lang", DEFAULT)
    language = asked if asked in LANGUAGES else DEFAULT
    found = _found(request)
    if found is None:
        return JSONResponse({"refused": translate(language, "uploads.gone")}, _GONE)
    shelf, key, offered = found
    try:
        await run_in_threadpool(shelf.made, key, offered)
    except PoseError as error:
        return JSONResponse({"refused": error.message(language)}, _REFUSED)
    except OSError as error:
        words = "errors.disk_full" if disk_is_full(error) else "errors.unexpected"
        return JSONResponse({"refused": translate(language, words)}, _REFUSED)
    return JSONResponse({})


async def _send(request: Request) -> Response:
    found = _found(request)
    if found is None:
        return Response(status_code=_GONE)
    shelf, key, offered = found
    try:
        path = await run_in_threadpool(shelf.made, key, offered)
    except (PoseError, OSError):
        return Response(status_code=_REFUSED)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    if offered.name:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(offered.name, safe='')}"
    return FileResponse(path, media_type=offered.mimetype, headers=headers)


def _found(request: Request) -> tuple[Shelf, str, Offered] | None:
    shelf, key = SHELVES.find(request.path_params["secret"]), request.path_params["key"]
    offered = shelf.offered(key) if shelf else None
    return (shelf, key, offered) if shelf and offered else None


def file_routes() -> list[Route]:
    """Of all visits."""
    path = f"{PATH}/{{secret}}/{{key}}"
    return [Route(path, _send, methods=["GET"]), Route(path, _make, methods=["POST"])]
