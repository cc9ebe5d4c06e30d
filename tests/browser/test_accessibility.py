"""What axe-core finds on every page, and whether anything is cut off or wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.support.paths import SAMPLES
from tests.support.visiting import stand_still

PHOTOS = ("balance.jpg", "two_people.jpg", "astronaut.png")
GRAVE = ("serious", "critical")


def home(page: Page) -> Iterator[str]:
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    yield "home"


def photos(page: Page) -> Iterator[str]:
    page.get_by_role("button", name=re.compile("Balancing|平衡")).first.wait_for()
    yield "photos, empty"
    page.get_by_role("button", name=re.compile("Balancing|平衡")).first.click()
    page.locator(".js-plotly-plot").first.wait_for()
    yield "photos, one found"


def many_photos(page: Page) -> Iterator[str]:
    page.locator(".drop input[type=file]").first.set_input_files([str(SAMPLES / name) for name in PHOTOS])
    page.get_by_test_id("stMetricValue").nth(3).wait_for()
    page.locator(".js-plotly-plot").first.wait_for()
    yield "photos, many, one of them shown"


def webcam(page: Page) -> Iterator[str]:
    button = page.frame_locator("iframe").first.get_by_role("button", name=re.compile("Start|开始"))
    button.wait_for()
    stand_still(page)
    yield "webcam, not started"
    button.click()
    page.locator(".js-plotly-plot").first.wait_for()
    page.wait_for_timeout(2000)
    yield "webcam, running"
    page.frame_locator("iframe").first.get_by_role("button", name=re.compile("Stop|停止")).click()


def own_browser(page: Page) -> Iterator[str]:
    page.get_by_role("radio", name=re.compile("In this browser|在此浏览器中")).click()
    page.locator(".webcam [data-part=toggle]").wait_for()
    yield "webcam in the browser, not started"
    page.locator(".webcam [data-part=toggle]").click()
    page.locator(".webcam[data-rate]").wait_for()
    page.locator(".js-plotly-plot").first.wait_for()
    page.wait_for_timeout(2000)
    yield "webcam in the browser, running"
    page.get_by_text(re.compile("Figure in three dimensions|三维人偶")).click()
    page.locator(".figure[data-ms]").wait_for()
    yield "webcam in the browser, a figure too"


def video(page: Page) -> Iterator[str]:
    page.get_by_role("button", name=re.compile("Squats, counted|深蹲计数")).wait_for()
    yield "video, empty"
    page.get_by_role("button", name=re.compile("Squats, counted|深蹲计数")).click()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    yield "video, counted"
    page.locator("[data-part=looks]").click()
    page.get_by_role("tab").nth(4).click()
    page.get_by_text(re.compile("^(More downloads|更多下载)$")).click()
    page.wait_for_timeout(500)
    yield "video, all open"
    page.get_by_role("tab", name=re.compile("^(Figure|人偶)$")).click()
    page.locator(".figure[data-ms]").wait_for()
    yield "video, the figure"


def compare(page: Page) -> Iterator[str]:
    page.locator(".drop").first.wait_for()
    yield "compare, empty"
    for number in range(2):
        page.get_by_role("radio", name=re.compile("^(Samples|示例)$")).nth(number).click()
        page.wait_for_timeout(1500)
    page.get_by_role("radio", name=re.compile("^(Balancing|平衡)$")).nth(1).click()
    page.get_by_role("button", name=re.compile("Put them side by side|开始比较")).click()
    page.locator(".follower canvas").wait_for()
    page.wait_for_function("() => document.querySelector('.clip-cursor')")
    yield "compare, side by side"
    page.get_by_text(re.compile("^(One over the other|重叠)$")).click()
    page.locator(".follower").wait_for(state="detached")
    yield "compare, one over the other"


def teach(page: Page) -> Iterator[str]:
    name = page.get_by_role("textbox", name=re.compile("Name of a movement|动作名称"))
    name.wait_for()
    yield "teach, empty"
    name.fill("wave")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="wave · 0").wait_for()
    page.wait_for_timeout(1500)
    yield "teach, by webcam"
    page.get_by_role("radio", name=re.compile("^(Video|视频)$")).click()
    page.get_by_role("radio", name=re.compile("^(Samples|示例)$")).click()
    page.get_by_role("button", name=re.compile("Find the movements in it|找出其中的动作")).click()
    page.get_by_role("button", name=re.compile("^(Add|把) .*")).click()
    page.get_by_role("radio", name="wave · 3").wait_for()
    yield "teach, with examples"


def feasibility(page: Page) -> Iterator[str]:
    page.get_by_role("tab").first.wait_for()
    yield "feasibility"


def measured(page: Page) -> Iterator[str]:
    button = page.get_by_role("button", name=re.compile("^(Measure|测量本机|重新测量)"))
    button.wait_for()
    again = re.compile("Measure again|重新测量")
    if not again.search(button.inner_text()):  # nobody measured before: it is kept for all visits
        button.click()
        page.get_by_role("button", name=again).wait_for(timeout=120_000)
    for number in range(page.get_by_role("tab").count()):
        page.get_by_role("tab").nth(number).click()
        page.wait_for_timeout(700)
        yield f"feasibility, measured, tab {number + 1}"


PAGES: dict[str, tuple[str, Callable[[Page], Iterator[str]]]] = {
    "home": ("", home),
    "photos": ("image", photos),
    "webcam": ("webcam", webcam),
    "video": ("video", video),
    "compare": ("compare", compare),
    "teach": ("teach", teach),
    "feasibility": ("feasibility", feasibility),
}
LONGER = {
    "many photos": ("image", many_photos),
    "own browser": ("webcam", own_browser),
    "measured": ("feasibility", measured),
}
SEEN = [
    pytest.param("light", "en-US", id="light, English"),
    pytest.param("dark", "zh-CN", id="dark, Chinese"),
    pytest.param("dark", "en-US", id="dark, English"),
    pytest.param("light", "zh-CN", id="light, Chinese"),
]


def grave(page: Page) -> list[tuple[str, Any, str]]:
    """What is wrong: the rule, where, and the element's beginning."""
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], node["target"], node["html"][:120])
        for one in found
        if one["impact"] in GRAVE or one["id"] == "heading-order"
        for node in one["nodes"]
    ]


