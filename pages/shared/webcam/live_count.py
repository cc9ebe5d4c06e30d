"""The exercise as it stands, for the person who is looked at and for everybody; and who is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.page import Page
from posecore.live.stream_counting import LiveCount


def choose_person(page: Page, key: str, people: int) -> int:
    """Whose curves and numbers are shown, of those who have been followed; nothing to choose where it is one."""
    if people < 2:
        return 0
    chosen = st.pills(
        page.text("people.column"),
        range(people),
        format_func=lambda number: _name(page, number),
        default=min(chosen_person(key), people - 1),
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return int(chosen or 0)


def chosen_person(key: str) -> int:
    """Who was chosen at the last look, from 0."""
    return int(st.session_state.get(key) or 0)


def show_count(page: Page, counted: LiveCount) -> None:
    """One person's: how many, how good, and what was wrong with the newest."""
    st.markdown(f"**{counted.exercise.title(page.language)}**")
    with st.container(horizontal=True, gap="large", key="coach_numbers"):
        label = page.text("webcam.held" if counted.exercise.kind == "hold" else "webcam.count")
        st.metric(label, _count(page, counted), width="content")
        st.metric(page.text("webcam.score"), _score(counted), width="content")
    st.caption(_remark(page, counted))


def show_everybody(page: Page, counted: Sequence[LiveCount], chosen: int) -> None:
    """Large numbers for everybody, and what is to be said of each."""
    st.markdown(f"**{counted[0].exercise.title(page.language)}**")
    with st.container(horizontal=True, gap="large", key="coach_everybody"):
        for number, one in enumerate(counted):
            st.metric(_name(page, number), _count(page, one), width="content")
    for number, one in enumerate(counted):
        name = f"**{_name(page, number)}**" if number == chosen else _name(page, number)
        st.caption(f"{name} · {page.text('webcam.score')}: {_score(one)} · {_remark(page, one)}")


def _name(page: Page, number: int) -> str:
    return f"{page.text('people.column')} {number + 1}"


def _count(page: Page, counted: LiveCount) -> str:
    if counted.exercise.kind == "hold":
        return page.text("clips.seconds", seconds=f"{counted.held_s:.0f}")
    return str(counted.count)


def _score(counted: LiveCount) -> str:
    return "–" if counted.score is None else str(counted.score)


def _remark(page: Page, counted: LiveCount) -> str:
    if not counted.view_fits:
        return page.text(f"webcam.view_{counted.exercise.view}")
    return counted.fault.message(page.language) if counted.fault else page.text("webcam.no_fault")
