"""The feasibility page in a real browser: photos with and without people, a measurement, the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.paths import SAMPLES

MINUTE = 60_000


def survey(page: Page, *files: Path) -> None:
    page.get_by_role("tab", name="My pictures").click()
    page.locator(".drop input[type=file]").first.set_input_files([str(f) for f in files])
    page.get_by_role("button", name="Look at").click()
    page.get_by_text("Pictures looked at: ").wait_for(timeout=2 * MINUTE)


def download(page: Page, name: str) -> Path:
    with page.expect_download(timeout=MINUTE) as started:
        page.get_by_role("button", name=name).click()
    return Path(started.value.path())


@pytest.mark.slow
def test_from_pictures_to_a_report_that_opens(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    empty = sorted((media / "no_person").glob("*.jpg"))
    people = [media / "images" / name for name in ("pose.jpg", "three_people.jpg", "astronaut.png")]
    page = open_page("feasibility")
    first, again = (page.get_by_role("button", name=name) for name in ("Measure this machine", "Measure again"))
    expect(first.or_(again)).to_be_visible()
    if first.is_visible():  # else another test has measured, which is kept for all visits
        first.click()
    expect(again).to_be_visible(timeout=2 * MINUTE)
    survey(page, *people, *empty)
    expect(page.get_by_text(f"Pictures looked at: {len(people) + len(empty)}")).to_be_visible()
    expect(page.get_by_text("Nobody found by any model")).to_have_count(len(empty))
    expect(page.get_by_text("3 people · ")).to_be_visible()
    page.get_by_role("tab", name="Report").click()
    record = json.loads(download(page, "Numbers (JSON)").read_text("utf-8"))
    assert [row["with_people"] for row in record["pictures"]["summary"]] == [len(people)] * 3
    assert [row["nobody"] for row in record["pictures"]["summary"]] == [len(empty)] * 3
    report = tmp_path / "report.html"
    report.write_bytes(download(page, "Report (HTML)").read_bytes())

    asked: list[str] = []
    sheet = page.context.new_page()
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.goto(report.as_uri())
    expect(sheet.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert sheet.locator(".js-plotly-plot").count() == 7
    assert sheet.locator("figure img").count() == len(people) + len(empty)
    assert not [address for address in asked if not address.startswith(("file:", "data:", "blob:"))]


@pytest.mark.slow
def test_a_folder_is_taken_whole(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("balance.jpg", "two_people.jpg"):
        (folder / name).write_bytes((SAMPLES / name).read_bytes())
    page = open_page("feasibility")
    page.get_by_role("tab", name="My pictures").click()
    page.get_by_role("radio", name="A folder").click()
    page.locator("input[webkitdirectory]").set_input_files(str(folder))
    page.get_by_role("button", name="Look at 2 files").click()
    expect(page.get_by_text("Pictures looked at: 2")).to_be_visible(timeout=2 * MINUTE)
