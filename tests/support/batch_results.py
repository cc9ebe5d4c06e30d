"""What a command has left of a folder: its log, and everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from posecore.cli.batches import LOG


def entries(out: Path) -> list[dict[str, Any]]:
    """What the log holds; nothing where there is none yet, and without a line that broke off."""
    lines = (out / LOG).read_text("utf-8").splitlines() if (out / LOG).exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def files_in(out: Path) -> dict[str, bytes]:
    """All results by their names in the folder."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != LOG
    }
