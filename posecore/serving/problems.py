"""What went wrong, as RFC 9457 has it (application/problem+json), in the language that the caller reads."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from posecore.errors import BusyError, LimitError, PoseError, WriteError
from posecore.language import language_for, translate

_MEDIATYPE = "application/problem+json"
UNKNOWN, NOT_FOUND, WRONG, TOO_MANY, GONE, FAILED = 401, 404, 422, 429, 499, 500

_STATUS = {LimitError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE, WriteError: HTTPStatus.INSUFFICIENT_STORAGE}


def problem(request: Request, status: int, detail: str, **members: object) -> JSONResponse:
    """The answer; `members` stand beside the usual ones."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    headers = {"Content-Language": language_of(request)}
    return JSONResponse(content, status, headers, media_type=_MEDIATYPE)


def language_of(request: Request) -> str:
    """By `?lang=`, else by what the caller's program says that it reads."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "").split(",")[0]
    return language_for(wanted.split(";")[0].strip() or None)


def of_error(request: Request, error: PoseError) -> JSONResponse:
    """An error of ours: too large, too busy, or not what was asked for."""
    words = error.message(language_of(request))
    if isinstance(error, BusyError):
        answer = problem(request, HTTPStatus.SERVICE_UNAVAILABLE, words, code=error.code)
        answer.headers["Retry-After"] = str(error.values["seconds"])
        return answer
    status = next((one for kind, one in _STATUS.items() if isinstance(error, kind)), WRONG)
    return problem(request, status, words, code=error.code)


async def answer_pose_error(request: Request, error: Exception) -> JSONResponse:
    """For Starlette."""
    assert isinstance(error, PoseError)
    return of_error(request, error)


async def answer_http_error(request: Request, error: Exception) -> JSONResponse:
    """For Starlette: no such address, no such method."""
    assert isinstance(error, HTTPException)
    answer = problem(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


async def answer_nobody(_request: Request, _error: Exception) -> Response:
    """For Starlette: the caller is gone."""
    return Response(status_code=GONE)


async def answer_failure(request: Request, _error: Exception) -> JSONResponse:
    """For Starlette: a fault of ours, of which the caller learns nothing but that."""
    return problem(request, FAILED, translate(language_of(request), "errors.unexpected"))
