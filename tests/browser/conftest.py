"""A real server and a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.app_server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    foreign = [c for c in running.process.net_connections() if c.raddr and not c.raddr.ip.startswith("127.")]
    running.close()
    assert not foreign
    assert "Traceback" not in running.log.read_text("utf-8")


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
