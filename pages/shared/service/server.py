"""The server around the pages: routes of ours beside Streamlit's, and what runs as long as it does.

`streamlit run app.py` finds the `App` in it, which is made of what is here. Where something else runs app.py as a plain
script, pages work all the same, with Streamlit's uploader and without health and metrics.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from starlette.routing import Route
from streamlit import config
from streamlit.runtime import get_instance

from pages.shared.service.file_routes import file_routes
from pages.shared.service.folders import app_folder
from pages.shared.service.shares import most_megabytes_in_memory
from pages.shared.service.upload_routes import upload_routes
from posecore.memory import give_back_memory

_TIDY_EVERY_S = 30.0
_SMALL_UPLOADS_MB = 10  # what still goes through Streamlit's uploader: snapshots, exercise files

_serving = False


def is_serving() -> bool:
    """Whether routes of ours are there."""
    return _serving


def routes() -> list[Route]:
    """Everything that is asked for beside Streamlit's own."""
    return [*upload_routes(), *file_routes()]


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
    app_folder()
    limit_built_in_uploads()
    tidying = asyncio.create_task(_tidy_now_and_then())
    try:
        yield {}
    finally:
        _serving = False
        tidying.cancel()
        with suppress(asyncio.CancelledError):
            await tidying


async def _tidy_now_and_then() -> None:
    """End what visits have left: Streamlit drops them only when another comes, and Python only when it collects.

    A visit may come back until `server.disconnectedSessionTTL` seconds after it broke off.
    """
    while True:
        await asyncio.sleep(_TIDY_EVERY_S)
        _forget_left_visits()
        await asyncio.to_thread(_collect)


def _forget_left_visits() -> None:
    cache = getattr(getattr(get_instance(), "_session_mgr", None), "_session_storage", None)
    expire = getattr(getattr(cache, "_cache", None), "expire", None)
    for _, left in expire() if expire else ():
        left.session.shutdown()


def _collect() -> None:
    gc.collect()
    give_back_memory()
