"""Environments of their own for what we are compared with, under .benchmarks/, made once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".benchmarks"


def python_with(name: str, packages: Sequence[str]) -> Path:
    """A Python that has these packages and no others."""
    environment = FOLDER / name
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (environment / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (environment / "ready").touch()
    return python
