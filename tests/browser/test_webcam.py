"""The webcam page in a real browser whose camera shows a real person who squats."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from posecore import ImageDetector
from posecore.media.picture_files import Frame
from posecore.palette import LEFT, RIGHT
from posecore.skeleton import INDEX
from tests.browser.test_photos import is_near
from tests.support.app_server import Server
from tests.support.camera import CAMERA_ARGUMENTS, CAMERA_SIZE, ready_camera
from tests.support.visiting import stand_still
from tests.support.webcams import WAYS, OnServer, Webcam, choose_squats, curve_points, open_webcam

both_ways = pytest.mark.parametrize(
    "way", [pytest.param(one, id=one.way, marks=[pytest.mark.slow] if one is OnServer else []) for one in WAYS]
)


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


def skeleton_is_seen(webcam: Webcam, film: list[Frame], detector: ImageDetector) -> bool:
    return any(bones_are_on_the_body(webcam.picture(), film, detector) for _ in range(8))


@both_ways
def test_a_squat_is_seen_measured_recorded_and_ended(
    squatting: Browser, server: Server, film: list[Frame], detector: ImageDetector, way: type[Webcam]
) -> None:
    page = open_webcam(squatting, server, way.way)
    webcam = way(page)
    webcam.start()
    assert skeleton_is_seen(webcam, film, detector)

    values = set()
    for _ in range(12):
        page.wait_for_timeout(500)
        values.add(webcam.knee())
    angles = [int(value.strip("≈ °")) for value in values if "°" in value]
    assert max(angles) - min(angles) > 30
    before = curve_points(page)
    page.wait_for_timeout(1500)
    assert curve_points(page) > before

    page.get_by_text("Skeleton alone").click()
    page.wait_for_timeout(2500)
    assert np.abs(webcam.picture()[:40, :40].astype(int) - 246).mean() < 12  # plain ground, nothing of the camera's
    page.get_by_text("Left and right").click()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="Lite").click()
    page.wait_for_timeout(1500)
    webcam.wait_for_frames(10)
    assert skeleton_is_seen(webcam, film, detector)

    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name=re.compile("^Stop recording")).click()
    expect(page.get_by_text("Your recording")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Everything (JSON)").click()
    recorded = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert len(recorded["frames"]) > 10
    assert len(recorded["frames"][0]["people"][0]["landmarks"]) == 33

    webcam.stop()
    expect(page.get_by_text("Press Start and allow the camera")).to_be_visible()
    page.context.close()


@pytest.mark.slow
@both_ways
def test_squats_are_counted_by_the_standard_and_by_ones_own_range(
    squatting: Browser, server: Server, way: type[Webcam]
) -> None:
    page = open_webcam(squatting, server, way.way)
    choose_squats(page)
    webcam = way(page)
    webcam.start()
    expect(webcam.count()).to_have_text(re.compile(r"[1-9]"))
    page.get_by_role("button", name="Measure my range").click()
    expect(page.get_by_text("Do two slow, full repetitions")).to_be_visible()
    expect(page.get_by_text("Counted by your own range")).to_be_visible()
    expect(webcam.count()).to_have_text(re.compile(r"[1-9]"))
    page.get_by_role("button", name="Count by the standard").click()
    expect(page.get_by_role("button", name="Measure my range")).to_be_visible()
    page.context.close()


@both_ways
def test_a_refused_camera_is_explained(
    playwright: Playwright, chromium: str, server: Server, way: type[Webcam]
) -> None:
    refusing = playwright.chromium.launch(executable_path=chromium, args=CAMERA_ARGUMENTS)
    page = open_webcam(refusing, server, way.way, allowed=False)
    webcam = way(page)
    webcam.press_start()
    expect(webcam.said()).to_contain_text("The camera was refused.")
    expect(page.get_by_text("Press Start and allow the camera")).to_be_visible()
    refusing.close()


def threads_settle(server: Server, most: int) -> int:
    """How many threads the server has, once they are at most so many or half a minute has passed."""
    end = time.monotonic() + 30
    while server.process.num_threads() > most and time.monotonic() < end:
        time.sleep(0.5)
    return int(server.process.num_threads())


def test_choosing_the_way_that_is_used_already_keeps_the_stream(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "auto")
    webcam = OnServer(page)
    webcam.start()
    for name in ("On the server", "Automatic"):
        page.get_by_role("radio", name=name).click()
        stand_still(page)
        webcam.wait_for_frames(5)
    webcam.stop()
    page.context.close()


@pytest.mark.slow
def test_stop_frees_what_start_took(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server)
    webcam = OnServer(page)

    def visits(count: int) -> None:
        for _ in range(count):
            webcam.start()
            webcam.stop()
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
    webcam = OnServer(page)
    webcam.start()
    webcam.stop()
    page.wait_for_timeout(3000)
    memory, threads = server.memory(), server.process.num_threads()
    for _ in range(20):
        webcam.start()
        page.wait_for_timeout(1500)
        webcam.stop()
    for _ in range(4):
        other = open_webcam(squatting, server)
        OnServer(other).start()
        other.context.close()
    page.wait_for_timeout(140_000)  # Streamlit keeps the visit of a closed tab for two minutes
    assert server.memory() - memory < 60e6
    assert threads_settle(server, threads) < threads + 6  # of the pool of asyncio, which grows to its full size
    page.context.close()


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        (True, "Camera and connection are fine. Press Start."),
        (False, "The camera was refused. Allow it in the browser’s address bar, then test"),
    ],
    ids=["all is well", "refused"],
)
def test_the_connection_test_says_how_it_is(
    playwright: Playwright, chromium: str, squatting_camera: list[str], server: Server, allowed: bool, said: str
) -> None:
    arguments = squatting_camera if allowed else CAMERA_ARGUMENTS
    browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
    page = open_webcam(browser, server, allowed=allowed)
    page.get_by_text("It does not work?").click()
    page.get_by_role("button", name="Test camera and connection").click()
    expect(page.get_by_text(said)).to_be_visible()
    browser.close()


@pytest.mark.slow
def test_snapshots_are_the_way_out_in_chinese_too(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "snapshot", locale="zh-CN")
    ready_camera(page).click()
    expect(page.get_by_role("img", name="snapshot.jpg")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.context.close()
