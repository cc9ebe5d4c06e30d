"""The exercise as it stands, for the person who is looked at and for everybody; and who is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.live_words import count_words, remark_words, score_words
from pages.shared.page import Page
from pages.shared.people import person_name
from posecore.live.stream_counting import LiveCount


def show_count(page: Page, counted: LiveCount) -> None:
    """One person's: how many, how good, and what was wrong with the newest."""
    st.markdown(f"**{counted.exercise.title(page.language)}**")
    with st.container(horizontal=True, gap="large", key="coach_numbers"):
        label = page.text("webcam.held" if counted.exercise.kind == "hold" else "webcam.count")
        st.metric(label, count_words(counted, page.language), width="content")
        st.metric(page.text("webcam.score"), score_words(counted), width="content")
    st.caption(remark_words(counted, page.language))


def show_everybody(page: Page, counted: Sequence[LiveCount], chosen: int) -> None:
    """Large numbers for everybody, and what is to be said of each."""
    st.markdown(f"**{counted[0].exercise.title(page.language)}**")
    with st.container(horizontal=True, gap="large", key="coach_everybody"):
        for number, one in enumerate(counted):
            st.metric(person_name(page, number), count_words(one, page.language), width="content")
    for number, one in enumerate(counted):
        name = f"**{person_name(page, number)}**" if number == chosen else person_name(page, number)
        st.caption(f"{name} · {page.text('webcam.score')}: {score_words(one)} · {remark_words(one, page.language)}")
