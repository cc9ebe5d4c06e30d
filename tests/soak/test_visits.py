"""Visits for minutes on end, in a gigabyte: nobody is turned away but for a moment, and memory stays where it is.

POSELAB_SOAK_MINUTES makes them shorter or longer.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as BrowserError

from tests.support.app_server import Server
from tests.support.memory_group import MemoryGroup, make_group
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.soak
PHOTOS = [SAMPLES / "two_people.jpg", SAMPLES / "balance.jpg", SAMPLES / "astronaut.png"]
VISITORS = 20
_PAUSE_S = 15.0  # in which a visitor looks at what was found
_LOOK_S = 5.0


def minutes(usual: float) -> float:
    return float(os.environ.get("POSELAB_SOAK_MINUTES", usual))


@pytest.fixture
def group() -> Iterator[MemoryGroup]:
    made = make_group("poselab-soak", 1_000_000_000)
    if made is None:
        pytest.skip("this machine lets us limit no memory")
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path, group: MemoryGroup) -> Iterator[Server]:
    running = Server(tmp_path / "log.txt", group=group)
    yield running
    if running.process.is_running():
        running.close()


async def opened(browser: Browser, server: Server, path: str) -> Page:
    context = await browser.new_context(viewport={"width": 1000, "height": 800}, locale="en-US")
    context.set_default_timeout(120_000)
    page = await context.new_page()
    await page.goto(f"{server.url}/{path}")
    await page.locator("h1").wait_for()
    return page


async def photo(page: Page, number: int) -> float:
    """Seconds from choosing a photo to its skeleton."""
    await page.locator(".drop input[type=file]").first.wait_for(state="attached")
    began = time.monotonic()
    await page.locator(".drop input[type=file]").first.set_input_files(str(PHOTOS[number % len(PHOTOS)]))
    await page.locator('[data-testid="stMain"] img[alt*="skeleton"]').first.wait_for()
    return time.monotonic() - began


async def clip(page: Page) -> None:
    """A clip of ten seconds, to its curves."""
    await page.locator(".drop input[type=file]").first.set_input_files(str(SAMPLES / "box_jump.mp4"))
    await page.get_by_role("button", name="Analyse", exact=True).click()
    await page.locator("video").first.wait_for()


class Figures:
    """What visits saw, and what the server used meanwhile."""

    def __init__(self) -> None:
        self.photos: list[float] = []
        self.clips = 0
        self.failed: list[str] = []
        self.memory: list[int] = []


async def visits(browser: Browser, server: Server, figures: Figures, number: int, end: float) -> None:
    """A visitor who comes again and again: a photo, a clip, the feasibility page."""
    while time.monotonic() < end:
        page = await opened(browser, server, "image")
        try:
            figures.photos.append(await photo(page, number))
            await asyncio.sleep(_PAUSE_S)
            if number % 3 == 0 and time.monotonic() < end:
                await page.goto(f"{server.url}/video")
                await clip(page)
                figures.clips += 1
            else:
                await page.goto(f"{server.url}/feasibility")
                await page.get_by_role("button", name="Measure").wait_for()
            await asyncio.sleep(_PAUSE_S)
        except BrowserError as error:
            words = await page.locator('[data-testid="stAlert"]').all_inner_texts()
            if not any("Try again in about" in one for one in words):
                figures.failed.append(f"{words} {error.message[:200]}")
        finally:
            await page.context.close()


async def watch(group: MemoryGroup, figures: Figures, end: float) -> None:
    while time.monotonic() < end:
        figures.memory.append(group.anonymous())
        await asyncio.sleep(_LOOK_S)


def visited(chromium: str, server: Server, group: MemoryGroup, visitors: int, seconds: float) -> Figures:
    """In a thread of its own, since other tests' browser may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run(chromium, server, group, visitors, seconds)).result()


async def run(chromium: str, server: Server, group: MemoryGroup, visitors: int, seconds: float) -> Figures:
    figures, end = Figures(), time.monotonic() + seconds
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        work = [visits(browser, server, figures, number, end) for number in range(visitors)]
        await asyncio.gather(watch(group, figures, end), *work)
        await browser.close()
    return figures


def tenths(values: list[int]) -> tuple[float, float]:
    """Medians of the first tenth after a warm-up of the same length, and of the last."""
    tenth = max(1, len(values) // 10)
    return float(np.median(values[tenth : 2 * tenth])), float(np.median(values[-tenth:]))


def test_twenty_visitors_for_ten_minutes(chromium: str, server: Server, group: MemoryGroup) -> None:
    figures = visited(chromium, server, group, VISITORS, 60 * minutes(10))
    assert figures.failed == []
    assert len(figures.photos) >= VISITORS
    assert figures.clips >= 3
    assert group.killed() == 0
    assert np.percentile(figures.photos, 95) < 3, sorted(figures.photos)[-20:]
    early, late = tenths(figures.memory)
    assert late < 1.15 * early


def test_visits_back_to_back(chromium: str, server: Server, group: MemoryGroup) -> None:
    figures = visited(chromium, server, group, 2, 60 * minutes(45))
    assert figures.failed == []
    assert group.killed() == 0
    early, late = tenths(figures.memory)
    assert late < 1.1 * early, figures.memory
    (folder,) = Path(tempfile.gettempdir()).glob(f"poselab-{server.process.pid}-*")
    end = time.monotonic() + 200  # a visit may come back for two minutes
    while list(folder.glob("visit-*")):
        assert time.monotonic() < end
        time.sleep(2)
    threads = server.process.num_threads()
    assert threads < 60
    children = server.process.children(recursive=True)
    server.close()
    assert not any(child.is_running() for child in children)
    assert not folder.exists()
