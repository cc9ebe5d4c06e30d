"""The webcam page in a real browser whose camera shows a real person who squats."""

from __future__ import annotations

import base64
import json
import re
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Playwright, expect

from posecore import ImageDetector, decode_image
from posecore.language import language_for, translate
from posecore.media.picture_files import Frame
from posecore.palette import LEFT, RIGHT
from posecore.skeleton import INDEX
from tests.browser.test_photos import is_near
from tests.support.app_server import Server
from tests.support.camera import CAMERA_ARGUMENTS, CAMERA_SIZE, ready_camera
from tests.support.visiting import open_page


def open_webcam(
    browser: Browser, server: Server, way: str = "server", *, allowed: bool = True, locale: str = "en-US"
) -> Page:
    """The page, where pictures are looked at in one `way`, for a busy machine would choose another by itself."""
    page = open_page(browser, f"{server.url}/webcam", permissions=["camera"] if allowed else [], locale=locale)
    if way != "auto":
        name = translate(language_for(locale), f"webcam.way_{way}")
        page.get_by_role("radio", name=name).click()
        expect(page.get_by_role("radio", name=name)).to_be_checked()
    return page


def widget(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title^='streamlit_webrtc']")


def start(page: Page) -> None:
    widget(page).get_by_role("button", name="Start").click()
    widget(page).locator("video").wait_for()
    wait_for_frames(page, 10)


def stop(page: Page) -> None:
    widget(page).get_by_role("button", name="Stop").click()
    expect(widget(page).get_by_role("button", name="Start")).to_be_visible()


def frames_shown(page: Page) -> int:
    return int(widget(page).locator("video").evaluate("video => video.getVideoPlaybackQuality().totalVideoFrames"))


def wait_for_frames(page: Page, more: int) -> None:
    begin, end = frames_shown(page), time.monotonic() + 60
    while frames_shown(page) < begin + more:
        assert time.monotonic() < end
        page.wait_for_timeout(100)


def picture(page: Page) -> Frame:
    """What the browser shows now."""
    url = (
        widget(page)
        .locator("video")
        .evaluate(
            """video => {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
            canvas.getContext('2d').drawImage(video, 0, 0);
            return canvas.toDataURL('image/png');
        }"""
        )
    )
    shown = decode_image(base64.b64decode(url.split(",")[1]))
    return cv2.resize(shown, CAMERA_SIZE, interpolation=cv2.INTER_AREA).astype(np.uint8)


def bones_are_on_the_body(shown: Frame, film: list[Frame], detector: ImageDetector) -> bool:
    """Whether thighs have the colours of their side, where they are in the film's frame that is shown, mirrored."""
    mirrored = [frame[:, ::-1] for frame in film]
    apart = [np.abs(shown[::4, ::4].astype(int) - frame[::4, ::4]).mean() for frame in mirrored]
    number = int(np.argmin(apart))
    pose = detector.detect(film[number])
    good = []
    for side, colour in (("left", LEFT), ("right", RIGHT)):
        x, y = pose.xy[0, [INDEX[f"{side}_hip"], INDEX[f"{side}_knee"]]].mean(0)
        column, row = round(CAMERA_SIZE[0] - 1 - x), round(y)
        around = shown[row - 8 : row + 9, column - 8 : column + 9].reshape(-1, 3)
        good.append(any(is_near(pixel, colour, 80) for pixel in around))
    return all(good)


def knee(page: Page) -> str:
    return page.get_by_test_id("stMetricValue").first.inner_text()


def curve_points(page: Page) -> int:
    """Of the first curve; Streamlit makes the chart anew at every look, so for a moment there may be none."""
    points = "document.querySelector('.js-plotly-plot')?._fullData?.[0].y.filter(y => y !== null).length"
    return int(page.wait_for_function(points).json_value())


