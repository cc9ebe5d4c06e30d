"""The webcam looked at in the visitor's own browser: what is seen and counted, and what leaves it."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import cv2
import numpy as np
from playwright.sync_api import Browser, Page, Request, expect

from posecore import ImageDetector, decode_image
from posecore.media.picture_files import Frame
from tests.browser.test_webcam import bones_are_on_the_body, curve_points, open_webcam
from tests.support.app_server import Server
from tests.support.camera import CAMERA_SIZE


def choose(page: Page, way: str) -> None:
    page.get_by_role("radio", name=way).click()


def start(page: Page, seconds: float = 60) -> None:
    page.locator(".webcam [data-part=toggle]").click()
    running(page, seconds)


def running(page: Page, seconds: float = 60) -> None:
    expect(page.locator(".webcam[data-rate]")).to_be_visible(timeout=1000 * seconds)


def picture(page: Page) -> Frame:
    """What the browser shows now: skeleton over camera."""
    shown = decode_image(page.locator(".webcam .screen").screenshot())
    return cv2.resize(shown, CAMERA_SIZE, interpolation=cv2.INTER_AREA).astype(np.uint8)


def counted(page: Page) -> int:
    return int(page.locator(".webcam .counts").inner_text() or 0)


def choose_squats(page: Page) -> None:
    page.get_by_role("combobox", name=re.compile("Exercise")).click()
    page.get_by_role("option", name="Squat").click()


def test_squats_are_seen_and_counted_and_no_picture_leaves(
    squatting: Browser, server: Server, film: list[Frame], detector: ImageDetector
) -> None:
    page = open_webcam(squatting, server)
    choose(page, "In this browser")
    choose_squats(page)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    frames: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    began = time.monotonic()
    start(page)
    assert any(bones_are_on_the_body(picture(page), film, detector) for _ in range(8))
    expect(page.locator(".webcam .counts")).to_have_text(re.compile(r"[1-9]"), timeout=40_000)
    expect(page.get_by_test_id("stMetricValue").last).to_have_text(re.compile("°"))
    assert curve_points(page) > 10
    seconds = time.monotonic() - began

    home = urlsplit(server.url).netloc
    assert {urlsplit(one.url).netloc for one in sent if not one.url.startswith(("data:", "blob:"))} == {home}
    posts = [one for one in sent if one.method == "POST"]
    assert posts
    assert {urlsplit(one.url).path.split("/")[1] for one in posts} <= {"landmarks"}
    bodies = [one.post_data_buffer or b"" for one in posts]
    assert all(len(body) % (4 * (1 + 33 * 8)) == 0 for body in bodies)  # rows of landmarks and nothing else
    assert sum(map(len, bodies)) / seconds < 60_000  # bytes a second; a picture of the camera's has 900,000
    assert all(len(frame) < 4000 for frame in frames)

    page.locator(".webcam [data-part=toggle]").click()
    expect(page.get_by_text("Your pictures stay in this browser")).to_be_visible()
    page.context.close()


def test_a_recording_is_kept_as_elsewhere(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server)
    choose(page, "In this browser")
    start(page)
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(3000)
    page.get_by_role("button", name=re.compile("^Stop recording")).click()
    expect(page.get_by_text("Your recording")).to_be_visible()
    page.context.close()


NO_ROUTE = """
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
    constructor(settings) { super({ ...settings, iceTransportPolicy: "relay" }); }  // and there is no relay
};
"""
NO_SIMD = "WebAssembly.validate = () => false"


def visit(browser: Browser, server: Server, script: str) -> Page:
    context = browser.new_context(permissions=["camera"], locale="en-US", viewport={"width": 1280, "height": 1000})
    context.add_init_script(script)
    page = context.new_page()
    page.goto(f"{server.url}/webcam")
    page.locator("h1").wait_for()
    return page


def test_where_no_way_leads_to_the_server_the_browser_looks_itself(squatting: Browser, server: Server) -> None:
    page = visit(squatting, server, NO_ROUTE)
    choose_squats(page)
    page.frame_locator("iframe[title^='streamlit_webrtc']").get_by_role("button", name="Start").click()
    expect(page.get_by_text("no way to the server was found")).to_be_visible()
    running(page)
    expect(page.locator(".webcam .counts")).to_have_text(re.compile(r"[1-9]"), timeout=40_000)
    page.context.close()


def test_without_what_the_engine_needs_another_way_is_named(squatting: Browser, server: Server) -> None:
    page = visit(squatting, server, NO_SIMD)
    choose(page, "In this browser")
    expect(page.get_by_text("This browser cannot look at pictures itself")).to_be_visible()
    page.context.close()
