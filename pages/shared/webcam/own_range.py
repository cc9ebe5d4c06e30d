"""Counting by one's own range of motion, measured in front of the camera."""

from __future__ import annotations

import streamlit as st

from pages.shared.page import Page
from posecore.live.session import LiveSession
from posecore.live.stream_counting import LiveCount
from posecore.visuals.exercise_report import measured


def offer_own_range(page: Page, session: LiveSession, counted: LiveCount, person: int = 0) -> None:
    """A button that measures it, what to do meanwhile, and afterwards how it compares with the standard."""
    own, standard = counted.exercise.signal, counted.standard.signal
    if own is None or standard is None:
        return
    if counted.range == "measuring":
        st.info(page.text("coach.measuring", done=counted.count + counted.halves), icon=":material/straighten:")
        st.button(page.text("coach.use_standard"), key="webcam_standard", on_click=session.use_standard, args=[person])
        return
    if counted.range == "own":
        values = {
            "rest": own.rest,
            "turn": own.turn,
            "standard_rest": standard.rest,
            "standard_turn": standard.turn,
            "full": counted.standard.score.full,
        }
        words = {name: measured(counted.exercise, value) for name, value in values.items()}
        st.caption(page.text("coach.own_range_live", **words))
        st.button(page.text("coach.use_standard"), key="webcam_standard", on_click=session.use_standard, args=[person])
        return
    if counted.range == "failed":
        st.warning(page.text("errors.calibration_small"), icon=":material/straighten:")
    st.button(
        page.text("coach.measure_range"),
        key="webcam_range",
        icon=":material/straighten:",
        help=page.text("coach.measure_range_help"),
        on_click=session.measure_range,
        args=[person],
    )
