"""The webcam looked at in the visitor's own browser: what is seen and counted, and what leaves it."""

from __future__ import annotations

import base64
import re
import time
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from pages.shared.service.engine_routes import engine_files
from posecore import DetectorSettings, ImageDetector, StreamTracker, encode_image, probe, read_frames
from posecore.detection.engines import engine_for
from posecore.media.picture_files import Frame
from posecore.pose import FloatArray, torso_lengths
from posecore.skeleton import INDEX
from tests.browser.test_webcam import skeleton_is_seen
from tests.support.app_server import Server
from tests.support.paths import SAMPLES
from tests.support.visiting import open_page
from tests.support.webcams import InBrowser, choose_squats, open_webcam


def test_squats_are_seen_and_counted_and_no_picture_leaves(
    squatting: Browser, server: Server, film: list[Frame], detector: ImageDetector
) -> None:
    page = open_webcam(squatting, server, "browser")
    choose_squats(page)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    frames: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    began = time.monotonic()
    webcam = InBrowser(page)
    webcam.start()
    assert skeleton_is_seen(webcam, film, detector)
    expect(page.locator(".webcam .counts")).to_have_text(re.compile(r"[1-9]"), timeout=40_000)
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

    webcam.stop()
    expect(page.get_by_text("Your pictures stay in this browser")).to_be_visible()
    page.context.close()


LOOK = """async ({ urls, frames, step, people }) => {
    const worker = new Worker(urls.worker);
    const said = (name) => new Promise((found, failed) => {
        worker.onmessage = ({ data }) => data.failed ? failed(data.failed) : data[name] && found(data);
    });
    const opened = said("opened");
    worker.postMessage({ urls, people, confidence: 0.5 });
    await opened;
    const rows = [];
    for (const [number, frame] of frames.entries()) {
        const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${frame}`)).blob());
        const answer = said("points");
        worker.postMessage({ picture, time: 1000 * step * (number + 1) }, [picture]);
        rows.push([...(await answer).points]);
    }
    worker.terminate();
    return rows;
}"""


@pytest.mark.parametrize(
    ("clip", "size", "step", "relaxed"),
    [
        ("pose_squats", (360, 480), 1, True),
        pytest.param("pose_squats", (360, 480), 1, False, marks=pytest.mark.slow),
        pytest.param("balance_cam03", (360, 640), 3, True, marks=pytest.mark.slow),
    ],
)
def test_landmarks_are_the_servers(
    browser: Browser, server: Server, media: Path, clip: str, size: tuple[int, int], step: int, relaxed: bool
) -> None:
    """Of live streams within what two engines differ by, and of clips, where the server's steps are the same."""
    shown = islice(read_frames(probe(media / "videos" / f"{clip}.mp4")), 0, 40 * step, step)
    film = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.uint8) for _, frame in shown]
    page = open_page(browser, server.url)
    urls = engine_files("lite", server.url)
    if not relaxed:
        urls["relaxed"] = urls["compatible"]
    found = looked(page, film, urls)[:, 0]
    page.context.close()
    assert_alike(film, found, live=True, most=0.02)
    if engine_for("clip") == "litert":
        assert_alike(film, found, live=False, most=0.003)


def looked(page: Page, film: list[Frame], urls: dict[str, str], people: int = 1) -> FloatArray:
    """(T, people, 33, 8) what the browser finds in pictures a tenth of a second apart."""
    frames = [base64.b64encode(encode_image(frame)).decode() for frame in film]
    rows = page.evaluate(LOOK, {"urls": urls, "frames": frames, "step": 0.1, "people": people})
    return np.array(rows, np.float32).reshape(len(film), people, 33, 8)


def assert_alike(film: list[Frame], found: FloatArray, *, live: bool, most: float) -> None:
    """The landmarks lie within `most` of a torso at the median, and everything else is alike."""
    with StreamTracker(DetectorSettings("lite", people=1), live=live) as tracker:
        poses = [tracker.track(frame, 0.1 * (number + 1)) for number, frame in enumerate(film)]
    there = [number for number, pose in enumerate(poses) if pose.people and np.isfinite(found[number]).all()]
    assert len(there) > 0.9 * len(film)
    apart = [
        np.linalg.norm(found[number, :, :2] - poses[number].xy[0], axis=-1) / torso_lengths(poses[number])[0]
        for number in there
    ]
    assert np.median(apart) < most
    for place, name in ((3, "visibility"), (4, "presence")):
        server_says = np.array([getattr(poses[number], name)[0] for number in there])
        assert np.abs(found[there, :, place] - server_says).mean() < 0.03
    world = np.array([poses[number].world[0] for number in there])
    assert np.median(np.linalg.norm(found[there, :, 5:] - world, axis=-1)) < most  # metres


