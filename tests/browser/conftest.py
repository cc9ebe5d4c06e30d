"""A real server and a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from posecore import decode_image, encode_image
from tests.support.app_server import Server, find_browser
from tests.support.paths import SAMPLES


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium here; make test installs one where it can")
    return path


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
    frame = decode_image(SAMPLES / "balance.jpg")[:1440]
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
