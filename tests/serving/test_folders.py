"""What apps leave behind, and that nobody else may look into it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from posecore.serving.folders import sweep
from tests.support.paths import ROOT

MADE = "from posecore.serving.folders import app_folder; print(app_folder(), flush=True); {then}"


def made(folder: Path, then: str) -> Path:
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [sys.executable, "-c", MADE.format(then=then)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return Path(done.stdout.strip())


def test_it_ends_with_the_app_and_is_swept_after_a_crash(tmp_path: Path) -> None:
    assert not made(tmp_path, "pass").exists()
    left = made(tmp_path, "import os; os._exit(9)")
    assert left.is_dir()
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    sweep(tmp_path)
    assert not left.exists()


def test_that_of_an_app_that_runs_stays(tmp_path: Path) -> None:
    mine = tmp_path / f"poselab-{os.getpid()}-abc"
    mine.mkdir()
    (tmp_path / "poselab-notes-x").mkdir()
    (tmp_path / "poselab-1-link").symlink_to(mine)
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "poselab-1-link",
        f"poselab-{os.getpid()}-abc",
        "poselab-notes-x",
    ]
