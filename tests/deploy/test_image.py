"""The image, built and run: not root, nothing writable but one folder, and two of it behind proxy and relay."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Playwright

from tests.deploy.site import RELAY, Proxy, needs, webcam_from_a_closed_network, work_goes_on_while_one_dies
from tests.support.app_server import answers, free_port
from tests.support.paths import ROOT

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


@contextmanager
def container(buildah: Buildah, image: str) -> Iterator[str]:
    name = buildah("from", image)
    yield name
    buildah("rm", name)


def test_it_is_not_root_and_holds_no_tools_to_install_with(buildah: Buildah, image: str) -> None:
    with container(buildah, image) as name:

        def inside(command: str) -> str:
            return buildah("run", name, "--", "sh", "-c", command)

        assert inside("id -u") == "10001"
        assert inside("ls /opt/poselab/bin | grep -c pip || true") == "0"
        assert inside("touch /srv/poselab/x /opt/poselab/x 2>/dev/null && echo yes || echo no") == "no"


@contextmanager
def app(buildah: Buildah, image: str) -> Iterator[int]:
    """The image's app in a container of its own; its port."""
    port = free_port()
    environment = {**RELAY, "STREAMLIT_SERVER_PORT": str(port)}
    settings = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
    command = ["/opt/poselab/bin/python", "-m", "streamlit", "run", "app.py"]
    with container(buildah, image) as name, buildah.started("run", *settings, name, "--", *command):
        assert answers(f"http://127.0.0.1:{port}/health/ready", 90)
        yield port


def kill_what_listens_at(port: int) -> None:
    listening = {one.pid for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr.port == port}
    (pid,) = listening
    psutil.Process(pid).kill()


def test_two_of_it_behind_proxy_and_relay_serve_photos_clips_and_webcams_while_one_dies(
    buildah: Buildah, image: str, browser: Browser, playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    needs("nginx")
    needs("turnserver")
    with app(buildah, image) as one, app(buildah, image) as two:
        apps = [f"127.0.0.1:{one}", f"127.0.0.1:{two}"]
        with closing(Proxy(tmp_path, apps)) as proxy:
            webcam_from_a_closed_network(playwright, chromium, proxy, tmp_path)
            work_goes_on_while_one_dies(browser, proxy, partial(kill_what_listens_at, one), tmp_path)
