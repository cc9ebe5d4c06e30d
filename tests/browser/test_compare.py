"""Two movements side by side in a real browser: in step, over one another, taken home, and brought again."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from posecore import MediaError, export, read_poselab
from posecore.palette import BESIDE
from tests.browser.conftest import OpenPage
from tests.browser.test_photos import download, is_near
from tests.support.app_server import Server
from tests.support.filmed_sequences import found_in
from tests.support.modules import page_beside_modules, run
from tests.support.visiting import stand_still
from tests.support.webcams import InBrowser, OnServer, open_webcam

BEGIN = "Put them side by side"


def bring(page: Page, number: int, path: Path, places: int = 2) -> None:
    expect(page.locator(".drop")).to_have_count(places)
    page.locator(".drop input[type=file]").nth(number).set_input_files(path)
    page.get_by_text(path.name).first.wait_for()


def put_beside(page: Page, *paths: Path) -> None:
    for number, path in enumerate(paths):
        bring(page, number, path)
    page.get_by_role("button", name=BEGIN).click()
    page.locator(".follower canvas").wait_for()


def together(page: Page) -> dict[str, float]:
    """The player's time, the other's that belongs to it, and the other's that is shown."""
    result: dict[str, float] = page.locator(".follower").evaluate(
        """root => {
            const {heard, target, video} = root.follower;
            return {time: heard.time, target, shown: video.currentTime};
        }"""
    )
    return result


def score(page: Page) -> int:
    metric = page.get_by_test_id("stMetric").first
    expect(metric).to_contain_text("/ 100")
    return int(metric.inner_text().split("/")[0].split()[-1])


@pytest.fixture(scope="module")
def beside(open_shared_page: OpenPage, media: Path) -> Page:
    """Two views of one movement, looked at by several tests one after another."""
    page = open_shared_page("compare")
    put_beside(page, *(media / "videos" / f"balance_cam0{number}.mp4" for number in (1, 2)))
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    page.wait_for_function("() => document.querySelectorAll('.clip-cursor').length == 2")
    return page


def test_both_run_in_step_and_stand_together(beside: Page) -> None:
    page = beside
    page.get_by_role("button", name="Play or pause").click()
    apart: list[float] = []
    # A busy machine shows frames late for a while; what counts is that they come together again.
    while len(apart) < 60 and (len(apart) < 10 or np.median(apart[-10:]) >= 0.15):
        page.wait_for_timeout(150)
        now = together(page)
        apart.append(abs(now["target"] - now["shown"]))
    assert np.median(apart[-10:]) < 0.15
    page.get_by_role("button", name="Play or pause").click()
    page.locator("[data-part=seek]").fill("0.8")
    page.wait_for_timeout(1500)
    now = together(page)
    assert now["time"] == pytest.approx(0.8, abs=0.04)
    assert now["shown"] == pytest.approx(now["target"], abs=0.04)


@pytest.mark.slow
def test_one_lies_over_the_other(beside: Page) -> None:
    page = beside
    page.get_by_text("One over the other").click()
    page.get_by_text("Purple is the other movement").wait_for()
    page.locator("[data-part=seek]").fill("0.8")

    def purple() -> int:
        pixels = page.locator(".player canvas").evaluate(
            "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)"
        )
        colours = np.array(pixels).reshape(-1, 4)
        return sum(is_near(one[:3], BESIDE[1], 12) for one in colours[colours[:, 3] > 200])

    for _ in range(20):
        page.wait_for_timeout(500)
        if purple() > 100:
            break
    assert purple() > 100
    page.get_by_text("Side by side", exact=True).last.click()
    page.locator(".follower canvas").wait_for()


def test_scores_curves_and_moments(beside: Page) -> None:
    page = beside
    assert 80 <= score(page) <= 95
    expect(page.get_by_text("What differs most")).to_be_visible()
    assert page.get_by_role("img", name="Reference").count() >= 1
    page.get_by_role("radio", name="Knee · Left").click()
    chart = page.locator(".st-key-compare_curves .js-plotly-plot").first  # a chart that is drawn anew is there twice
    expect(chart).to_contain_text("Difference")
    rows = list(csv.DictReader(io.StringIO(download(page, "Angles of both").decode("utf-8-sig"))))
    first, second, apart = (float(rows[9][f"left_knee_{name}"]) for name in ("first", "second", "difference"))
    assert second - first == pytest.approx(apart, abs=15)  # the difference is made steady


