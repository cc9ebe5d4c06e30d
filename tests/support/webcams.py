"""A visitor in front of the webcam page, in each of the ways in which live pictures are looked at."""

from __future__ import annotations

import base64
import re
import time

import cv2
import numpy as np
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from posecore import decode_image
from posecore.language import language_for, translate
from posecore.media.picture_files import Frame
from tests.support.app_server import Server
from tests.support.camera import CAMERA_SIZE
from tests.support.visiting import open_page, stand_still

_PATIENCE_S = 60
_TO_PICTURE = """video => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext('2d').drawImage(video, 0, 0);
    return canvas.toDataURL('image/png');
}"""


def open_webcam(
    browser: Browser, server: Server, way: str = "server", *, allowed: bool = True, locale: str = "en-US"
) -> Page:
    """The page, where pictures are looked at in one `way`, for a busy machine would choose another by itself."""
    page = open_page(browser, f"{server.url}/webcam", permissions=["camera"] if allowed else [], locale=locale)
    if way != "auto":
        name = translate(language_for(locale), f"webcam.way_{way}")
        page.get_by_role("radio", name=name).click()
        expect(page.get_by_role("radio", name=name)).to_be_checked()
        stand_still(page)
    return page


def choose_squats(page: Page) -> None:
    page.get_by_role("combobox", name=re.compile("Exercise")).click()
    page.get_by_role("option", name="Squat").click()


def curve_points(page: Page) -> int:
    """Of the first curve; Streamlit makes the chart anew at every look, so for a moment there may be none."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        found: list[int] = page.locator(".js-plotly-plot").evaluate_all(
            "charts => charts.filter(one => one._fullData?.length)"
            ".map(one => one._fullData[0].y.filter(y => y !== null).length)"
        )
        if found:
            return found[0]
        page.wait_for_timeout(100)
    raise AssertionError("no curve")


class OnServer:
    """By WebRTC, in the component of streamlit-webrtc."""

    way = "server"

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def widget(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title^='streamlit_webrtc']")

    def press_start(self) -> None:
        self.widget.get_by_role("button", name="Start").click()

    def start(self) -> None:
        self.press_start()
        self.widget.locator("video").wait_for()
        self.wait_for_frames(10)

    def stop(self) -> None:
        self.widget.get_by_role("button", name="Stop").click()
        expect(self.widget.get_by_role("button", name="Start")).to_be_visible()
        _let_go(self.page)

    def said(self) -> Locator:
        return self.widget.locator("body")

    def frames_shown(self) -> int:
        video = self.widget.locator("video")
        return int(video.evaluate("video => video.getVideoPlaybackQuality().totalVideoFrames"))

    def wait_for_frames(self, more: int) -> None:
        begin, end = self.frames_shown(), time.monotonic() + _PATIENCE_S
        while self.frames_shown() < begin + more:
            assert time.monotonic() < end
            self.page.wait_for_timeout(100)

    def picture(self) -> Frame:
        """What the browser shows now."""
        url = self.widget.locator("video").evaluate(_TO_PICTURE)
        return _as_camera(decode_image(base64.b64decode(url.split(",")[1])))

    def knee(self) -> str:
        return self.page.get_by_test_id("stMetricValue").first.inner_text()

    def count(self) -> Locator:
        return self.page.locator(".st-key-coach_numbers").get_by_test_id("stMetricValue").first


class InBrowser:
    """By the engine in the browser itself."""

    way = "browser"

    def __init__(self, page: Page) -> None:
        self.page = page

    def press_start(self) -> None:
        self.page.locator(".webcam [data-part=toggle]").click()

    def start(self) -> None:
        self.press_start()
        self.running()

    def running(self) -> None:
        """Wait until it is."""
        expect(self.page.locator(".webcam[data-rate]")).to_be_visible(timeout=1000 * _PATIENCE_S)

    def stop(self) -> None:
        toggle = self.page.locator(".webcam [data-part=toggle]")
        toggle.click()
        expect(toggle).to_have_text("Start")
        _let_go(self.page)

    def said(self) -> Locator:
        return self.page.locator(".webcam [data-part=status]")

    def wait_for_frames(self, more: int) -> None:
        self.page.wait_for_timeout(100 * more)

    def picture(self) -> Frame:
        """What the browser shows now: skeleton over camera."""
        return _as_camera(decode_image(self.page.locator(".webcam .screen").screenshot()))

    def knee(self) -> str:
        return self.page.locator(".panel [data-part=values] b").first.inner_text()

    def count(self) -> Locator:
        return self.page.locator(".panel [data-part=counts] b").first


Webcam = OnServer | InBrowser
WAYS = (OnServer, InBrowser)


def _let_go(page: Page) -> None:
    """Until the server knows: the place of a stream that just stays away is free after ten seconds only."""
    expect(page.get_by_text("Press Start and allow the camera")).to_be_visible()


def _as_camera(shown: Frame) -> Frame:
    return cv2.resize(shown, CAMERA_SIZE, interpolation=cv2.INTER_AREA).astype(np.uint8)
