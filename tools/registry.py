"""Packages from the Python package index, as files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def download_wheel(requirement: str, folder: Path) -> Path:
    """Download the Linux x86-64 wheel of a pinned requirement, without what it depends on, whatever runs here."""
    target = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *target]
    subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    name = requirement.split("==")[0].replace("-", "_").lower()
    return next(path for path in folder.glob("*.whl") if path.name.lower().startswith(f"{name}-"))
