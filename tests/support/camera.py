"""Streamlit's camera widget, in a browser whose camera is a film."""

from playwright.sync_api import Locator, Page


def ready_camera(page: Page) -> Locator:
    """Its button, once a frame has come: it works from the stream's first word of its size on, with black photos."""
    viewfinder = page.get_by_test_id("stCameraInput").locator("video").element_handle()
    page.wait_for_function("video => video.currentTime > 0", arg=viewfinder)
    return page.get_by_test_id("stCameraInputButton")
