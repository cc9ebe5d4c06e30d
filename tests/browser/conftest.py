"""A real server and a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from posecore.media.picture_files import Frame
from tests.support import visiting
from tests.support.app_server import Server
from tests.support.camera import camera_that_shows, squats


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    foreign = [c for c in running.process.net_connections() if c.raddr and not c.raddr.ip.startswith("127.")]
    running.close()
    assert not foreign
    assert "Traceback" not in running.log.read_text("utf-8")


@pytest.fixture(scope="session")
def film(media: Path) -> list[Frame]:
    """What the camera of `squatting` shows."""
    return squats(media)


@pytest.fixture(scope="session")
def squatting_camera(film: list[Frame], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Arguments of a browser."""
    return camera_that_shows(film, tmp_path_factory.mktemp("squats") / "squats.mjpeg")


@pytest.fixture(scope="session")
def squatting(playwright: Playwright, chromium: str, squatting_camera: list[str]) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium, args=squatting_camera)
    yield running
    running.close()


OpenPage = Callable[..., Page]


@contextmanager
def _opening(browser: Browser, server: Server) -> Iterator[OpenPage]:
    pages: list[Page] = []
    foreign: list[str] = []

    def watch(address: str) -> None:
        if not address.startswith((server.url, "ws" + server.url.removeprefix("http"), "data:", "blob:")):
            foreign.append(address)

    def opened(path: str = "", **options: object) -> Page:
        options = {"permissions": ["camera"], **options}
        pages.append(visiting.open_page(browser, f"{server.url}/{path}", watch, **options))
        return pages[-1]

    yield opened
    for page in pages:
        page.context.close()
    assert not foreign


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """Opens a page of the app; at the end, no page may have asked any address but the server's."""
    with _opening(browser, server) as opened:
        yield opened


@pytest.fixture(scope="module")
def open_shared_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """The same, for pages that the tests of a file look at one after another."""
    with _opening(browser, server) as opened:
        yield opened
