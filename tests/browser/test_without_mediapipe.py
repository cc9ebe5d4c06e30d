"""The whole app where mediapipe is not installed, as on Linux on Arm."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_photos import picture, upload
from tests.support.app_server import Server
from tests.support.paths import ROOT, SAMPLES
from tests.support.visiting import open_page
from tests.support.webcams import OnServer, open_webcam

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an environment that has all packages of this one but mediapipe."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name != "nt")
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    packages = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    for package in (one for place in packages for one in place.iterdir()):
        target = Path(paths["purelib"]) / package.name
        if not package.name.lower().startswith("mediapipe") and not target.exists():
            target.symlink_to(package)
    return Path(paths["scripts"]) / ("python.exe" if os.name == "nt" else "python")


@pytest.fixture(scope="module")
def server(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server") / "log.txt", python=python)
    yield running
    running.close()
    assert "Traceback" not in running.log.read_text("utf-8")


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_is_not_there(python: Path) -> None:
    assert "No module named 'mediapipe'" in run(python, "-c", "import mediapipe").stderr


def test_the_command_line_finds_people(python: Path, tmp_path: Path) -> None:
    photo, clip = str(SAMPLES / "two_people.jpg"), str(SAMPLES / "balance.mp4")
    images = run(python, "-m", "posecore", "image", photo, "--out", str(tmp_path))
    assert images.returncode == 0, images.stderr
    assert len(json.loads((tmp_path / "two_people.json").read_text("utf-8"))["people"]) == 2
    clips = run(python, "-m", "posecore", "video", clip, "--end", "0.3", "--people", "2", "--out", str(tmp_path))
    assert clips.returncode == 0, clips.stderr
    summary = json.loads((tmp_path / "balance" / "summary.json").read_text("utf-8"))
    assert summary["frames"] == summary["frames_with_people"] == 18


def test_pages_find_people(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/image")
    upload(page, SAMPLES / "balance.jpg")
    picture(page).wait_for()
    page.goto(f"{server.url}/video")
    upload(page, SAMPLES / "balance.mp4")
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    page.goto(server.url)
    page.get_by_text("Versions and models").click()
    expect(page.get_by_text("LiteRT")).to_be_visible()
    expect(page.get_by_text("MediaPipe 0.")).to_have_count(0)
    page.context.close()


def test_the_webcam_is_answered(browser: Browser, server: Server) -> None:
    page = open_webcam(browser, server)
    OnServer(page).start()
    expect(page.get_by_text("for each")).to_be_visible()
    page.context.close()
