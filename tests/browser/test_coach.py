"""The coach in a real browser: counted, clicked, said aloud, taken home, printed."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_photos import download, upload
from tests.support.paths import ROOT

SECOND_BOTTOM_S = 6.8


def choose(page: Page, exercise: str) -> None:
    page.get_by_role("combobox", name=re.compile("Exercise")).click()
    page.get_by_role("option", name=exercise, exact=True).click()


@pytest.fixture(scope="module")
def counted(open_shared_page: OpenPage, media: Path) -> Page:
    page = open_shared_page("video")
    upload(page, media / "videos" / "pose_squats.mp4")
    expect(page.get_by_text("720 × 1280")).to_be_visible()
    choose(page, "Squat")
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("2")
    return page


def clip_time(page: Page) -> float:
    return float(page.locator(".player video").evaluate("video => video.currentTime"))


def test_a_click_on_a_repetition_shows_its_turning_point(counted: Page) -> None:
    page = counted
    chips = page.locator(".reps button")
    expect(chips).to_have_count(2)
    chips.nth(1).click()
    page.wait_for_timeout(800)
    assert abs(clip_time(page) - SECOND_BOTTOM_S) <= 0.4
    expect(chips.nth(1)).to_have_attribute("aria-current", "true")
    chips.nth(0).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert abs(clip_time(page) - 2.0) <= 0.4
    expect(chips.nth(0)).to_be_focused()


def test_the_count_is_said_when_a_repetition_ends(counted: Page) -> None:
    page = counted
    page.evaluate("() => { window.said = []; speechSynthesis.speak = (words) => said.push([words.text, words.lang]) }")
    page.locator(".player").evaluate("root => root.player.seek(root.player.data.repetitions[1].end - 0.5)")
    page.wait_for_timeout(500)
    page.locator("[data-part=toggle]").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("said") == []
    page.locator("[data-part=toggle]").click()
    page.get_by_test_id("stSidebar").get_by_text("Say the count aloud").click()
    page.wait_for_timeout(1500)
    assert page.locator(".player").evaluate("root => root.player.data.speak")
    page.locator(".player").evaluate("root => root.player.seek(root.player.data.repetitions[1].end - 0.5)")
    page.wait_for_timeout(500)
    page.locator("[data-part=toggle]").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("said") == [["2", "en"]]


def test_the_report_opens_and_prints_and_the_zip_holds_it(counted: Page, tmp_path: Path) -> None:
    page = counted
    report = tmp_path / "report.html"
    report.write_bytes(download(page, "Report"))
    other = page.context.new_page()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(report.as_uri())
    expect(other.get_by_role("heading", level=1)).to_contain_text("Squat")
    assert other.locator("figure img").count() == 2
    assert other.locator("img").evaluate_all("all => all.every((image) => image.naturalWidth > 100)")
    assert all(address.startswith(("file:", "data:")) for address in asked)
    pages = len(re.findall(rb"/Type\s*/Page\b", other.pdf(format="A4", prefer_css_page_size=True)))
    assert pages in (1, 2)
    with zipfile.ZipFile(io.BytesIO(download(page, "Download all (ZIP)"))) as archive:
        reps = pd.read_csv(archive.open("reps.csv"))
        assert reps["bottom_s"].tolist() == pytest.approx([2.0, SECOND_BOTTOM_S], abs=0.4)
        assert json.loads(archive.read("summary.json"))["exercise"] == {"name": "squat", "reps": 2}
        assert b"data:image/jpeg" in archive.read("report.html")


def test_a_visitors_own_exercise_is_chosen_and_a_wrong_one_explained(counted: Page, tmp_path: Path) -> None:
    page = counted
    text = (ROOT / "posecore" / "exercises" / "library" / "squat.toml").read_text("utf-8")
    choose(page, "Your own file …")
    place = page.locator(".st-key-own_exercise input[type=file]")
    bad = tmp_path / "bad.toml"
    bad.write_text(text.replace("rest = 145", "rest = high"), "utf-8")
    place.set_input_files(bad)
    line = text[: text.index("rest = 145")].count("\n") + 1
    expect(page.get_by_text(f"Line {line} of this exercise file")).to_be_visible()
    good = tmp_path / "deep.toml"
    good.write_text(text.replace('en = "Squat"', 'en = "Deep squat"').replace("turn = 110", "turn = 60"), "utf-8")
    place.set_input_files(good)
    expect(page.get_by_role("heading", name="Deep squat")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("0")
    expect(page.locator(".reps button")).to_have_count(0)
