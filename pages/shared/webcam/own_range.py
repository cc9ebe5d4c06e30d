"""Counting by one's own range of motion, measured in front of the camera."""

from __future__ import annotations

import streamlit as st

from pages.shared.live_words import own_range
from pages.shared.page import Page
from posecore.live.session import LiveSession
from posecore.live.stream_counting import LiveCount


def offer_own_range(page: Page, session: LiveSession, counted: LiveCount, person: int = 0) -> None:
    """A button that measures it, what to do meanwhile, and afterwards how it compares with the standard."""
    stands = own_range(counted, page.language)
    if stands is None:
        return
    if stands.kind == "info":
        st.info(stands.words, icon=":material/straighten:")
    elif stands.kind == "plain":
        st.caption(stands.words)
    elif stands.words:
        st.warning(stands.words, icon=":material/straighten:")
    if stands.asks == "standard":
        st.button(page.text("coach.use_standard"), key="webcam_standard", on_click=session.use_standard, args=[person])
        return
    st.button(
        page.text("coach.measure_range"),
        key="webcam_range",
        icon=":material/straighten:",
        help=page.text("coach.measure_range_help"),
        on_click=session.measure_range,
        args=[person],
    )
