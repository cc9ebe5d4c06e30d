"""The one folder in which this app keeps what is temporary: nobody else may look into it, and it ends with the app."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import psutil

_PREFIX = "poselab-"


@cache
def app_folder() -> Path:
    """Made when it is first asked for; everything that uses `tempfile` from then on lies in it."""
    base = Path(tempfile.gettempdir())
    sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))  # mkdtemp gives it mode 0700
    tempfile.tempdir = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def sweep(base: Path) -> None:
    """Remove what apps that are no more have left behind."""
    for folder in base.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and folder.is_dir() and not folder.is_symlink() and not _is_alive(int(owner), folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int, folder: Path) -> bool:
    """Whether the process is the one that made the folder, and not a later one with its number."""
    try:
        return bool(psutil.Process(pid).create_time() <= folder.stat().st_ctime)
    except psutil.NoSuchProcess:
        return False
    except (psutil.AccessDenied, OSError):
        return True
