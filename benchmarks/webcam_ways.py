"""The webcam page in a real browser, looked at by the server and by the browser itself, in turn on the same cores:
python -m benchmarks --only webcam_ways

Frames a second on the screen, and processor time of everything: the server, its children and the browser; altogether
and for each frame.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, sync_playwright

from benchmarks.table import Row
from tests.support.app_server import Server, find_browser
from tests.support.camera import camera_that_shows, squats
from tests.support.webcams import InBrowser, OnServer, Webcam, open_webcam

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
SECONDS, ROUNDS = 10, 3
SETTLE_MS = 6000
FIGURES = [("shown", "a second"), ("processor, all together", "cores"), ("processor, a frame", "ms")]


def processor_seconds() -> float:
    """Of this process and all that it started."""
    total = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        times = process.cpu_times()
        total += times.user + times.system
    return total


def rate(webcam: Webcam, seconds: float, before: int) -> float:
    if isinstance(webcam, OnServer):
        return (webcam.frames_shown() - before) / seconds
    return float(webcam.page.locator(".webcam").get_attribute("data-rate") or 0)


def measure(browser: Browser, server: Server, way: type[Webcam], visits: int, model: str) -> tuple[float, ...]:
    """The `FIGURES`; frames a second are the slowest visit's."""
    webcams = [way(open_webcam(browser, server, way.way)) for _ in range(visits)]
    for webcam in webcams:
        webcam.page.get_by_role("combobox", name="Model").click()
        webcam.page.get_by_role("option", name=model).click()
        webcam.start()
    webcams[0].page.wait_for_timeout(SETTLE_MS)
    before = [one.frames_shown() if isinstance(one, OnServer) else 0 for one in webcams]
    used, began = processor_seconds(), time.perf_counter()
    rates: list[list[float]] = []
    for second in range(1, SECONDS + 1):
        webcams[0].page.wait_for_timeout(1000 * (began + second - time.perf_counter()))
        if way is InBrowser:
            rates.append([rate(one, 1, 0) for one in webcams])
    seconds = time.perf_counter() - began
    cores = (processor_seconds() - used) / seconds
    if rates:
        shown = [median(values) for values in zip(*rates, strict=True)]
    else:
        shown = [rate(one, seconds, first) for one, first in zip(webcams, before, strict=True)]
    for webcam in webcams:
        webcam.stop()
        webcam.page.context.close()
    return min(shown), cores, 1000 * cores / sum(shown)


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        os.environ["POSELAB_STREAMS"] = "2"  # the server inherits it
        server = Server(Path(name) / "log.txt")
        server.wait_for("/health/ready")
        arguments = camera_that_shows(squats(MEDIA), Path(name) / "film.mjpeg")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        for model, visits in product(("Lite", "Full"), (1, 2)):
            found = [
                [measure(browser, server, way, visits, model) for way in (InBrowser, OnServer)] for _ in range(ROUNDS)
            ]
            here, there = zip(*found, strict=True)
            what = f"{visits} in Chromium, 640 x 480, {model.lower()}, looked at by the browser"
            for number, (figure, unit) in enumerate(FIGURES):
                mine, other = ([one[number] for one in way] for way in (here, there))
                note = f"by the server {median(other):.1f}"
                yield Row(f"{what}: {figure}", mine, unit, "by the server", other, note=note)
        browser.close()
        server.close()