@pytest.mark.slow
def test_two_people_are_followed_as_by_the_server(browser: Browser, server: Server) -> None:
    shown = islice(read_frames(probe(SAMPLES / "two_people.mp4")), 0, 60, 3)
    film = [cv2.resize(frame, (640, 480), interpolation=cv2.INTER_AREA).astype(np.uint8) for _, frame in shown]
    page = open_page(browser, server.url)
    found = looked(page, film, engine_files("lite", server.url), people=2)
    page.context.close()
    with StreamTracker(DetectorSettings("lite", people=2)) as tracker:
        poses = [tracker.track(frame, 0.1 * (number + 1)) for number, frame in enumerate(film)]
    here = np.isfinite(found[..., 0]).all(-1).sum(1)
    assert np.mean([pose.people == count for pose, count in zip(poses, here, strict=True)]) > 0.8
    trunk = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("shoulder", "hip")]
    for person in range(2):  # of whom one stands half outside of the picture
        apart = [
            min(np.linalg.norm(found[number][:, trunk, :2] - pose.xy[person, trunk], axis=-1).mean(-1))
            / torso_lengths(pose)[person]
            for number, pose in enumerate(poses)
            if pose.people == here[number] == 2
        ]
        assert np.median(apart) < 0.15


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
    expect(page.get_by_text("no way to the server was found")).to_be_visible()
    choose_squats(page)
    webcam = InBrowser(page)
    expect(page.locator(".webcam [data-part=toggle]")).to_have_text("Start")  # nobody has pressed it
    webcam.start()
    expect(page.locator(".webcam .counts")).to_have_text(re.compile(r"[1-9]"), timeout=40_000)
    page.context.close()


def test_where_a_way_leads_to_the_server_it_is_kept(squatting: Browser, server: Server) -> None:
    page = visit(squatting, server, "")
    with page.expect_response("**/reach") as answer:
        page.reload()
    assert "a=candidate" in answer.value.json()["sdp"]
    page.wait_for_timeout(4000)  # longer than the browser tries
    expect(page.get_by_text("The server looks at your pictures")).to_be_visible()
    page.context.close()


def test_who_wants_the_server_without_a_way_to_it_is_told_so(squatting: Browser, server: Server) -> None:
    page = visit(squatting, server, NO_ROUTE)
    page.get_by_role("radio", name="On the server").click()
    page.get_by_text("It does not work?").click()
    page.get_by_role("button", name="Test camera and connection").click()
    expect(page.get_by_text("Choose “In this browser” above")).to_be_visible()
    page.context.close()


@pytest.mark.slow
def test_who_pressed_start_in_vain_need_not_press_again(squatting: Browser, server: Server) -> None:
    page = visit(squatting, server, f"if (window !== top) {{ {NO_ROUTE} }}")  # the page itself would find a way
    choose_squats(page)
    page.frame_locator("iframe[title^='streamlit_webrtc']").get_by_role("button", name="Start").click()
    expect(page.get_by_text("no way to the server was found")).to_be_visible()
    InBrowser(page).running()
    expect(page.locator(".webcam .counts")).to_have_text(re.compile(r"[1-9]"), timeout=40_000)
    page.context.close()


def test_without_what_the_engine_needs_another_way_is_named(squatting: Browser, server: Server) -> None:
    page = visit(squatting, server, NO_SIMD)
    page.get_by_role("radio", name="In this browser").click()
    expect(page.get_by_text("This browser cannot look at pictures itself")).to_be_visible()
    page.context.close()


@pytest.mark.slow
def test_it_goes_on_without_the_server_and_what_was_seen_can_be_saved(squatting: Browser, tmp_path: Path) -> None:
    own = Server(tmp_path / "log.txt")
    own.wait_for("/health/ready")
    page = open_webcam(squatting, own, "browser")
    InBrowser(page).start()
    own.close()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()  # Streamlit's own word for it
    page.wait_for_timeout(3000)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save landmarks").click()
    table = pd.read_csv(waiting.value.path())
    assert list(table.columns[:6]) == ["frame", "time_s", "person", "landmark", "x_px", "y_px"]
    assert table.frame.max() > 10
    assert table.time_s.max() > 2
    assert table.landmark[:2].tolist() == ["nose", "left_eye_inner"]
    page.context.close()


@pytest.mark.slow
def test_a_camera_that_another_program_takes_is_said(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "browser")
    webcam = InBrowser(page)
    webcam.start()
    page.locator(".webcam video").evaluate("it => it.srcObject.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(webcam.said()).to_contain_text("Another program is using the camera")
    expect(page.locator(".webcam [data-part=toggle]")).to_have_text("Start")
    webcam.start()
    page.context.close()


@pytest.mark.slow
def test_a_phone_that_is_turned_keeps_counting(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "browser")
    choose_squats(page)
    webcam = InBrowser(page)
    webcam.start()
    tall = "it => it.srcObject.getTracks()[0].applyConstraints({ width: { exact: 270 }, height: { exact: 480 } })"
    page.locator(".webcam video").evaluate(tall)
    page.wait_for_timeout(2000)
    canvas = page.locator(".webcam canvas")
    assert canvas.evaluate("it => [it.width, it.height]") == [270, 480]
    box = canvas.bounding_box()
    assert box
    assert box["height"] > box["width"]
    before = int(webcam.count().inner_text())
    expect(webcam.count()).to_have_text(str(before + 1))
    page.context.close()


@pytest.mark.slow
def test_out_of_sight_it_rests_and_goes_on(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "browser")
    choose_squats(page)
    webcam = InBrowser(page)
    webcam.start()
    line = page.context.new_cdp_session(page)
    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(7)
    line.send("Page.setWebLifecycleState", {"state": "active"})
    before = int(webcam.count().inner_text())
    expect(webcam.count()).to_have_text(re.compile(f"^({before + 1}|{before + 2})$"))
    page.context.close()


@pytest.mark.slow
def test_a_recording_is_not_closed_by_mistake(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "browser")
    InBrowser(page).start()
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name=re.compile("^Stop recording")).wait_for()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.get_by_role("button", name=re.compile("^Stop recording")).click()
    expect(page.get_by_text("Your recording")).to_be_visible()
    page.context.close()
