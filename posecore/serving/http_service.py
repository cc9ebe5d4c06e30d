"""The service: its addresses, and what stands behind each.

POST /images answers at once; POST /clips gives a job to ask about; results are fetched by name; DELETE frees it.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from posecore.errors import PoseError
from posecore.exercises.exercise_files import exercise_names, load_exercise
from posecore.formats.file_formats import FORMATS
from posecore.language import translate
from posecore.processes.worker_processes import Lanes, Workers
from posecore.serving.asked import analysis_settings, detector_settings, exercise
from posecore.serving.bodies import saved
from posecore.serving.callers import HeardOut, Key, Noted, Rate
from posecore.serving.clip_jobs import ClipJob, ClipJobs, summary
from posecore.serving.description import MEDIATYPES, openapi
from posecore.serving.metrics import failed
from posecore.serving.pictures import picture_answer
from posecore.serving.problems import (
    GONE,
    NOT_FOUND,
    answer_failure,
    answer_http_error,
    answer_nobody,
    answer_pose_error,
    language_of,
    problem,
)
from posecore.serving.try_page import try_page
from posecore.version import __version__

_ACCEPTED, _NO_CONTENT, _CONFLICT = 202, 204, 409
_PNG, _EVENTS = "image/png", "text/event-stream"
_LOOK_S, _TIDY_S = 0.25, 30.0


@dataclass(frozen=True)
class ServiceSettings:
    """How callers are served.

    Attributes:
        key: without which nobody is served; empty for none.
        origins: of web pages that may call, `*` for all.
        a_minute: requests from one address; 0 for any number.
        keep_s: seconds for which results are kept after somebody asked for them.
        most_waiting: pictures that wait; whoever comes then is told when to come again.
    """

    key: str = ""
    origins: tuple[str, ...] = ()
    a_minute: int = 0
    keep_s: float = 3600.0
    most_waiting: int = 200


class Service:
    """What all requests share; `close` ends it, but not the workers for clips."""

    def __init__(self, workers: Lanes, settings: ServiceSettings) -> None:
        self.settings = settings
        self._pictures = Workers(os.cpu_count(), most_lanes=settings.most_waiting)
        self._folder = tempfile.TemporaryDirectory(prefix="posecore-service-", ignore_cleanup_errors=True)
        self._drafts = Path(self._folder.name)
        self.jobs = ClipJobs(self._drafts, workers, settings.keep_s)

    def close(self) -> None:
        """End jobs, processes for pictures, and files."""
        self.jobs.close()
        self._pictures.close()
        self._folder.cleanup()

    async def tidy(self) -> None:
        """Forget jobs that nobody asks for, for ever."""
        while True:
            await asyncio.sleep(_TIDY_S)
            await run_in_threadpool(self.jobs.tidy)

    async def image(self, request: Request) -> Response:
        """People in a picture, as JSON, or where `Accept` asks for PNG the picture with their skeletons."""
        settings = detector_settings(request.query_params)
        with self._draft() as path:
            await saved(request, "picture", path)
            drawn = _PNG in request.headers.get("accept", "")
            job = self._pictures.lane().submit(picture_answer, path, settings, drawn=drawn)
            answer = await _while_there(request, job)
        if answer is None:
            return Response(status_code=GONE)
        return Response(answer, media_type=_PNG if drawn else "application/json")

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        path = self._drafts / f"picture-{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def new_clip(self, request: Request) -> Response:
        """A job for a clip; or its progress, with which it ends."""
        query = request.query_params
        name = Path(query.get("name", "clip")).name[:200]
        with self.jobs.arriving(name, analysis_settings(query), exercise(query)) as job:
            await saved(request, "clip", job.source)
        if _EVENTS in request.headers.get("accept", ""):
            return StreamingResponse(self._events(request, job, holds=True), media_type=_EVENTS)
        return JSONResponse(_state(job), _ACCEPTED, {"Location": f"/clips/{job.number}"})

    async def clip(self, request: Request) -> Response:
        """How far it is, and what there is to fetch."""
        job = self._job(request)
        if job.error:
            return problem(request, _CONFLICT, job.error.message(language_of(request)), code=job.error.code)
        return JSONResponse(_state(job))

    async def events(self, request: Request) -> Response:
        """The same as it changes."""
        return StreamingResponse(self._events(request, self._job(request)), media_type=_EVENTS)

    async def _events(self, request: Request, job: ClipJob, *, holds: bool = False) -> AsyncIterator[str]:
        """Until it is over; where the caller `holds` the job it ends with them."""
        told = None
        try:
            while told is None or told["state"] == "working":
                if (state := _state(job)) != told:
                    told = state
                    words = {"problem": job.error.message(language_of(request))} if job.error else {}
                    yield f"data: {json.dumps(state | words, ensure_ascii=False)}\n\n"
                    continue
                await asyncio.sleep(_LOOK_S)
                if await request.is_disconnected():
                    return
        finally:
            if holds and job.state == "working":
                await asyncio.shield(run_in_threadpool(self.jobs.forget, job.number))

    async def result(self, request: Request) -> Response:
        """One of a finished clip's results."""
        job, name = self._job(request), request.path_params["name"]
        if job.state == "working":
            return problem(request, _CONFLICT, translate(language_of(request), "errors.not_done_yet"))
        if job.state == "done" and name == "summary":
            return JSONResponse(await run_in_threadpool(summary, job))
        path = await run_in_threadpool(self.jobs.result, job, name) if name in MEDIATYPES else None
        if path is None:
            raise HTTPException(NOT_FOUND)
        suffix = FORMATS[name].suffix if name in FORMATS else f".{name}"
        return FileResponse(path, media_type=MEDIATYPES[name], filename=Path(job.name).stem + suffix)

    async def free(self, request: Request) -> Response:
        """End a job, and take its files away."""
        if not await run_in_threadpool(self.jobs.forget, request.path_params["number"]):
            raise HTTPException(NOT_FOUND)
        return Response(status_code=_NO_CONTENT)

    async def described(self, _request: Request) -> Response:
        """For programs."""
        return JSONResponse(openapi(keyed=bool(self.settings.key)))

    async def tried(self, request: Request) -> Response:
        """For people: a page to try it on."""
        return HTMLResponse(try_page(language_of(request), keyed=bool(self.settings.key)))

    def _job(self, request: Request) -> ClipJob:
        job = self.jobs.find(request.path_params["number"])
        if job is None:
            raise HTTPException(NOT_FOUND)
        return job


