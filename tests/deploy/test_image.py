"""The image, built and run: not root, nothing writable but one folder, and it finds people."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_photos import picture, upload
from tests.support.app_server import answers, free_port
from tests.support.paths import ROOT, SAMPLES
from tests.support.visiting import open_page

pytestmark = pytest.mark.soak
BASE = "localhost/debian:bookworm-slim"
ENVIRONMENT = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Buildah:
    """buildah with a store of its own: the machine's images and containers are left as they are."""

    def __init__(self, store: Path) -> None:
        self._command = ["buildah", "--root", str(store / "root"), "--runroot", str(store / "run")]

    def __call__(self, *arguments: str) -> str:
        command = [*self._command, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    @contextmanager
    def started(self, *arguments: str) -> Iterator[None]:
        quiet = subprocess.DEVNULL
        running = subprocess.Popen([*self._command, *arguments], cwd=ROOT, env=ENVIRONMENT, stdout=quiet, stderr=quiet)
        try:
            yield
        finally:
            running.terminate()
            running.wait(30)


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    if not (shutil.which("buildah") and shutil.which("debootstrap") and os.geteuid() == 0):
        pytest.skip("buildah and debootstrap are not here, or this is not root")
    store = tmp_path_factory.mktemp("store")
    yield Buildah(store)
    shutil.rmtree(store)


@pytest.fixture(scope="module")
def base(buildah: Buildah, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Debian as this machine's package sources give it, with the certificates that this machine trusts."""
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
def image(buildah: Buildah, base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = tmp_path_factory.mktemp("pip") / "pip.conf"
    settings.write_text("[global]\ncert = /opt/ca.crt\n")
    arguments = ["--format", "docker", "--secret", f"id=pip,src={settings}", "--build-arg", f"BASE={base}"]
    buildah("bud", "-q", *arguments, "-f", "deploy/Dockerfile", "-t", "localhost/poselab", ".")
    return "localhost/poselab"


@pytest.fixture(scope="module")
def container(buildah: Buildah, image: str) -> Iterator[str]:
    name = buildah("from", image)
    yield name
    buildah("rm", name)


def test_it_is_not_root_and_holds_no_tools_to_install_with(buildah: Buildah, container: str) -> None:
    def inside(command: str) -> str:
        return buildah("run", container, "--", "sh", "-c", command)

    assert inside("id -u") == "10001"
    assert inside("ls /opt/poselab/bin | grep -c pip || true") == "0"
    assert inside("touch /srv/poselab/x /opt/poselab/x 2>/dev/null && echo yes || echo no") == "no"


def test_it_finds_people_through_its_page(buildah: Buildah, container: str, browser: Browser) -> None:
    port = free_port()
    app = ["/opt/poselab/bin/python", "-m", "streamlit", "run", "app.py"]
    with buildah.started("run", "--env", f"STREAMLIT_SERVER_PORT={port}", container, "--", *app):
        assert answers(f"http://127.0.0.1:{port}/health/ready", 90)
        page = open_page(browser, f"http://127.0.0.1:{port}/image")
        upload(page, SAMPLES / "two_people.jpg")
        picture(page).wait_for()
        page.context.close()
