"""The home page, the menu and the languages in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage


def test_one_click_to_a_sample_result(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Show me a sample").click()
    expect(page.get_by_text(" people · ")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/image\b"))


def test_starts_in_the_browsers_language(open_page: OpenPage) -> None:
    expect(open_page(locale="zh-TW").locator("h1")).to_have_text("看清人体的动作")
    expect(open_page(locale="fr-FR").locator("h1")).to_have_text("See how people move")


@pytest.mark.slow
def test_a_chosen_language_survives_pages_and_reloads(open_page: OpenPage) -> None:
    page = open_page("image")
    page.get_by_role("radio", name="中文").click()
    expect(page.locator("h1")).to_have_text("照片")
    page.get_by_test_id("stSidebar").get_by_role("link", name="首页").click()
    expect(page.locator("h1")).to_have_text("看清人体的动作")
    page.reload()
    expect(page.locator("h1")).to_have_text("看清人体的动作")
    page.get_by_test_id("stSidebar").get_by_role("link", name="照片").click()
    expect(page.locator("h1")).to_have_text("照片")
    page.reload()
    expect(page.locator("h1")).to_have_text("照片")
    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1")).to_have_text("Photos")


def test_every_page_has_the_menu_by_deep_link(open_page: OpenPage) -> None:
    for path in ("", "image"):
        page = open_page(path)
        expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Home")).to_be_visible()
        expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Photos")).to_be_visible()


def test_pictures_and_charts_have_words_for_those_who_do_not_see_them(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".js-plotly-plot").first.wait_for()
    main = page.locator('[data-testid="stMain"]')
    assert all(image.get_attribute("alt") for image in main.locator("img").all())
    words = "What the exercise measures over seconds"
    expect(page.get_by_label(words).or_(page.get_by_alt_text(words)).first).to_be_attached()
    expect(page.get_by_role("list", name="Repetitions: choose one to see its turning point")).to_be_visible()
