"""The browser's modules by themselves, in the browser that runs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Route

from pages.shared.page import ASSETS

ORIGIN = "http://modules.test"


@contextmanager
def page_beside_modules(browser: Browser) -> Iterator[Page]:
    """An almost empty page beside which all modules of assets/ lie."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        body = (ASSETS / name).read_bytes() if name else b"<button>b</button><input>"
        route.fulfill(body=body, content_type="text/javascript" if name else "text/html")

    page = browser.new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    yield page
    page.close()


def run(page: Page, module: str, code: str, value: object = None) -> Any:
    """The value of `code`, which may use the module's names as those of `m`, and `value`."""
    return page.evaluate(f"(value) => import('{ORIGIN}/{module}.js').then((m) => {{ {code} }})", value)
