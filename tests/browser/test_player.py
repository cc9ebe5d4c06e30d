"""The player in a real browser: loops, speeds, the whole screen, from near, by keys; joints and curves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from posecore import decode_image
from posecore.skeleton import INDEX
from tests.browser.conftest import OpenPage
from tests.browser.test_coach import choose
from tests.support.paths import SAMPLES

FRAME = 0.2  # seconds of a frame of the squats


@pytest.fixture(scope="module")
def analysed_squats(open_shared_page: OpenPage) -> Page:
    return analysed(open_shared_page("video"))


@pytest.fixture
def squats(analysed_squats: Page) -> Iterator[Page]:
    """The squats as they are after they were analysed, whatever the test before did to the player."""
    yield analysed_squats
    analysed_squats.locator(".player").evaluate(
        """root => {
            const p = root.player;
            p.video.pause();
            p.setLoop({});
            p.zoom.reset();
            p.find('speed').value = p.video.playbackRate = 1;
            p.panels.close();
            p.seek(0);
        }"""
    )


def analysed(page: Page) -> Page:
    page.get_by_role("button", name="Squats, counted").click()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    page.locator(".player video").evaluate(
        "video => video.readyState >= 2 || new Promise((done) => (video.onloadeddata = () => done(true)))"
    )
    return page


def player(page: Page, code: str) -> Any:
    """The value of `code` about the player `p`."""
    return page.locator(".player").evaluate(f"(root) => {{ const p = root.player; return {code}; }}")


def drawn_pixels(page: Page) -> int:
    pixels = "p.canvas.getContext('2d').getImageData(0, 0, p.canvas.width, p.canvas.height).data"
    return int(player(page, f"{pixels}.filter((value, i) => i % 4 === 3 && value).length"))


def place_of(page: Page, landmark: str) -> tuple[float, float]:
    """Where a landmark is on the page."""
    x, y = player(page, f"(({{x, y}}) => [x, y])(p.track.point(p.frame, 0, {INDEX[landmark]}))")
    box = page.locator(".screen canvas").bounding_box()
    width, height = player(page, "p.data.size")
    assert box
    return box["x"] + x / width * box["width"], box["y"] + y / height * box["height"]


def test_a_part_is_played_again_and_again(squats: Page) -> None:
    page = squats
    page.locator("[data-part=loop]").click()
    player(page, "p.seek(2)")
    page.wait_for_timeout(300)
    page.get_by_role("button", name="From here").click()
    player(page, "p.seek(3)")
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Up to here").click()
    assert player(page, "p.loop.span.start") == pytest.approx(2, abs=FRAME)
    assert player(page, "p.loop.span.end") == pytest.approx(3, abs=FRAME)
    expect(page.locator(".timeline .loop")).to_be_visible()
    page.locator("[data-part=toggle]").click()
    times = []
    for _ in range(14):
        page.wait_for_timeout(200)
        times.append(player(page, "p.video.currentTime"))
    assert min(times) >= 1.7
    assert max(times) <= 3.5
    assert (np.diff(times) < 0).any()
    page.get_by_role("button", name="Off").click()
    expect(page.locator(".timeline .loop")).to_be_hidden()


def test_this_repetition_again_and_again_by_a_key(squats: Page) -> None:
    page = squats
    page.locator(".reps button").nth(1).click()
    page.wait_for_timeout(300)
    page.locator(".reps button").nth(1).blur()
    page.keyboard.press("l")
    page.wait_for_timeout(500)
    span, second = player(page, "[p.loop.span, p.data.repetitions[1]]")
    assert (span["start"], span["end"]) == (second["start"], second["end"])
    assert not player(page, "p.video.paused")
    page.keyboard.press("l")
    assert not player(page, "p.loop.on")


def test_from_a_tenth_of_the_speed_to_twice(squats: Page) -> None:
    page = squats
    speeds = page.locator("[data-part=speed] option").evaluate_all("all => all.map((one) => Number(one.value))")
    assert (min(speeds), max(speeds)) == (0.1, 2)
    page.locator("[data-part=speed]").select_option("0.1")
    assert player(page, "p.video.playbackRate") == 0.1
    page.locator("[data-part=speed]").blur()
    page.keyboard.press(">")
    assert player(page, "p.video.playbackRate") == 0.25
    page.keyboard.press("<")
    assert player(page, "p.video.playbackRate") == 0.1


def test_the_whole_screen_with_the_skeleton(squats: Page) -> None:
    page = squats
    page.locator("[data-part=full]").click()
    page.wait_for_function("() => document.fullscreenElement")
    page.wait_for_timeout(500)
    size = page.viewport_size
    box = page.locator(".stage").bounding_box()
    assert size
    assert box
    assert box["width"] > 0.9 * size["width"]
    for part in ("toggle", "speed", "full"):
        inside = page.locator(f"[data-part={part}]").bounding_box()
        assert inside
        assert inside["y"] + inside["height"] <= size["height"]
    assert drawn_pixels(page) > 300
    page.keyboard.press("f")
    page.wait_for_function("() => !document.fullscreenElement")


def test_nearer_and_moved_with_skeleton_and_picture_together(squats: Page) -> None:
    page = squats
    before = place_of(page, "left_knee")
    page.locator("[data-part=closer]").click()
    page.locator("[data-part=closer]").click()
    assert player(page, "p.zoom.place.scale") == pytest.approx(2.25)
    video, canvas = (page.locator(f".screen {kind}").bounding_box() for kind in ("video", "canvas"))
    assert video == canvas
    near = place_of(page, "left_knee")
    assert near != before
    box = page.locator(".stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 60, steps=4)
    page.mouse.up()
    moved = place_of(page, "left_knee")
    assert moved[1] - near[1] == pytest.approx(60, abs=15)
    assert player(page, "p.video.paused")  # a drag is no click
    page.keyboard.press("0")
    assert player(page, "p.zoom.place") == {"scale": 1, "x": 0, "y": 0}


def test_keys_are_shown_and_frames_are_stepped(squats: Page) -> None:
    page = squats
    page.keyboard.press("?")
    keys = page.locator("[data-panel=keys]")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Full screen")
    assert keys.locator("dt").count() == keys.locator("dd").count() == 9
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    player(page, "p.seekFrame(10)")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert player(page, "p.frame") == 11
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    assert player(page, "p.frame") == 10


def test_angles_stand_at_the_joints_whose_curves_are_shown(squats: Page) -> None:
    page = squats
    assert player(page, "[...p.angles.chosen].sort()") == ["left_hip", "left_knee", "right_hip", "right_knee"]
    player(page, "p.seekFrame(34)")
    page.wait_for_timeout(500)
    number = player(page, "p.angles.values[34 * 12 + p.angles.joints.findIndex((one) => one.name === 'left_knee')]")
    assert 60 < number < 120
    knee = place_of(page, "left_knee")
    around = {"x": knee[0] - 30, "y": knee[1] - 30, "width": 60, "height": 60}
    with_arc = decode_image(page.screenshot(clip=around))
    page.locator("[data-part=looks]").click()
    page.get_by_text("Angles at the joints").click()
    page.wait_for_timeout(300)
    knee = place_of(page, "left_knee")
    around = {"x": knee[0] - 30, "y": knee[1] - 30, "width": 60, "height": 60}
    without = decode_image(page.screenshot(clip=around))
    assert np.abs(with_arc.astype(int) - without).max(-1).mean() > 3


def test_a_click_on_a_joint_chooses_its_curve_and_a_curve_its_joint(open_page: OpenPage) -> None:
    page = analysed(open_page("video"))
    page.get_by_role("tab", name="Joint angles").click()
    elbow = page.get_by_role("button", name="Elbow")
    expect(elbow).to_have_attribute("aria-pressed", "false")
    page.mouse.click(*place_of(page, "left_elbow"))
    expect(elbow).to_have_attribute("aria-pressed", "true")
    assert player(page, "p.marked") == "left_elbow"
    assert player(page, "p.video.paused")
    page.wait_for_timeout(1500)
    assert player(page, "p.angles.chosen.has('left_elbow')")
    chart = page.locator(".js-plotly-plot:visible").first
    chart.evaluate(
        """chart => {
            const data = chart.data.find((trace) => trace.meta === 'right_knee');
            chart.emit('plotly_click', { points: [{ x: 5, data }] });
        }"""
    )
    assert player(page, "p.marked") == "right_knee"
    page.wait_for_timeout(500)
    assert player(page, "p.video.currentTime") == pytest.approx(5, abs=FRAME)


def test_the_way_of_a_hand_is_drawn(squats: Page) -> None:
    page = squats
    player(page, "p.seekFrame(30)")
    page.wait_for_timeout(400)
    before = drawn_pixels(page)
    page.locator("[data-part=looks]").click()
    page.locator("[data-part=path]").select_option(str(INDEX["left_wrist"]))
    page.wait_for_timeout(300)
    assert drawn_pixels(page) > before + 300


def test_a_sample_that_counts_is_one_click_from_home(open_page: OpenPage) -> None:
    page = open_page("")
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    page.wait_for_timeout(1500)
    assert player(page, "p.video.currentTime") > 0.3
    for name in ("Photos", "Webcam", "Video", "Feasibility"):
        expect(page.locator('[data-testid="stMain"]').get_by_role("link", name=name)).to_be_visible()
    page.get_by_role("button", name="Open it on the video page").click()
    expect(page).to_have_url(re.compile(r"/video\b"))
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("2")


@pytest.mark.slow
def test_push_ups_in_a_clip_of_squats_are_none_and_it_says_why(open_page: OpenPage) -> None:
    page = analysed(open_page("video"))
    choose(page, "Push-up")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("0")
    expect(page.get_by_text("It looks like another exercise: Squat. That would count 2.")).to_be_visible()
    expect(page.get_by_text("2 movements were not counted: your body was not level")).to_be_visible()


def test_every_control_is_on_one_row_and_under_a_thumb(open_page: OpenPage) -> None:
    page = analysed(open_page("video", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True))
    rows = set()
    for control in page.locator(".bar :is(button, select):visible").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        rows.add(round(box["y"]))
    assert len(rows) == 1


def test_the_sample_lies_beside_its_licence() -> None:
    assert "squats.mp4" in (SAMPLES / "README.md").read_text("utf-8")
    assert "Apache-2.0" in Path(SAMPLES.parent / "NOTICE").read_text("utf-8")
