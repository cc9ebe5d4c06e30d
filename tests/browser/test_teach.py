"""Movements of one's own in a real browser: shown in clips and before the camera, checked, recognised, kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from posecore import MediaError, export
from posecore.recognise import read_taught
from tests.browser.conftest import OpenPage
from tests.browser.test_photos import download
from tests.support.app_server import Server
from tests.support.filmed_sequences import found_in
from tests.support.visiting import open_page as opened
from tests.support.visiting import stand_still
from tests.support.webcams import InBrowser, OnServer

CLIPS = {"squat": ["pose_squats"], "平衡": [f"balance_cam0{number}" for number in (1, 2, 3, 4)]}


def begin(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Name of a movement").fill(name)
    page.keyboard.press("Enter")
    page.get_by_role("radio", name=f"{name} · 0").wait_for()


def step(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    stand_still(page)


def bring(page: Page, path: Path, where: str = "stMain") -> None:
    page.get_by_test_id(where).locator(".drop input[type=file]").set_input_files(path)


def show_movement(page: Page, name: str, path: Path, examples: int) -> None:
    """As a PoseLab file, in which nobody needs to be found first; so many examples are there then."""
    if page.get_by_role("button", name=re.compile("^Remove .*poselab")).count():
        page.get_by_role("button", name=re.compile("^Remove .*poselab")).click()
        stand_still(page)
    bring(page, path)
    add = page.get_by_role("button", name=re.compile("^Add .* to"))
    add.click()
    page.get_by_role("radio", name=f"{name} · {examples}").wait_for()


@pytest.fixture
def kept(media: Path, tmp_path: Path) -> dict[str, list[Path]]:
    """The movements of `CLIPS` as files."""
    files: dict[str, list[Path]] = {}
    for name, clips in CLIPS.items():
        for clip in clips:
            path = tmp_path / f"{clip}.poselab"
            export(found_in(media / "videos" / f"{clip}.mp4"), "poselab", path)
            files.setdefault(name, []).append(path)
    return files


@pytest.mark.slow
def test_taught_by_clips_then_checked_recognised_and_kept(
    open_page: OpenPage, media: Path, tmp_path: Path, kept: dict[str, list[Path]]
) -> None:
    page = open_page("teach")
    for name, files in kept.items():
        begin(page, name)
        if name == "squat":
            step(page, "Video")
        for number, path in enumerate(files, 1):
            show_movement(page, name, path, 3 if name == "squat" else number)
    expect(page.get_by_text("squat · 3 examples")).to_be_visible()

    step(page, "2 · Check")
    expect(page.get_by_text(re.compile(r"\d of 7 examples are recognised"))).to_be_visible()
    expect(page.get_by_text("All examples of “squat” are from one recording")).to_be_visible()
    expect(page.locator(".st-key-teach_confusion .js-plotly-plot")).to_contain_text("Unknown")

    step(page, "3 · Try it")
    step(page, "Video")
    page.get_by_test_id("stMain").locator(".drop input[type=file]").set_input_files(
        media / "videos" / "pose_squats.mp4"
    )
    page.get_by_role("button", name="Find the movements in it").click()
    page.locator(".player").wait_for()
    squats, balances = page.locator(".st-key-teach_counts").get_by_test_id("stMetricValue").all_inner_texts()
    assert 2 <= int(squats) <= 3
    assert int(balances) == 0

    taught = tmp_path / "class.poselab-taught"
    taught.write_bytes(download(page, "Keep what was taught"))
    assert read_taught(taught).names == tuple(CLIPS)
    other = open_page("teach")
    bring(other, taught, "stSidebar")
    expect(other.get_by_text("平衡 · 4 examples")).to_be_visible()
    taught.write_bytes(taught.read_bytes()[:-300])
    bring(other, taught, "stSidebar")
    expect(other.get_by_text(MediaError("no_taught").message()).first).to_be_visible()
    expect(other.get_by_text("平衡 · 4 examples")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("way", [InBrowser, OnServer], ids=lambda way: way.way)
def test_shown_before_the_camera_and_recognised_there(
    squatting: Browser, server: Server, kept: dict[str, list[Path]], way: type[InBrowser] | type[OnServer]
) -> None:
    page = opened(squatting, f"{server.url}/teach", permissions=["camera"])
    begin(page, "平衡")
    step(page, "Video")
    for number, path in enumerate(kept["平衡"], 1):
        show_movement(page, "平衡", path, number)
    begin(page, "squat")
    step(page, "Webcam")
    step(page, "In this browser" if way is InBrowser else "On the server")
    camera = way(page)
    camera.start()
    page.get_by_role("button", name="Record").click()
    page.wait_for_timeout(14_000)  # of squats without end
    page.get_by_role("button", name=re.compile("^Stop recording")).click()
    page.get_by_role("button", name=re.compile("^Add .* to “squat”")).click()
    expect(page.get_by_role("radio", name=re.compile("^squat · [3-9]"))).to_be_visible()
    camera.stop()

    step(page, "3 · Try it")
    expect(page.get_by_text("Press Start, then Record")).to_have_count(0)
    stand_still(page)
    camera.start()
    expect(page.get_by_text(re.compile(r"\d+% sure")).first).to_be_visible()
    counts = page.locator("[data-part=labelled], .st-key-label_counts")
    expect(counts).to_contain_text(re.compile("squat[^0-9]*[1-9]"))
    page.context.close()


def test_a_name_that_is_there_already_is_refused_in_a_sentence(open_page: OpenPage) -> None:
    page = open_page("teach")
    begin(page, "wave")
    page.get_by_role("textbox", name="Name of a movement").fill("Wave")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Wave")
    step(page, "2 · Check")
    expect(page.get_by_text("Two movements with three examples each")).to_be_visible()
