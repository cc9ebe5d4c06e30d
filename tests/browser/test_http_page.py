"""The page on which the HTTP service is tried."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.app_server import Server
from tests.support.http_caller import Caller, serving
from tests.support.paths import ROOT, SAMPLES
from tests.support.visiting import open_page


@pytest.fixture(scope="module")
def call() -> Iterator[Caller]:
    with serving(key="secret") as caller:
        yield caller


@pytest.fixture
def page(browser: Browser, call: Caller) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url) if call.address not in request.url else None)
    page.goto(call.address)
    page.get_by_label("Key").fill("secret")
    yield page
    assert [url for url in elsewhere if not url.startswith("blob:")] == []
    context.close()


def test_a_photo_comes_back_drawn(page: Page) -> None:
    page.get_by_label("Photo or clip").set_input_files(SAMPLES / "balance.jpg")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("status")).to_have_text("People found: 1.")
    drawn = page.get_by_role("img", name="The picture with the skeletons")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def test_a_clip_is_counted_and_its_results_are_taken_home(page: Page) -> None:
    page.get_by_label("Photo or clip").set_input_files(SAMPLES / "squats.mp4")
    page.get_by_label("Exercise").select_option("squat")
    page.get_by_label("Model").select_option("lite")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("status")).to_contain_text("Repetitions: 2.", timeout=30_000)
    with page.expect_download() as taken:
        page.get_by_role("link", name="bvh").click()
    assert taken.value.suggested_filename == "squats.bvh"


def test_what_is_wrong_is_said(page: Page) -> None:
    page.get_by_label("Key").fill("another")
    page.get_by_label("Photo or clip").set_input_files(SAMPLES / "balance.jpg")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("asks for a key"))


def test_the_client_of_the_docs_works_from_another_site(browser: Browser, server: Server) -> None:
    (client,) = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "http.md").read_text("utf-8"), re.DOTALL)
    clip = base64.b64encode((SAMPLES / "squats.mp4").read_bytes()).decode()
    with serving("--cors", server.url) as call:
        page = open_page(browser, server.url)
        program = client.replace("http://127.0.0.1:8000", call.address)
        file = "new Blob([Uint8Array.from(atob(clip), (letter) => letter.charCodeAt(0))])"
        ask = f"async (clip) => {{ {program}; return squats({file}); }}"
        assert page.evaluate(ask, clip) == 2
        page.context.close()
