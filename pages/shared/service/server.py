"""The server around the pages: routes of ours beside Streamlit's, and what runs as long as it does.

`streamlit run app.py` finds the `App` in it, which is made of what is here. Where something else runs app.py as a plain
script, pages work all the same, with Streamlit's uploader and without health and metrics.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from starlette.routing import Route
from streamlit import config
from streamlit.runtime import get_instance

from pages.shared.service.engine_routes import engine_routes
from pages.shared.service.file_routes import file_routes
from pages.shared.service.landmark_routes import landmark_routes
from pages.shared.service.reach_routes import reach_routes
from pages.shared.service.room import collect
from pages.shared.service.upload_routes import upload_routes
from posecore.serving.folders import app_folder
from posecore.serving.health import CHECK_EVERY_S, check_parts, health_routes
from posecore.serving.log import log, set_up_log
from posecore.serving.metrics import serve_metrics
from posecore.serving.shares import most_megabytes_in_memory, shares

_TIDY_EVERY_S = 30.0
_FIRST_CHECK_S = 2.0  # a first visitor comes first
_SMALL_UPLOADS_MB = 10  # what still goes through Streamlit's uploader: snapshots, exercise files

# What pages have opened for everybody; called when the server ends.
ON_CLOSE: list[Callable[[], object]] = []

_serving = False


def is_serving() -> bool:
    """Whether routes of ours are there."""
    return _serving


def routes() -> list[Route]:
    """Everything that is asked for beside Streamlit's own."""
    return [*upload_routes(), *file_routes(), *engine_routes(), *landmark_routes(), *reach_routes(), *health_routes()]


def limit_built_in_uploads() -> None:
    """Let Streamlit's uploader take no more than fits into memory."""
    most = _SMALL_UPLOADS_MB if _serving else most_megabytes_in_memory()
    if config.get_option("server.maxUploadSize") > most:
        config.set_option("server.maxUploadSize", most)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[dict[str, Any]]:
    """Begin and end what runs beside the pages."""
    global _serving
    _serving = True
    set_up_log()
    app_folder()
    limit_built_in_uploads()
    metrics = serve_metrics()
    log.info("began", memory_limit=shares().limit)
    tasks = ((_TIDY_EVERY_S, _TIDY_EVERY_S, _tidy), (_FIRST_CHECK_S, CHECK_EVERY_S, _check))
    running = [asyncio.create_task(_again(*one)) for one in tasks]
    try:
        yield {}
    finally:
        _serving = False
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if metrics:
            metrics.shutdown()
            metrics.server_close()
        for close in ON_CLOSE:
            close()
        shutil.rmtree(app_folder(), ignore_errors=True)
        log.info("ended")


async def _again(first_s: float, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(first_s)
    while True:
        await work()
        await asyncio.sleep(every_s)


async def _check() -> None:
    await asyncio.to_thread(check_parts)


async def _tidy() -> None:
    """End what visits have left: Streamlit drops them only when another comes, and Python only when it collects.

    A visit may come back until `server.disconnectedSessionTTL` seconds after it broke off.
    """
    storage = getattr(getattr(get_instance(), "_session_mgr", None), "_session_storage", None)
    expire = getattr(getattr(storage, "_cache", None), "expire", None)
    for _, left in expire() if expire else ():
        left.session.shutdown()
    await asyncio.to_thread(collect)
