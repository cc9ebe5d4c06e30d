"""From starting the app to the first usable page, and to the first detection. python -m benchmarks --only start"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.table import Row
from tests.support.app_server import Server, find_browser, free_port

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
PHOTO = ROOT / "samples" / "balance.jpg"
SAMPLE = "Balancing"  # what a button on the photo page says
# When things stand there for the first time, in seconds: Playwright itself looks only every half second after a while.
WATCH = f"""
window.seen = {{}};
const wanted = {{
    button: () => [...document.querySelectorAll("button")].some(one => one.innerText.trim() === {SAMPLE!r}),
    skeleton: () => [...document.querySelectorAll('[data-testid="stMain"] img[alt*="skeleton"]')].some(
        one => one.complete && one.naturalWidth),
    charts: () => document.querySelector(".js-plotly-plot")?.getClientRects().length,
}};
const look = () => {{
    for (const name in wanted) if (!(name in seen) && wanted[name]()) seen[name] = Date.now() / 1000;
    requestAnimationFrame(look);
}};
look();
"""
EMPTY = f"import streamlit as st\nst.button({SAMPLE!r})\n"
FIRST = """
import sys, time
start = time.perf_counter()
from posecore import ImageDetector, decode_image
imported = time.perf_counter()
frame = decode_image(sys.argv[1])
decoded = time.perf_counter()
with ImageDetector() as detector:
    assert detector.detect(frame).people == 1
    print(1000 * (imported - start), 1000 * (time.perf_counter() - decoded))
"""


def rows() -> Iterator[Row]:
    command = [sys.executable, "-c", FIRST, str(PHOTO)]
    runs = [[float(v) for v in subprocess.check_output(command, cwd=ROOT).split()] for _ in range(ROUNDS)]
    imports, detections = zip(*runs, strict=True)
    yield Row("import posecore", imports, "ms", note="in a new process")
    yield Row("first detection, full", detections, "ms", note="from asking for a detector to its answer")
    floor, pages, skeletons, charts = zip(*_visits(), strict=True)
    yield Row("start to a page of Streamlit with one button", floor, "s", note="the floor under the next")
    note = "photo page in Chromium that was there before, on the same cores; smaller is better"
    yield Row("start to the first usable page", pages, "s", "the page with one button", floor, note=note)
    yield Row("from there to the first skeleton", skeletons, "s", note="a sample photo, clicked at once")
    yield Row("from there to its charts", charts, "s", note="the browser loads Plotly")


def _visits() -> list[tuple[float, float, float, float]]:
    """Both pages in turn, by somebody who was there before: a browser keeps what it loaded by address and port."""
    ports = free_port(), free_port()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=find_browser(), args=["--no-sandbox"]
        )
        visits = [(_visit_empty(browser, ports[0]), *_visit(browser, ports[1])) for _ in range(1 + ROUNDS)]
        browser.close()
    return visits[1:]


def _visit(browser: BrowserContext, port: int) -> tuple[float, float, float]:
    """Seconds until the page can be used, and from a click to the skeleton and to the charts."""
    with _started(browser, ROOT, port) as (page, seconds):
        clicked = time.time()
        page.get_by_role("button", name=SAMPLE).click()
        return seconds, _seen(page, "skeleton") - clicked, _seen(page, "charts") - clicked


def _seen(page: Page, name: str) -> float:
    """The moment when it stood there."""
    return float(page.wait_for_function(f"window.seen.{name}").json_value())


def _visit_empty(browser: BrowserContext, port: int) -> float:
    """Seconds until a page with nothing but a button can be used."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        (folder / "pages").mkdir()
        for script in ("app.py", "pages/image.py"):
            (folder / script).write_text(EMPTY, "utf-8")
        with _started(browser, folder, port) as (_page, seconds):
            return seconds


@contextmanager
def _started(browser: BrowserContext, folder: Path, port: int) -> Iterator[tuple[Page, float]]:
    """The photo page of an app that is started now, and the seconds until its button stands there."""
    with tempfile.TemporaryDirectory() as logs:
        began = time.time()
        server, page = Server(Path(logs) / "log.txt", folder, port), browser.new_page()
        try:
            page.add_init_script(WATCH)
            page.goto(f"{server.url}/image")
            yield page, _seen(page, "button") - began
        finally:
            page.close()
            server.close()
