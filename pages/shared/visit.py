"""One visit: its folder, its shelf for files that it brings, its turn among others; all of it ends with the visit."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.shared.service.brought_files import SHELVES, Shelf
from pages.shared.service.folders import app_folder


@dataclass(frozen=True)
class Visit:
    """What a visit has here: a folder that nobody else may look into, and a shelf known by its secret."""

    folder: Path
    secret: str
    shelf: Shelf

    def end(self) -> None:
        """Forget everything of it."""
        SHELVES.close(self.secret)
        shutil.rmtree(self.folder, ignore_errors=True)


@st.cache_resource(show_spinner=False, scope="session", on_release=Visit.end)
def visit() -> Visit:
    """The visit whose page this is."""
    folder = Path(tempfile.mkdtemp(prefix="visit-", dir=app_folder()))
    secret, shelf = SHELVES.open(folder)
    return Visit(folder, secret, shelf)
