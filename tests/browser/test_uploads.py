"""Files on their way to the server: in pieces, through breaks of the line, and away again."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_photos import picture, upload
from tests.support.app_server import Server
from tests.support.paths import SAMPLES, TEMPORARY


def padded_clip(path: Path, megabytes: int) -> Path:
    """A real clip with so much behind it, as cameras leave room in their files."""
    path.write_bytes((SAMPLES / "balance.mp4").read_bytes())
    with path.open("ab") as file:
        for _ in range(megabytes):
            file.write((1_000_000).to_bytes(4, "big") + b"free" + bytes(999_992))
    return path


def shown(page: Page) -> list[str]:
    return page.locator("li .name").all_inner_texts()


@pytest.mark.slow
def test_a_large_clip_takes_no_memory(open_page: OpenPage, server: Server, tmp_path: Path) -> None:
    page = open_page("video")
    expect(page.get_by_role("button", name="Choose a clip")).to_be_visible()
    before = server.memory()
    most = before
    upload(page, padded_clip(tmp_path / "large.mp4", 450))
    for _ in range(600):
        most = max(most, server.memory())
        if page.get_by_role("button", name="Analyse", exact=True).is_visible():
            break
        page.wait_for_timeout(100)
    expect(page.get_by_text("1080 × 1920")).to_be_visible()
    assert most - before < 60e6
    page.get_by_role("button", name="Analyse", exact=True).click()
    expect(page.locator(".st-key-player video, video").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    assert server.memory() - before < 120e6  # with the analysis and its charts


@pytest.mark.slow
def test_an_upload_goes_on_after_the_line_broke(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("video")
    broken: list[str] = []

    def break_off(route: Route) -> None:
        if route.request.method == "POST" and 1 <= len(broken) < 4:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            if route.request.method == "POST" and not broken:
                broken.append("")
            route.continue_()

    page.route("**/upload/**", break_off)
    upload(page, padded_clip(tmp_path / "clip.mp4", 20))
    expect(page.get_by_text("goes on by itself")).to_be_visible()
    expect(page.get_by_text("1080 × 1920")).to_be_visible()
    assert len(broken) == 4


@pytest.mark.slow
def test_what_was_brought_is_there_again_after_another_page_and_goes_when_it_is_removed(open_page: OpenPage) -> None:
    page = open_page("image")
    upload(page, SAMPLES / "balance.jpg", SAMPLES / "astronaut.png")
    expect(page.locator('[data-testid="stMetricValue"]').first).to_have_text("2")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Home").click()
    page.get_by_text("See how people move").first.wait_for()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Photos").click()
    expect(page.locator("li .name")).to_have_count(2)
    page.get_by_role("button", name="Remove balance.jpg").click()
    expect(page.get_by_text("1 person · 512 × 512 px")).to_be_visible()
    assert shown(page) == ["astronaut.png"]


def test_what_cannot_come_is_told_beside_what_can(open_page: OpenPage) -> None:
    page = open_page("image")
    upload(page, SAMPLES / "balance.mp4", SAMPLES / "balance.jpg")
    picture(page).wait_for()
    expect(page.locator("li.refused")).to_contain_text("This is a clip, not a photo")


def test_a_name_is_shown_as_it_is_and_nowhere_becomes_part_of_the_page(open_page: OpenPage, tmp_path: Path) -> None:
    odd = tmp_path / "<img src=x onerror=alert(1)> '=1+1'.png"
    odd.write_bytes((SAMPLES / "astronaut.png").read_bytes())
    page = open_page("image")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    upload(page, odd, SAMPLES / "balance.jpg")
    expect(page.locator("h2").last).to_have_text(odd.name)
    assert odd.name in shown(page)
    assert asked == []


def test_nobody_gets_what_another_brought(open_page: OpenPage, server: Server) -> None:
    page = open_page("image")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    upload(page, SAMPLES / "balance.jpg")
    picture(page).wait_for()
    address = next(url for url in asked if "/upload/" in url)
    secret = address.split("/upload/")[1].split("/")[0]
    other = ("B" if secret[0] == "A" else "A") + secret[1:]
    for wrong in (address.replace(secret, other), f"{server.url}/files/{other}/png"):
        with pytest.raises(urllib.error.HTTPError, match="410"):
            urllib.request.urlopen(wrong, timeout=5)


def test_files_of_a_visit_are_gone_when_it_ends(open_page: OpenPage, server: Server, tmp_path: Path) -> None:
    page = open_page("video")
    clip = padded_clip(tmp_path / "clip.mp4", 3)
    upload(page, clip)
    expect(page.get_by_text("1080 × 1920")).to_be_visible()
    (app,) = TEMPORARY.glob(f"poselab-{server.process.pid}-*")
    assert [path for path in app.glob("visit-*/*") if path.stat().st_size == clip.stat().st_size]
    page.close()
    end = time.monotonic() + 240  # a visit may come back for two minutes
    while [path for path in app.glob("visit-*/*") if path.stat().st_size == clip.stat().st_size]:
        assert time.monotonic() < end
        time.sleep(1)
