"""Visits for minutes on end, in a gigabyte: nobody is turned away but for a moment, and memory stays where it is.

POSELAB_SOAK_MINUTES makes them shorter or longer.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as BrowserError

from tests.support.app_server import Server
from tests.support.last_in_line import last_in_line
from tests.support.memory_group import MemoryGroup, make_group
from tests.support.paths import SAMPLES, TEMPORARY

pytestmark = pytest.mark.soak
PHOTOS = [SAMPLES / "two_people.jpg", SAMPLES / "balance.jpg", SAMPLES / "astronaut.png"]
VISITORS = 20
_LOOK_S = 5.0
# Plotly's 3D charts draw all the time; twenty of them would leave nothing of the cores that they share with the server.
_DRAW_SELDOM = """
const draw = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (picture) => setTimeout(() => draw(picture), 250);
"""


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


@pytest.fixture
def visitors(chromium: str, tmp_path: Path) -> Iterator[str]:
    """The browser of those who visit."""
    with last_in_line(chromium, tmp_path) as script:
        yield script


async def visitor(browser: Browser) -> Page:
    """An empty page in a context of its own."""
    context = await browser.new_context(viewport={"width": 1000, "height": 800}, locale="en-US")
    context.set_default_timeout(120_000)
    await context.add_init_script(_DRAW_SELDOM)
    return await context.new_page()


async def go_on(page: Page, name: str, title: str) -> None:
    await page.get_by_role("link", name=name).first.click()
    await page.get_by_role("heading", level=1, name=title).wait_for()


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


async def visits(
    browser: Browser, server: Server, figures: Figures, number: int, late: float, pause: float, end: float
) -> None:
    """A visitor who comes so many seconds late, and again and again: a photo, a clip or the feasibility page.

    Args:
        pause: seconds to look at what was found.
    """
    await asyncio.sleep(late)
    while time.monotonic() < end:
        page = await visitor(browser)
        try:
            await page.goto(f"{server.url}/image")
            await page.locator("h1").wait_for()
            figures.photos.append(await photo(page, number))
            await asyncio.sleep(pause)
            if number % 3 == 0 and time.monotonic() < end:
                await go_on(page, "Video", "Video")
                await clip(page)
                figures.clips += 1
            else:
                await go_on(page, "Feasibility", "Does it run?")
                await page.get_by_role("button", name="Measure").wait_for()
            await asyncio.sleep(pause)
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


def visited(browser: str, server: Server, group: MemoryGroup, visitors: int, pause: float, seconds: float) -> Figures:
    """In a thread of its own, since other tests' browser may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run(browser, server, group, visitors, pause, seconds)).result()


async def run(program: str, server: Server, group: MemoryGroup, visitors: int, pause: float, seconds: float) -> Figures:
    figures, end = Figures(), time.monotonic() + seconds
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        late = pause / visitors
        work = [visits(browser, server, figures, number, number * late, pause, end) for number in range(visitors)]
        await asyncio.gather(watch(group, figures, end), *work)
        await browser.close()
    return figures


def tenths(values: list[int], warm_up: int = 1) -> tuple[float, float]:
    """Medians of the tenth that follows a warm-up of so many, and of the last."""
    tenth = max(1, len(values) // 10)
    return float(np.median(values[warm_up * tenth :][:tenth])), float(np.median(values[-tenth:]))


def test_twenty_visitors_for_ten_minutes(visitors: str, server: Server, group: MemoryGroup) -> None:
    figures = visited(visitors, server, group, VISITORS, 120, 60 * minutes(10))
    assert figures.failed == []
    assert len(figures.photos) >= VISITORS
    assert figures.clips >= 3
    assert group.killed() == 0
    assert np.percentile(figures.photos, 95) < 3, sorted(figures.photos)[-20:]
    early, late = tenths(figures.memory, warm_up=4)  # by then all have come, and have been at their second page
    assert late < 1.1 * early, figures.memory


def test_visits_back_to_back(visitors: str, server: Server, group: MemoryGroup) -> None:
    figures = visited(visitors, server, group, 2, 5, 60 * minutes(45))
    assert figures.failed == []
    assert group.killed() == 0
    early, late = tenths(figures.memory)
    assert late < 1.1 * early, figures.memory
    (folder,) = TEMPORARY.glob(f"poselab-{server.process.pid}-*")
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