@pytest.mark.slow
def test_two_repetitions_and_the_reference_that_is_kept(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    page = open_page("compare")
    page.get_by_text("Two repetitions of one").click()
    bring(page, 0, media / "videos" / "pose_squats.mp4", places=1)
    page.get_by_role("combobox", name="Exercise").click()
    page.get_by_role("option", name="Squat", exact=True).click()
    page.get_by_role("button", name=BEGIN).click()
    page.locator(".follower canvas").wait_for()
    assert score(page) >= 90
    assert b"Two movements side by side" in download(page, "Report")

    kept = tmp_path / "squat.poselab"
    kept.write_bytes(download(page, "Keep as a reference"))
    assert read_poselab(kept).people == 1

    page.get_by_text("Two movements", exact=True).click()
    bring(page, 0, kept)
    bring(page, 1, media / "videos" / "pose_squats.mp4")
    page.get_by_text("squat.poselab").nth(1).wait_for()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("100 / 100")
    expect(page.get_by_text("Equal, within what can be measured.")).to_be_visible()


def test_who_brings_something_else_reads_what_is_wrong(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    page = open_page("compare")
    damaged = tmp_path / "no.poselab"
    export(found_in(media / "videos" / "balance_cam01.mp4"), "poselab", damaged)
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    damaged.write_bytes(data)
    bring(page, 0, damaged)
    bring(page, 1, media / "videos" / "balance_cam01.mp4")
    page.get_by_role("button", name=BEGIN).click()
    expect(page.get_by_text(MediaError("no_movement").message())).to_be_visible()


@pytest.mark.parametrize(("time", "other"), [(-1.0, 3.0), (0.0, 3.0), (0.5, 3.5), (1.5, 4.25), (2.0, 4.5), (9.0, 4.5)])
def test_the_moment_that_belongs_to_another(browser: Browser, time: float, other: float) -> None:
    with page_beside_modules(browser) as page:
        code = "return m.inStep([0, 1, 2], [3, 4, 4.5], value)"
        assert run(page, "compare/follower", code, time) == pytest.approx(other)


@pytest.mark.slow
def test_clips_that_no_browser_plays_are_shown_as_skeletons(open_page: OpenPage, media: Path) -> None:
    page = open_page("compare")
    put_beside(page, *(media / "odd_videos" / name for name in ("squats_mpeg4.avi", "squats_hevc.mp4")))
    expect(page.get_by_text("its skeleton is shown alone")).to_have_count(2)
    page.locator("[data-part=seek]").fill("2")
    page.wait_for_timeout(1500)
    assert together(page)["time"] == pytest.approx(2, abs=0.2)
    assert together(page)["target"] == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("way", [InBrowser, pytest.param(OnServer, marks=pytest.mark.slow)], ids=lambda way: way.way)
def test_a_reference_is_followed_before_the_camera(
    squatting: Browser, server: Server, media: Path, tmp_path: Path, way: type[InBrowser] | type[OnServer]
) -> None:
    kept = tmp_path / "my squat.poselab"
    export(found_in(media / "videos" / "pose_squats.mp4").part(3, 18), "poselab", kept)
    page = open_webcam(squatting, server, way.way)
    page.get_by_text("Follow a reference").click()
    page.locator(".drop input[type=file]").first.set_input_files(kept)
    page.get_by_text("my squat", exact=True).wait_for()
    way(page).start()
    expect(page.get_by_text("Follow the purple figure").first).to_be_visible()
    scores = page.locator("[data-part=rounds], .st-key-follow_numbers")
    expect(scores).to_contain_text(re.compile(r"\d"))  # after a round; the camera shows squats without end
    assert int(re.findall(r"\d+", scores.inner_text())[-1]) > 60
    page.context.close()


@pytest.mark.slow
def test_what_the_webcam_recorded_can_be_put_beside_another(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "browser")
    InBrowser(page).start()
    page.get_by_role("button", name="Record").click()
    page.wait_for_timeout(6000)
    page.get_by_role("button", name=re.compile("^Stop recording")).click()
    page.get_by_text(re.compile("^Your recording")).first.wait_for()
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("radio", name="My recording").first.click()
    page.get_by_role("radio", name="My recording").nth(1).click()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("100 / 100")
    page.context.close()


def test_the_page_of_comparisons_leads_to_the_webcam(beside: Page) -> None:
    page = beside
    page.get_by_role("button", name="Follow the reference on the webcam").click()
    expect(page.get_by_role("heading", name="Webcam")).to_be_visible()
    expect(page.get_by_text("balance_cam01", exact=True)).to_be_visible()
    stand_still(page)
    page.get_by_role("button", name="End following").click()
    expect(page.get_by_text("balance_cam01", exact=True)).to_have_count(0)
