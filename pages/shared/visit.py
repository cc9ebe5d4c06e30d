"""One visit: its folder, its shelf for files that it brings, its turn among others; all of it ends with the visit."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.shared.service.brought_files import SHELVES, Shelf
from pages.shared.service.landmark_routes import STREAMS
from posecore.serving.folders import app_folder
from posecore.serving.log import log
from posecore.serving.metrics import VISITS


@dataclass(frozen=True)
class Visit:
    """What a visit has here: a folder that nobody else may look into, and a shelf known by its secret.

    In logs it has a number, which is of no use to anybody.
    """

    folder: Path
    secret: str
    shelf: Shelf
    number: str
    began: float

    def end(self) -> None:
        """Forget everything of it."""
        SHELVES.close(self.secret)
        STREAMS.close(self.secret)
        shutil.rmtree(self.folder, ignore_errors=True)
        log.info("visit ended", visit=self.number, seconds=round(time.monotonic() - self.began))


@st.cache_resource(show_spinner=False, scope="session", on_release=Visit.end)
def visit() -> Visit:
    """The visit whose page this is."""
    folder = Path(tempfile.mkdtemp(prefix="visit-", dir=app_folder()))
    secret, shelf = SHELVES.open(folder)
    VISITS.inc()
    number = secrets.token_hex(4)
    log.info("visit began", visit=number)
    return Visit(folder, secret, shelf, number, time.monotonic())