def test_a_squat_is_seen_measured_recorded_and_ended(
    squatting: Browser, server: Server, film: list[Frame], detector: ImageDetector
) -> None:
    page = open_webcam(squatting, server)
    start(page)
    assert any(bones_are_on_the_body(picture(page), film, detector) for _ in range(5))

    values = set()
    for _ in range(12):
        page.wait_for_timeout(500)
        values.add(knee(page))
    angles = [int(value.strip("≈ °")) for value in values if "°" in value]
    assert max(angles) - min(angles) > 30
    before = curve_points(page)
    page.wait_for_timeout(1500)
    assert curve_points(page) > before

    page.get_by_text("Skeleton alone").click()
    page.wait_for_timeout(2500)
    assert np.abs(picture(page)[:40, :40].astype(int) - 246).mean() < 12  # plain ground, nothing of the camera's
    page.get_by_text("Left and right").click()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="Lite").click()
    page.wait_for_timeout(1500)
    wait_for_frames(page, 10)
    assert any(bones_are_on_the_body(picture(page), film, detector) for _ in range(5))

    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name=re.compile("^Stop recording")).click()
    expect(page.get_by_text("Your recording")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Everything (JSON)").click()
    recorded = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert len(recorded["frames"]) > 10
    assert len(recorded["frames"][0]["people"][0]["landmarks"]) == 33

    stop(page)
    expect(page.get_by_text("Press Start and allow the camera")).to_be_visible()
    page.context.close()


def threads_settle(server: Server, most: int) -> int:
    """How many threads the server has, once they are at most so many or half a minute has passed."""
    end = time.monotonic() + 30
    while server.process.num_threads() > most and time.monotonic() < end:
        time.sleep(0.5)
    return int(server.process.num_threads())


@pytest.mark.slow
def test_stop_frees_what_start_took(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server)

    def visits(count: int) -> None:
        for _ in range(count):
            start(page)
            stop(page)
        page.wait_for_timeout(3000)

    visits(3)  # the server's own pool of threads grows to its full size
    before = server.process.num_threads()
    visits(4)
    # A stream that is left has its own thread, its landmarker's, its decoder's and its encoder's.
    assert threads_settle(server, before) < before + 4
    page.context.close()


@pytest.mark.soak
def test_twenty_visits_and_four_closed_tabs_leave_nothing(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server)
    start(page)
    stop(page)
    page.wait_for_timeout(3000)
    memory, threads = server.memory(), server.process.num_threads()
    for _ in range(20):
        start(page)
        page.wait_for_timeout(1500)
        stop(page)
    for _ in range(4):
        other = open_webcam(squatting, server)
        start(other)
        other.context.close()
    page.wait_for_timeout(140_000)  # Streamlit keeps the visit of a closed tab for two minutes
    assert server.memory() - memory < 60e6
    assert threads_settle(server, threads) < threads + 6  # of the pool of asyncio, which grows to its full size
    page.context.close()


def test_a_refused_camera_is_explained(playwright: Playwright, chromium: str, server: Server) -> None:
    running = playwright.chromium.launch(executable_path=chromium, args=CAMERA_ARGUMENTS)
    page = open_webcam(running, server, allowed=False)
    widget(page).get_by_role("button", name="Start").click()
    expect(widget(page).get_by_text("The camera was refused.")).to_be_visible()
    page.get_by_text("It does not work?").click()
    page.get_by_role("button", name="Test camera and connection").click()
    expect(page.get_by_text("The camera was refused. Allow it in the browser’s address bar, then test")).to_be_visible()
    running.close()


def test_the_connection_test_says_that_all_is_well(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server)
    page.get_by_text("It does not work?").click()
    page.get_by_role("button", name="Test camera and connection").click()
    expect(page.get_by_text("Camera and connection are fine. Press Start.")).to_be_visible()
    page.context.close()


def test_snapshots_are_the_way_out_in_chinese_too(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "snapshot", locale="zh-CN")
    ready_camera(page).click()
    expect(page.get_by_role("img", name="snapshot.jpg")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.context.close()