def _state(job: ClipJob) -> dict[str, object]:
    state: dict[str, object] = {"id": job.number, "state": job.state, "done": job.done, "total": job.total}
    if job.state == "done":
        names = ["summary", *(name for name in MEDIATYPES if name != "reps.csv" or job.exercise)]
        state["results"] = {name: f"/clips/{job.number}/{name}" for name in names}
    return state


async def _while_there(request: Request, job: Future[bytes]) -> bytes | None:
    """What a job gives; None where the caller leaves before, for whom it is not begun any more."""
    waiting = asyncio.wrap_future(job)
    while not (await asyncio.wait([waiting], timeout=_LOOK_S))[0]:
        if await request.is_disconnected():
            waiting.cancel()
            return None
    return waiting.result()


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok", "version": __version__})


async def _exercises(request: Request) -> Response:
    language = language_of(request)
    return JSONResponse([{"name": name, "title": load_exercise(name).title(language)} for name in exercise_names()])


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    failed(None)
    return await answer_failure(request, error)


def service(workers: Lanes, settings: ServiceSettings | None = None) -> Starlette:
    """The application, which ends what it began, but not the workers, when its server stops.

    Args:
        workers: processes in which clips are worked on.
    """
    settings = settings or ServiceSettings()
    shared = Service(workers, settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tidying = asyncio.create_task(shared.tidy())
        yield
        tidying.cancel()
        with suppress(asyncio.CancelledError):
            await tidying
        shared.close()

    routes = [
        Route("/", shared.tried, methods=["GET"]),
        Route("/openapi.json", shared.described, methods=["GET"]),
        Route("/health", _health, methods=["GET"]),
        Route("/exercises", _exercises, methods=["GET"]),
        Route("/images", shared.image, methods=["POST"]),
        Route("/clips", shared.new_clip, methods=["POST"]),
        Route("/clips/{number}", shared.clip, methods=["GET"]),
        Route("/clips/{number}", shared.free, methods=["DELETE"]),
        Route("/clips/{number}/events", shared.events, methods=["GET"]),
        Route("/clips/{number}/{name}", shared.result, methods=["GET"]),
    ]
    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        PoseError: answer_pose_error,
        HTTPException: answer_http_error,
        ClientDisconnect: answer_nobody,
        Exception: _unforeseen,
    }
    middleware = [Middleware(Noted), Middleware(HeardOut)]
    if settings.origins:
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=settings.origins, allow_methods=["*"], allow_headers=["*"])
        )
    if settings.a_minute:
        middleware.append(Middleware(Rate, settings.a_minute))
    if settings.key:
        middleware.append(Middleware(Key, settings.key))
    return Starlette(routes=routes, exception_handlers=handlers, middleware=middleware, lifespan=lifespan)
