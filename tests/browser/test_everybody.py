"""Many people in a real browser: chosen in the picture, by portrait and in tables; a class counted."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from posecore import ImageDetector, decode_image, probe, read_frames
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.engines import engine_for
from posecore.media.picture_files import encode_image
from tests.browser.conftest import OpenPage
from tests.browser.test_photos import upload
from tests.support.class_clips import CLASS, write_class
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.skipif(engine_for("picture") != "litert", reason="only LiteRT looks closer")


def group_picture(target: Path, across: int, down: int) -> Path:
    """So many people, each a moment of the squats."""
    frames = [
        cv2.resize(frame, (216, 384), interpolation=cv2.INTER_AREA)
        for _, frame in read_frames(probe(SAMPLES / "squats.mp4"))
    ]
    cells = [frames[(7 * number) % len(frames)] for number in range(across * down)]
    rows = [np.hstack(cells[row * across : (row + 1) * across]) for row in range(down)]
    target.write_bytes(encode_image(np.ascontiguousarray(np.vstack(rows)), "jpg", 92))
    return target


def portraits(page: Page) -> Locator:
    return page.locator(".people .row button")


def expect_chosen(page: Page, number: int) -> None:
    expect(page.locator(".people .row button[aria-checked=true] b")).to_have_text(str(number))


def press_row(page: Page, row: int) -> None:
    """In the table in sight, which Streamlit draws on a canvas; from 0."""
    canvas = page.get_by_test_id("stDataFrame").locator("canvas:visible").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + 30, box["y"] + 53 + 35 * row)


def test_one_person_has_no_row_to_choose_from(open_page: OpenPage) -> None:
    page = open_page("image")
    upload(page, SAMPLES / "balance.jpg")
    expect(page.get_by_text("1 person")).to_be_visible()
    expect(portraits(page)).to_have_count(0)
    expect(page.get_by_role("tab", name="Everybody")).to_have_count(0)


@pytest.mark.slow
def test_six_people_are_chosen_in_the_picture_by_portrait_and_in_the_table(
    open_page: OpenPage, tmp_path: Path, detector: ImageDetector
) -> None:
    photo = group_picture(tmp_path / "six.jpg", 3, 2)
    page = open_page("image")
    upload(page, photo)
    expect(portraits(page)).to_have_count(6)
    expect_chosen(page, 1)
    portraits(page).nth(3).click()
    expect_chosen(page, 4)
    expect(page.get_by_role("heading", name="Person 4")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect_chosen(page, 5)
    frame = decode_image(photo)
    pose = detector.detect(frame, DetectorSettings("full", 40, closer="auto"))
    x, y = pose.xy[1, [11, 12, 23, 24]].mean(0) / (frame.shape[1], frame.shape[0])
    image = page.locator(".people .picture img")
    box = image.bounding_box()
    assert box
    image.click(position={"x": float(x) * box["width"], "y": float(y) * box["height"]})
    expect_chosen(page, 2)
    page.get_by_role("tab", name="Everybody").click()
    expect(page.get_by_text("Faint ones are guessed")).to_be_visible()
    press_row(page, 5)
    expect_chosen(page, 6)


@pytest.mark.slow
def test_thirty_people_on_a_phone(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("image", viewport={"width": 390, "height": 844})
    upload(page, group_picture(tmp_path / "thirty.jpg", 10, 3))
    expect(portraits(page)).to_have_count(30)
    portraits(page).nth(29).click()
    expect_chosen(page, 30)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    last = portraits(page).nth(29).bounding_box()
    assert last
    assert last["x"] + last["width"] <= 390  # scrolled to


@pytest.mark.slow
def test_a_class_is_counted(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    write_class(media, CLASS, tmp_path / "class.mp4")
    page = open_page("video", viewport={"width": 1440, "height": 1400})
    page.get_by_test_id("stSidebar").get_by_role("slider").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Looks at parts of the picture in turn")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("combobox").first.click()
    page.get_by_role("option", name="Squat", exact=True).click()
    upload(page, tmp_path / "class.mp4")
    page.get_by_role("button", name="Analyse").click()
    expect(portraits(page)).to_have_count(6, timeout=120_000)
    expect(page.get_by_role("heading", name="The class")).to_be_visible(timeout=60_000)
    counts = [words.split("·")[1].strip() for words in portraits(page).all_inner_texts()]
    assert sorted(counts) == ["0×"] * 4 + ["2×"] * 2
    expect(page.locator(".st-key-class_chart .barlayer path")).to_have_count(4)
    for number in (counts.index("0×"), counts.index("2×")):
        portraits(page).nth(number).click()
        expect_chosen(page, number + 1)
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(counts[number].strip("×"))
    canvas = page.locator(".player canvas")
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": 0.5 * box["width"], "y": 0.85 * box["height"]})  # the avatar, in the middle below
    expect(page.locator(".people .row button[aria-checked=true]")).not_to_contain_text("2×")