# Words that do not fit, in what people read or press; what scrolls on purpose, and what Streamlit folds, is left out.
CUT_OFF = """() => {
    const found = [];
    const wide = document.documentElement.scrollWidth > innerWidth + 1;
    if (wide) found.push(`page ${document.documentElement.scrollWidth} > ${innerWidth}`);
    const look = (root) => {
        for (const one of root.querySelectorAll('button, label, summary, th, td, h1, h2, h3, li, table, dl')) {
            const style = getComputedStyle(one);
            if (!one.offsetParent || style.visibility === 'hidden') continue;
            const box = one.getBoundingClientRect();
            if (!box.width || !box.height || one.closest('.reps')) continue;
            const words = one.textContent.trim().slice(0, 40);
            const hidden = style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 2;
            const outside = box.right > innerWidth + 1 && !one.closest('[role=tablist]');
            if (hidden || outside) found.push(`${one.tagName} "${words}" ${one.scrollWidth} > ${one.clientWidth}`);
        }
        for (const one of root.querySelectorAll('*')) if (one.shadowRoot) look(one.shadowRoot);
    };
    look(document);
    for (const box of document.querySelectorAll('.repetitions')) {
        if (box.scrollWidth > box.clientWidth + 1 && innerWidth > 1000) found.push('table of repetitions');
    }
    return found;
}"""


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "locale"), SEEN)
@pytest.mark.parametrize("seen", [*PAGES, *LONGER])
def test_nothing_grave_and_nothing_cut_off_in_any_state(
    open_page: OpenPage, seen: str, scheme: str, locale: str
) -> None:
    path, states = (PAGES | LONGER)[seen]
    page = open_page(path, color_scheme=scheme, locale=locale)
    for state in states(page):
        assert grave(page) == [], state
        for width in (1440, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)
            assert page.evaluate(CUT_OFF) == [], f"{state}, {width} pixels"
