"""Files from the visit's folder to its browser: clips to play, results to take home. Nothing is kept in memory.

GET /files/<secret>/<key> sends a file, in parts where the browser asks for parts; POST has it made before.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from pages.shared.service.answers import GONE, REFUSED, language_of
from pages.shared.service.brought_files import SHELVES, Offered
from posecore.errors import PoseError
from posecore.language import translate
from posecore.media.atomic_files import disk_is_full

PATH = "/files"


async def _make(request: Request) -> Response:
    """Have it made; a sentence where that fails."""
    language = language_of(request)
    try:
        made = await _made(request)
    except PoseError as error:
        return JSONResponse({"refused": error.message(language)}, REFUSED)
    except OSError as error:
        words = "errors.disk_full" if disk_is_full(error) else "errors.unexpected"
        return JSONResponse({"refused": translate(language, words)}, REFUSED)
    return JSONResponse({}) if made else JSONResponse({"refused": translate(language, "uploads.gone")}, GONE)


async def _send(request: Request) -> Response:
    try:
        made = await _made(request)
    except (PoseError, OSError):
        return Response(status_code=REFUSED)
    if made is None:
        return Response(status_code=GONE)
    offered, path = made
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    if offered.name:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(offered.name, safe='')}"
    return FileResponse(path, media_type=offered.mimetype, headers=headers)


async def _made(request: Request) -> tuple[Offered, Path] | None:
    shelf = SHELVES.find(request.path_params["secret"])
    return await run_in_threadpool(shelf.made, request.path_params["key"]) if shelf else None


def file_routes() -> list[Route]:
    """Of all visits."""
    path = f"{PATH}/{{secret}}/{{key}}"
    return [Route(path, _send, methods=["GET"]), Route(path, _make, methods=["POST"])]
