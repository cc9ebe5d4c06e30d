"""The service: its addresses, and what stands behind each.

POST /images answers at once; POST /clips gives a job to ask about; results are fetched by name; DELETE frees it.
"""

from __future__ import annotations

import hmac
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.image_detector import ImageDetector
from posecore.detection.picture_reading import read_picture
from posecore.errors import PoseError
from posecore.exercises.exercise_files import exercise_names, load_exercise
from posecore.formats.file_formats import FORMATS
from posecore.formats.json_records import pose_record
from posecore.language import translate
from posecore.processes.worker_processes import Workers
from posecore.serving.asked import analysis_settings, detector_settings, exercise
from posecore.serving.bodies import saved
from posecore.serving.clip_jobs import TABLES, ClipJob, ClipJobs, summary
from posecore.serving.problems import (
    FORBIDDEN,
    NOT_FOUND,
    answer_failure,
    answer_http_error,
    answer_pose_error,
    language_of,
    problem,
)
from posecore.version import __version__
from posecore.visuals.skeleton_drawing import to_png

_ACCEPTED, _NO_CONTENT, _CONFLICT = 202, 204, 409
_PNG = "image/png"
_MEDIATYPES = dict.fromkeys(TABLES, "text/csv") | {"annotated.mp4": "video/mp4"}
_MEDIATYPES |= {name: one.mimetype for name, one in FORMATS.items()}


class Service:
    """What all requests share; `close` ends it."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.detector = ImageDetector()
        self._folder = tempfile.TemporaryDirectory(prefix="posecore-service-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.jobs = ClipJobs(self.folder, workers)

    def close(self) -> None:
        """End jobs, landmarkers and files, not the workers."""
        self.jobs.close()
        self.detector.close()
        self._folder.cleanup()

    async def image(self, request: Request) -> Response:
        """People in a picture, as JSON, or where `Accept` asks for PNG the picture with their skeletons."""
        settings = detector_settings(request.query_params)
        with self._draft() as path:
            await saved(request, "picture", path)
            drawn = _PNG in request.headers.get("accept", "")
            return await run_in_threadpool(self._looked_at, path, settings, drawn=drawn)

    def _looked_at(self, path: Path, settings: DetectorSettings, *, drawn: bool) -> Response:
        read = self.workers.lane().submit(read_picture, path).result()
        if drawn:
            return Response(to_png(read.frame, self.detector.detect(read.frame, settings)), media_type=_PNG)
        pose, _ = self.detector.timed(read.frame, settings, read.size)
        return JSONResponse(pose_record(pose, settings.model))

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        path = self.folder / f"picture-{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def new_clip(self, request: Request) -> Response:
        """A job for a clip."""
        query = request.query_params
        name = Path(query.get("name", "clip")).name[:200]
        with self.jobs.arriving(name, analysis_settings(query), exercise(query)) as job:
            await saved(request, "clip", job.source)
        return JSONResponse(self._state(job), _ACCEPTED, {"Location": f"/clips/{job.number}"})

    async def clip(self, request: Request) -> Response:
        """How far it is, and what there is to fetch."""
        job = self._job(request)
        if job.error:
            return problem(request, _CONFLICT, job.error.message(language_of(request)), code=job.error.code)
        return JSONResponse(self._state(job))

    def _state(self, job: ClipJob) -> dict[str, object]:
        state: dict[str, object] = {"id": job.number, "state": job.state, "done": job.done, "total": job.total}
        if job.state == "done":
            names = ["summary", *(name for name in _MEDIATYPES if name != "reps.csv" or job.exercise)]
            state["results"] = {name: f"/clips/{job.number}/{name}" for name in names}
        return state

    async def result(self, request: Request) -> Response:
        """One of a finished clip's results."""
        job, name = self._job(request), request.path_params["name"]
        if job.state == "working":
            return problem(request, _CONFLICT, translate(language_of(request), "errors.not_done_yet"))
        if job.state == "done" and name == "summary":
            return JSONResponse(await run_in_threadpool(summary, job))
        path = await run_in_threadpool(self.jobs.result, job, name) if name in _MEDIATYPES else None
        if path is None:
            raise HTTPException(NOT_FOUND)
        suffix = FORMATS[name].suffix if name in FORMATS else f".{name}"
        return FileResponse(path, media_type=_MEDIATYPES[name], filename=Path(job.name).stem + suffix)

    async def free(self, request: Request) -> Response:
        """End a job, and take its files away."""
        if not await run_in_threadpool(self.jobs.forget, request.path_params["number"]):
            raise HTTPException(NOT_FOUND)
        return Response(status_code=_NO_CONTENT)

    def _job(self, request: Request) -> ClipJob:
        job = self.jobs.find(request.path_params["number"])
        if job is None:
            raise HTTPException(NOT_FOUND)
        return job


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok", "version": __version__})


async def _exercises(request: Request) -> Response:
    language = language_of(request)
    return JSONResponse([{"name": name, "title": load_exercise(name).title(language)} for name in exercise_names()])


class _Key(BaseHTTPMiddleware):
    """Only those who send `Authorization: Bearer KEY` are served."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        super().__init__(app)
        self._wanted = f"Bearer {key}"

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        told = request.headers.get("authorization", "")
        if request.url.path != "/health" and not hmac.compare_digest(told.encode(), self._wanted.encode()):
            answer = problem(request, FORBIDDEN, translate(language_of(request), "errors.key_missing"))
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        return await call_next(request)


def service(workers: Workers, key: str | None = None) -> Starlette:
    """The application, which ends what it began, but not the workers, when its server stops.

    Args:
        workers: processes in which callers' files are read and clips worked on.
        key: without which nobody is served.
    """
    shared = Service(workers)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        shared.close()

    routes = [
        Route("/health", _health, methods=["GET"]),
        Route("/exercises", _exercises, methods=["GET"]),
        Route("/images", shared.image, methods=["POST"]),
        Route("/clips", shared.new_clip, methods=["POST"]),
        Route("/clips/{number}", shared.clip, methods=["GET"]),
        Route("/clips/{number}", shared.free, methods=["DELETE"]),
        Route("/clips/{number}/{name}", shared.result, methods=["GET"]),
    ]
    handlers = {PoseError: answer_pose_error, HTTPException: answer_http_error, Exception: answer_failure}
    middleware = [Middleware(_Key, key)] if key else []
    return Starlette(routes=routes, exception_handlers=handlers, middleware=middleware, lifespan=lifespan)
