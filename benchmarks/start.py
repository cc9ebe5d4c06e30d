"""From starting the app to the first usable page, and to the first detection. python -m benchmarks --only start"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.table import Row
from tests.browser.conftest import Server, find_browser

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
PHOTO = ROOT / "samples" / "balance.jpg"
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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        pages, skeletons, charts = zip(*(_visit(browser) for _ in range(ROUNDS)), strict=True)
        browser.close()
    yield Row("start to the first usable page", pages, "s", note="photo page in Chromium, on the same cores")
    yield Row("from there to the first skeleton", skeletons, "s", note="a sample photo, clicked at once")
    yield Row("from there to its charts", charts, "s", note="the browser loads Plotly")


def _visit(browser: Browser) -> tuple[float, float, float]:
    """Seconds until the page can be used, and from a click to the skeleton and to the charts."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        server, page = Server(Path(folder) / "log.txt"), browser.new_page()
        try:
            page.goto(f"{server.url}/image")
            sample = page.get_by_role("button", name="Balancing")
            sample.wait_for()
            usable = time.perf_counter()
            sample.click()
            page.locator('[data-testid="stMain"] img[alt*="skeleton"]').first.wait_for()
            skeleton = time.perf_counter()
            page.locator(".js-plotly-plot").first.wait_for()
            return usable - began, skeleton - usable, time.perf_counter() - usable
        finally:
            page.close()
            server.close()
