"""The video page in a real browser: a real clip, played, clicked, taken home."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from posecore import ANGLES, decode_image
from posecore.palette import LEFT, RIGHT
from posecore.skeleton import INDEX
from tests.browser.conftest import OpenPage
from tests.browser.test_photos import download, is_near, upload

FRAME = 0.2  # seconds of a frame of the squats
SECOND_BOTTOM = 34  # its number


def player(page: Page) -> Locator:
    return page.locator(".player")


def state(page: Page, *, playing: bool = False) -> dict[str, float]:
    """What is shown at one instant: the clip's time, the frame whose skeleton is drawn, the time under the cursor.

    While it is `playing`, of the next picture, once all has heard of it.
    """
    result: dict[str, float] = player(page).evaluate(
        """async (root, playing) => {
            const video = root.querySelector('video');
            const next = (heard) => video.requestVideoFrameCallback((_, picture) => setTimeout(heard, 0, picture));
            const clip = playing ? (await new Promise(next)).mediaTime : video.currentTime;
            const chart = [...document.querySelectorAll('.js-plotly-plot')].find(c => c.offsetParent);
            const cursor = chart.querySelector(':scope > .clip-cursor').getBoundingClientRect();
            const axis = chart._fullLayout.xaxis;
            const left = chart.getBoundingClientRect().left + axis._offset;
            return {
                clip,
                skeleton: root.player.track.times[Number(root.dataset.frame)],
                cursor: axis.p2l(cursor.left + cursor.width / 2 - left),
                frame: Number(root.dataset.frame),
            };
        }""",
        playing,
    )
    return result


def skeleton_is_on(page: Page, landmarks: np.ndarray, size: tuple[int, int]) -> bool:
    """Whether what is on the screen has the colours of left and right in the middle of the thighs."""
    shown = decode_image(page.locator(".screen").screenshot())
    scale = np.divide(shown.shape[1::-1], size)
    good = []
    for side, colour in (("left", LEFT), ("right", RIGHT)):
        middle = landmarks[[INDEX[f"{side}_hip"], INDEX[f"{side}_knee"]]].mean(0)
        x, y = (middle * scale).round().astype(int)
        around = shown[y - 6 : y + 7, x - 6 : x + 7].reshape(-1, 3)  # the reference is another build's answer
        good.append(any(is_near(pixel, colour) for pixel in around))
    return all(good)


@pytest.fixture
def squats(open_page: OpenPage, media: Path) -> Page:
    page = open_page("video")
    upload(page, media / "videos" / "pose_squats.mp4")
    expect(page.get_by_text("720 × 1280")).to_be_visible()
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    return page


def test_picture_and_charts_are_one_thing(squats: Page, media: Path) -> None:
    page = squats
    truth = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2]

    page.get_by_role("button", name="Play or pause").click()
    seen: list[dict[str, float]] = []
    while len(seen) < 12:
        page.wait_for_timeout(250)
        seen.append(state(page, playing=True))
    assert seen[-1]["clip"] > seen[0]["clip"] + 1
    for now in seen:
        assert abs(now["skeleton"] - now["clip"]) <= FRAME + 0.02
        assert abs(now["cursor"] - now["clip"]) <= FRAME

    page.get_by_role("button", name="Play or pause").click()
    chart = page.locator(".js-plotly-plot").first
    place = chart.evaluate(
        """(chart, time) => {
            const [x, y] = [chart._fullLayout.xaxis, chart._fullLayout.yaxis];
            return { x: x._offset + x.l2p(time), y: y._offset + y._length / 2 };
        }""",
        SECOND_BOTTOM * FRAME,
    )
    chart.click(position=place)
    page.wait_for_timeout(800)
    now = state(page)
    assert abs(now["frame"] - SECOND_BOTTOM) <= 1
    assert abs(now["clip"] - SECOND_BOTTOM * FRAME) <= FRAME + 0.1
    assert skeleton_is_on(page, truth[int(now["frame"])], (720, 1280))

    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert state(page)["frame"] == now["frame"] + 1
    page.get_by_role("button", name="One frame back").click()
    page.wait_for_timeout(500)
    assert state(page)["frame"] == now["frame"]


def test_the_style_stays_as_it_was_chosen(squats: Page) -> None:
    root = player(squats).element_handle()
    player(squats).locator("[data-part=looks]").click()
    choice = player(squats).locator("[data-part=style]")
    for style in ("confidence", "classic", "skeleton", "sides"):
        choice.select_option(style)
        # The choice has been to the server when it comes back with the page's data.
        squats.wait_for_function("([root, style]) => root.player.data.style === style", arg=[root, style])
        expect(choice).to_have_value(style)


def test_everything_can_be_taken_home_and_opened(squats: Page, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(download(squats, "Download all (ZIP)"))) as archive:
        archive.extractall(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "landmarks.csv",
        "angles.csv",
        "landmarks_cleaned.csv",
        "angles_cleaned.csv",
        "summary.json",
        "charts.html",
        "annotated.mp4",
    }
    landmarks = pd.read_csv(tmp_path / "landmarks.csv")
    assert len(landmarks) == 65 * 33
    assert landmarks["time_s"].max() == pytest.approx(12.8)
    assert list(pd.read_csv(tmp_path / "angles.csv").columns) == ["frame", "time_s", "person", *ANGLES]
    summary: dict[str, Any] = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert (summary["file"], summary["frames_with_people"]) == ("pose_squats.mp4", 65)
    with av.open(str(tmp_path / "annotated.mp4")) as clip:
        assert clip.streams.video[0].codec_context.name == "h264"
        assert float(clip.duration or 0) / 1e6 == pytest.approx(13, abs=0.05)
    charts = squats.context.new_page()
    charts.goto((tmp_path / "charts.html").as_uri())
    expect(charts.locator(".js-plotly-plot").first).to_be_visible()


@pytest.mark.slow
def test_a_clip_that_the_browser_cannot_play_is_shown_drawn(open_page: OpenPage, media: Path) -> None:
    page = open_page("video", locale="zh-CN")
    upload(page, media / "odd_videos" / "squats_hevc.mp4")
    page.get_by_role("button", name="开始分析").click()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    player(page).evaluate("root => root.player.seek(6.8)")
    page.wait_for_timeout(1000)
    assert abs(state(page)["frame"] - SECOND_BOTTOM) <= 1
    assert player(page).evaluate("root => root.querySelector('video').videoWidth") == 360


def test_work_can_be_stopped_and_a_part_chosen(open_page: OpenPage, media: Path) -> None:
    page = open_page("video")
    upload(page, media / "videos" / "one-by-one-person-detection.mp4")
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_text("s left")).to_be_visible()
    expect(page.get_by_alt_text("The newest frame")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Analyse")).to_be_visible(timeout=5000)


def test_a_file_that_is_no_clip_gets_one_sentence(open_page: OpenPage, media: Path) -> None:
    page = open_page("video")
    upload(page, media / "odd_videos" / "audio_only.mp4")
    expect(page.get_by_text("There is sound in this file but no picture.")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
