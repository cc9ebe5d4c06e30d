"""The photo page in a real browser, with real photos."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from posecore import ANGLES, ImageDetector, Pose, decode_image
from posecore.palette import CLASSIC_JOINT, LEFT, RIGHT, rgb
from posecore.skeleton import INDEX
from tests.browser.conftest import OpenPage
from tests.support.app_server import Server
from tests.support.camera import ready_camera
from tests.support.paths import SAMPLES


def upload(page: Page, *files: Path) -> None:
    page.locator(".drop input[type=file]").first.set_input_files([str(f) for f in files])


def picture(page: Page) -> Locator:
    return page.locator('[data-testid="stMain"] img[alt*="skeleton"], [data-testid="stMain"] img[alt*="骨架"]').first


def pixels(page: Page) -> np.ndarray:
    """The picture that the browser shows."""
    picture(page).wait_for()
    address = picture(page).evaluate("image => image.src")
    return decode_image(page.request.get(address).body())


def download(page: Page, name: str) -> bytes:
    button, menu = page.get_by_role("button", name=name), page.get_by_text("More downloads")
    expect(button.or_(menu).first).to_be_visible()
    if not button.is_visible():
        menu.click()
    with page.expect_download() as started:
        button.click()
    return Path(started.value.path()).read_bytes()


def is_near(colour: np.ndarray, wanted: str, by: int = 60) -> bool:
    return bool(np.abs(colour.astype(int) - rgb(wanted)).max() <= by)


def bones_are_on_the_body(frame: np.ndarray, pose: Pose) -> bool:
    """In the middle of thighs and upper arms there is the colour of their side."""
    pose = pose.resized((frame.shape[1], frame.shape[0]))
    good = []
    for side, colour in (("left", LEFT), ("right", RIGHT)):
        for a, b in (("hip", "knee"), ("shoulder", "elbow")):
            x, y = pose.xy[0, [INDEX[f"{side}_{a}"], INDEX[f"{side}_{b}"]]].mean(0).round().astype(int)
            good.append(is_near(frame[y, x], colour))
    return all(good)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "en-US",
            {"found": "1 person", "axis": "Joint angle in degrees", "json": "JSON", "csv": "CSV", "png": "Picture"},
        ),
        ("zh-CN", {"found": "1 人", "axis": "关节角度（度）", "json": "JSON", "csv": "CSV", "png": "图片"}),
    ],
)
def test_a_photo_becomes_picture_chart_and_downloads(
    open_page: OpenPage, detector: ImageDetector, locale: str, words: dict[str, str]
) -> None:
    page = open_page("image", locale=locale)
    upload(page, SAMPLES / "balance.jpg")
    expect(page.get_by_text(words["found"])).to_be_visible()

    original = decode_image(SAMPLES / "balance.jpg")
    pose = detector.detect(original)
    assert bones_are_on_the_body(pixels(page), pose)

    expect(page.locator(".js-plotly-plot").first).to_contain_text(words["axis"])
    assert len(page.locator(".js-plotly-plot").first.locator("g.barlayer g.point").all()) == len(ANGLES)

    record = json.loads(download(page, "JSON"))
    landmarks = record["people"][0]["landmarks"]
    assert len(landmarks) == 33
    assert np.allclose([(p["x"], p["y"]) for p in landmarks], pose.xy[0], atol=0.01)
    assert len(pd.read_csv(io.BytesIO(download(page, "CSV")))) == 33
    drawn = decode_image(download(page, words["png"]))
    assert drawn.shape == original.shape
    assert bones_are_on_the_body(drawn, pose)
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


@pytest.mark.parametrize(("locale", "message"), [("en-US", "This is not a picture"), ("zh-CN", "无法识别为图片")])
def test_a_bad_file_gives_a_message_and_no_traceback(
    open_page: OpenPage, tmp_path: Path, locale: str, message: str
) -> None:
    bad = tmp_path / "holiday.jpg"
    bad.write_text("no picture at all")
    page = open_page("image", locale=locale)
    upload(page, bad)
    alert = page.locator('[data-testid="stAlert"]')
    expect(alert).to_contain_text(message)
    expect(alert).to_contain_text("holiday.jpg")
    assert "Traceback" not in page.content()
    upload(page, SAMPLES / "balance.jpg")  # the visitor goes on from here
    expect(page.locator('[data-testid="stDataFrame"]').first).to_be_visible()


def test_styles_change_the_picture_and_the_plain_ground_hides_the_person(open_page: OpenPage) -> None:
    page = open_page("image")
    upload(page, SAMPLES / "balance.jpg")
    first = pixels(page)
    plain = pixels_after(page, "Skeleton alone")
    assert plain.shape == first.shape
    assert np.median(plain, axis=(0, 1)).min() > 240
    classic = pixels_after(page, "Classic")
    assert (np.abs(classic.astype(int) - rgb(CLASSIC_JOINT)).max(-1) < 40).mean() > 0.0005


def pixels_after(page: Page, choice: str) -> np.ndarray:
    """The picture once a choice has changed it."""
    before = picture(page).get_attribute("src") or ""
    page.get_by_text(choice, exact=True).click()
    expect(picture(page)).not_to_have_attribute("src", before)
    return pixels(page)


def test_picking_a_person_by_number(open_page: OpenPage) -> None:
    page = open_page("image")
    upload(page, SAMPLES / "two_people.jpg")
    page.locator("g.barlayer g.point").first.wait_for()
    labels = page.locator("g.barlayer g.point text")
    before = labels.all_text_contents()
    page.locator(".people .row button").nth(1).click()
    expect(labels.first).not_to_have_text(before[0])


def test_a_snapshot_from_the_camera(open_page: OpenPage) -> None:
    page = open_page("image")
    page.get_by_role("radio", name="Camera").click()
    ready_camera(page).click()
    expect(page.get_by_text("1 person")).to_be_visible()


def test_words_inside_widgets_are_chinese(open_page: OpenPage) -> None:
    page = open_page("image", locale="zh-CN")
    shown = "e => getComputedStyle(e, '::after').content + getComputedStyle(e).fontSize"
    expect(page.get_by_role("button", name="选择照片")).to_be_visible()
    expect(page.get_by_text("或拖放到此处")).to_be_visible()
    page.get_by_role("radio", name="相机").click()
    camera = ready_camera(page)
    assert camera.evaluate(shown) == '"拍照"0px'
    camera.click()
    expect(page.get_by_text("1 人")).to_be_visible()
    assert page.locator('[data-testid="stCameraInputButton"] > span').evaluate(shown) == '"重拍"0px'


def test_without_a_camera_the_page_says_what_helps(open_page: OpenPage) -> None:
    page = open_page("image", permissions=[])
    page.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('denied'))")
    page.reload()
    page.get_by_role("radio", name="Camera").click()
    message = page.locator('[data-testid="stCameraInputWebcamComponent"] p')
    message.wait_for()
    assert "close other programs" in message.evaluate("e => getComputedStyle(e, '::after').content")


def test_a_file_over_the_limit_is_refused_in_the_visitors_language(open_page: OpenPage, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    with large.open("wb") as sparse:
        sparse.truncate(41_000_000)
    page = open_page("image", locale="zh-CN")
    upload(page, large)
    expect(page.locator("li.refused")).to_contain_text("文件大小为 41 MB，这里最多支持 40 MB")


def fifty_files(media: Path) -> list[Path]:
    folders = ("images", "no_person", "odd_images")
    return [file for folder in folders for file in sorted((media / folder).iterdir())][:50]


@pytest.mark.slow
def test_fifty_photos_with_progress_bad_ones_and_a_zip(open_page: OpenPage, media: Path, server: Server) -> None:
    page = open_page("image")
    files = fifty_files(media)
    assert len(files) == 50
    upload(page, *files)
    expect(page.locator('[data-testid="stProgress"]')).to_contain_text("of 50 photos")
    metrics = page.locator('[data-testid="stMetricValue"]')
    expect(metrics.first).to_have_text("50", timeout=120_000)
    counts = [int(text) for text in metrics.all_inner_texts()]
    assert counts[0] == sum(counts[1:])
    assert counts[3] >= 2
    assert server.memory() < 1e9
    with zipfile.ZipFile(io.BytesIO(download(page, "Download all"))) as archive:
        assert archive.testzip() is None
        records = [name for name in archive.namelist() if name.endswith(".json")]
        assert len(records) == counts[1] + counts[2]
        assert {"landmarks.csv", "angles.csv"} <= set(archive.namelist())
    assert server.memory() < 1e9


def test_on_a_phone_nothing_is_wider_than_the_screen(open_page: OpenPage) -> None:
    page = open_page("image", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    upload(page, SAMPLES / "two_people.jpg")
    picture(page).wait_for()
    page.locator("g.barlayer g.point").first.wait_for()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert picture(page).bounding_box()["width"] > 300


def test_a_click_on_a_row_shows_that_photo(open_page: OpenPage, tmp_path: Path) -> None:
    odd = tmp_path / "# *odd* [name](x) :smile:.png"
    odd.write_bytes((SAMPLES / "astronaut.png").read_bytes())
    page = open_page("image")
    upload(page, SAMPLES / "balance.jpg", SAMPLES / "two_people.jpg", odd)
    heading = page.locator("h2").filter(has_text=".")
    expect(heading).to_have_text("balance.jpg")
    table = page.locator('[data-testid="stDataFrame"] .dvn-scroller').first
    table.click(position={"x": 200, "y": 36 + 72 * 1.5})
    expect(heading).to_have_text("two_people.jpg")
    table.click(position={"x": 200, "y": 36 + 72 * 2.5})
    expect(heading).to_have_text(odd.name)


@pytest.mark.slow
def test_a_change_of_language_keeps_photo_and_choices(open_page: OpenPage) -> None:
    page = open_page("image")
    upload(page, SAMPLES / "two_people.jpg")
    pixels_after(page, "Skeleton alone")
    page.get_by_role("radio", name="中文").click()
    expect(page.get_by_role("radio", name="仅骨架")).to_be_checked()
    expect(page.get_by_text(re.compile(r"^\d 人 · "))).to_be_visible()
    assert np.median(pixels(page), axis=(0, 1)).min() > 240
