"""A visitor's page in a browser of its own."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page

_PATIENCE_MS = 60_000


def open_page(browser: Browser, address: str, watch: Callable[[str], None] | None = None, **options: object) -> Page:
    """Open an address in a new context and wait for the page's heading.

    Args:
        watch: told every address that the page asks.
        **options: of the context.
    """
    settings: dict[str, object] = {"viewport": {"width": 1280, "height": 1000}, "locale": "en-US"}
    context = browser.new_context(**{**settings, **options})
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    if watch:
        page.on("request", lambda request: watch(request.url))
        page.on("websocket", lambda connection: watch(connection.url))
    page.goto(address)
    page.locator("h1").wait_for()
    return page


def stand_still(page: Page) -> None:
    """Wait until Streamlit has drawn the page: a press on a button that is drawn anew meanwhile would be lost."""
    page.locator("[data-test-script-state=notRunning]").first.wait_for()
