"""A real server and a real Chromium."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from posecore import decode_image, encode_image

ROOT = Path(__file__).resolve().parents[2]


def find_browser() -> str | None:
    spec = importlib.util.spec_from_file_location("ensure_browser", ROOT / "tools" / "ensure_browser.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.find_browser()


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium here; make test installs one where it can")
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The app as `make run` starts it, on a port of its own unless one is given; or another, from its folder."""

    def __init__(
        self, log: Path, folder: Path = ROOT, port: int | None = None, python: Path | str = sys.executable
    ) -> None:
        self.log = log
        port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
        command = [str(python), "-m", "streamlit", "run", "app.py", *options]
        with log.open("wb") as output:
            self.process = psutil.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.02)
        raise TimeoutError(self.log.read_text("utf-8"))

    def memory(self) -> int:
        """Bytes in use."""
        return int(self.process.memory_info().rss)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    foreign = [c for c in running.process.net_connections() if c.raddr and not c.raddr.ip.startswith("127.")]
    running.close()
    assert not foreign
    assert "Traceback" not in running.log.read_text("utf-8")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=30_000)  # machines that test may be busy; Playwright's 5 s are a fast machine's
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def fake_camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film for Chromium's fake camera: a real person who stands still."""
    frame = decode_image(ROOT / "samples" / "balance.jpg")[:1440]
    path = tmp_path_factory.mktemp("camera") / "person.mjpeg"
    path.write_bytes(encode_image(np.ascontiguousarray(frame[::2, ::2]), "jpg") * 30)
    return path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str, fake_camera: Path) -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={fake_camera}",
    ]
    running = playwright.chromium.launch(executable_path=chromium, args=arguments)
    yield running
    running.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """Opens a page of the app; at the end, no page may have asked any address but the server's."""
    contexts = []
    foreign: list[str] = []

    def watch(address: str) -> None:
        if not address.startswith((server.url, "ws" + server.url.removeprefix("http"), "data:", "blob:")):
            foreign.append(address)

    def opened(path: str = "", **options: object) -> Page:
        settings = {"viewport": {"width": 1280, "height": 1000}, "locale": "en-US", "permissions": ["camera"]}
        context = browser.new_context(**{**settings, **options})
        contexts.append(context)
        context.set_default_timeout(60_000 if os.environ.get("CI") else 30_000)
        page = context.new_page()
        page.on("request", lambda request: watch(request.url))
        page.on("websocket", lambda connection: watch(connection.url))
        page.goto(f"{server.url}/{path}")
        page.locator("h1").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not foreign
