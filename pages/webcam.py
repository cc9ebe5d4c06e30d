"""The webcam: the visitor's own skeleton and angles, live."""

from __future__ import annotations

import streamlit as st

from pages.shared.page import Page, run_page
from pages.shared.webcam.connection import explain_errors, show_test
from pages.shared.webcam.live_view import show_live, try_reach
from pages.shared.webcam.recording import show_recording
from pages.shared.webcam.settings import choose_settings
from pages.shared.webcam.snapshot import show_snapshot
from pages.shared.webcam.ways import choose_way


def show(page: Page) -> None:
    settings = choose_settings(page)
    way = choose_way(page)
    if way.name == "snapshot":
        show_snapshot(page, settings)
        return
    show_live(page, settings, way)
    show_recording(page)
    if way.name == "browser":
        return
    explain_errors(page)
    with st.expander(page.text("connection.title"), icon=":material/troubleshoot:"):
        show_test(page)
    try_reach()


run_page("webcam", show)
