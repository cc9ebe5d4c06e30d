"""The image, built and run: not root, nothing writable but one folder, and it finds people."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_photos import picture, upload
from tests.support.app_server import free_port
from tests.support.paths import ROOT, SAMPLES

pytestmark = pytest.mark.soak
BASE = "localhost/debian:bookworm-slim"
ENVIRONMENT = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def buildah(*arguments: str, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        ["buildah", *arguments], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Debian as this machine's package sources give it, with the certificates that this machine trusts."""
    if not (shutil.which("buildah") and shutil.which("debootstrap") and os.geteuid() == 0):
        pytest.skip("buildah and debootstrap are not here, or this is not root")
    root = tmp_path_factory.mktemp("base") / "root"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(root)], check=True, capture_output=True)
    for file in Path("/etc/apt/apt.conf.d").glob("99*"):
        shutil.copy(file, root / "etc/apt/apt.conf.d")
    shutil.copy(CERTIFICATES, root / "opt/ca.crt")
    container = buildah("from", "scratch")
    mounted = buildah("mount", container)
    subprocess.run(["cp", "-a", f"{root}/.", mounted], check=True)
    buildah("umount", container)
    buildah("commit", "-q", container, BASE)
    buildah("rm", container)
    return BASE


@pytest.fixture(scope="module")
def image(base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = tmp_path_factory.mktemp("pip") / "pip.conf"
    settings.write_text("[global]\ncert = /opt/ca.crt\n")
    arguments = ["--format", "docker", "--secret", f"id=pip,src={settings}", "--build-arg", f"BASE={base}"]
    buildah("bud", "-q", *arguments, "-f", "deploy/Dockerfile", "-t", "localhost/poselab", ".")
    return "localhost/poselab"


@pytest.fixture(scope="module")
def container(image: str) -> Iterator[str]:
    name = buildah("from", image)
    yield name
    buildah("rm", name)


def inside(container: str, *command: str) -> str:
    return buildah("run", container, "--", *command)


def test_it_is_not_root_and_holds_no_tools_to_install_with(container: str) -> None:
    assert inside(container, "id", "-u") == "10001"
    assert inside(container, "sh", "-c", "ls /opt/poselab/bin | grep -c pip || true") == "0"
    tried = "touch /srv/poselab/x /opt/poselab/x 2>/dev/null && echo yes || echo no"
    assert inside(container, "sh", "-c", tried) == "no"


def test_it_finds_people_through_its_page(container: str, browser: Browser) -> None:
    port = free_port()
    app = ["/opt/poselab/bin/python", "-m", "streamlit", "run", "app.py"]
    command = ["buildah", "run", "--env", f"STREAMLIT_SERVER_PORT={port}", container, "--", *app]
    running = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                    assert json.loads(answer.read())["ready"]
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(1)
        context = browser.new_context(locale="en-US")
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/image")
        page.locator("h1").wait_for()
        upload(page, SAMPLES / "two_people.jpg")
        picture(page).wait_for()
        context.close()
    finally:
        running.terminate()
        running.wait(30)
