"""The webcam page in real browsers on the same cores: python -m benchmarks --only webcam_browsers

The fake camera shows a person and a bar code with the picture's number; the page is asked for the numbers of the
camera's own picture and of the answer beside it at the same instant. Needs requirements-dev.txt and a Chromium.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.table import Row
from benchmarks.webcam_clients import BITS, BLOCK, people, write_number
from posecore import encode_image
from tests.support.app_server import Server, find_browser

RATE, SECONDS = 30, 15
LENGTH = 600  # pictures of the film
# Both pictures' numbers; the answer is shown as in a mirror, so the mirror is switched off before.
NUMBERS = f"""video => {{
    const read = video => {{
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [640, 480];
        const pen = canvas.getContext("2d", {{ willReadFrequently: true }});
        pen.drawImage(video, 0, 0, 640, 480);
        let number = 0;
        for (let bit = 0; bit < {BITS}; bit++) {{
            const [x, y] = [(bit + 0.5) * {BLOCK}, {BLOCK} / 2];
            if (pen.getImageData(x, y, 1, 1).data[1] > 128) number |= 1 << bit;
        }}
        return number;
    }};
    return [read(window.ownCamera), read(video), video.getVideoPlaybackQuality().totalVideoFrames];
}}"""
OWN_CAMERA = """async () => {
    const video = document.createElement("video");
    video.muted = true;
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
    await video.play();
    window.ownCamera = video;
}"""


def film(path: Path) -> None:
    """Numbered pictures for the fake camera."""
    pictures = people(640, 480)
    with path.open("wb") as out:
        for number in range(LENGTH):
            picture = pictures[number % len(pictures)].copy()
            write_number(picture, number)
            out.write(encode_image(picture, "jpg"))


def measure(page: Page) -> tuple[float, float]:
    """Pictures a second, and milliseconds from the camera to the answer on the screen."""
    widget = page.frame_locator("iframe[title^='streamlit_webrtc']")
    video = widget.locator("video")
    video.evaluate(OWN_CAMERA)
    page.wait_for_timeout(3000)
    began, first, behind = time.perf_counter(), video.evaluate(NUMBERS)[2], []
    while time.perf_counter() - began < SECONDS:
        own, answered, last = video.evaluate(NUMBERS)
        behind.append((own - answered) % LENGTH)
        page.wait_for_timeout(97)
    rate = (last - first) / (time.perf_counter() - began)
    return rate, statistics.median(behind) / RATE * 1000


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        path = Path(name) / "film.mjpeg"
        film(path)
        os.environ["POSELAB_STREAMS"] = "2"  # the server inherits it
        server = Server(Path(name) / "log.txt")
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"]
        camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=[*arguments, *camera, f"--use-file-for-fake-video-capture={path}"]
        )
        pages: list[Page] = []
        for streams in (1, 2):
            pages.append(_started(browser, server))
            rates, behind = zip(*(measure(page) for page in pages), strict=True)
            said = "; ".join(page.get_by_text("pictures a second").inner_text() for page in pages)
            what = f"{streams} in Chromium, 640 x 480"
            yield Row(f"{what}: shown", rates, "a second", note=f"the page says: {said}")
            yield Row(f"{what}: behind the camera", behind, "ms", note="server and browsers on the same cores")
        browser.close()
        server.close()


def _started(browser: Browser, server: Server) -> Page:
    page = browser.new_context(permissions=["camera"], viewport={"width": 1280, "height": 1000}).new_page()
    page.goto(f"{server.url}/webcam")
    page.get_by_role("radio", name="On the server").click()
    page.get_by_text("Mirror", exact=True).click()
    widget = page.frame_locator("iframe[title^='streamlit_webrtc']")
    widget.get_by_role("button", name="Start").click()
    widget.locator("video").wait_for()
    page.wait_for_timeout(4000)
    return page
