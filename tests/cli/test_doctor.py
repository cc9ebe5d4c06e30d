"""The doctor is right about each thing that is broken on purpose."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT


def doctor(folder: Path = ROOT, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    command = [sys.executable, "-m", "posecore", "doctor", "--json"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, {one["name"]: one for one in json.loads(done.stdout)}


def test_here_everything_is_good() -> None:
    status, found = doctor()
    assert status == 0
    assert all(one["good"] for one in found.values())
    assert {"Python", "engines", "model full", "clips can be read", "memory", "temporary folder"} <= set(found)


@pytest.mark.parametrize(
    ("variable", "value", "name", "help_"),
    [
        ("POSELAB_ENGINE", "tensorrt", "engines", "tensorrt"),
        ("POSELAB_MEMORY_MB", "300", "memory", "the app needs 1 GB"),
        ("TURN_URLS", "turn:127.0.0.1:9", "TURN relay", "does not answer"),
        ("TURN_URLS", "127.0.0.1", "TURN relay", "not an address"),
    ],
)
def test_what_is_set_wrongly_is_said(variable: str, value: str, name: str, help_: str) -> None:
    status, found = doctor(**{variable: value})
    assert status == 1
    (bad,) = [one for key, one in found.items() if not one["good"] and key == name]
    assert help_ in bad["words"]


@pytest.mark.parametrize("how", ["missing", "cut"])
def test_a_broken_model_is_named(tmp_path: Path, how: str) -> None:
    shutil.copytree(ROOT / "posecore", tmp_path / "posecore", ignore=shutil.ignore_patterns("__pycache__"))
    bundle = tmp_path / "posecore" / "detection" / "models" / "heavy.task"
    if how == "missing":
        bundle.unlink()
    else:
        bundle.write_bytes(bundle.read_bytes()[:5000])
    status, found = doctor(tmp_path)
    assert status == 1
    assert [name for name, one in found.items() if not one["good"]] == ["model heavy"]
    assert found["model heavy"]["words"]
