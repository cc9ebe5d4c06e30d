"""The movements that are taught: their names, how many examples each has, and how they are taken out again."""

from __future__ import annotations

import streamlit as st

from pages.shared.page import Page, plain
from pages.shared.teach.taught import keep, teaching
from posecore.errors import TeachError
from posecore.limits import TAUGHT_LIMITS
from posecore.recognise.teaching import LEAST_EXAMPLES

_NAME, _CHOSEN, _PROBLEM = "teach_name", "teach_movement", "teach_problem"


def choose_movement(page: Page) -> str | None:
    """Which movement is shown next; a new one is begun by its name."""
    names = teaching().names
    if len(names) < TAUGHT_LIMITS.movements:
        st.text_input(
            page.text("teach.name"),
            max_chars=TAUGHT_LIMITS.name_letters,
            placeholder=page.text("teach.name_example"),
            key=_NAME,
            on_change=_begin,
        )
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(problem.message(page.language), icon=":material/error:")
    if not names:
        return None
    if st.session_state.get(_CHOSEN) not in names:
        st.session_state[_CHOSEN] = names[-1]
    chosen = st.pills(
        page.text("teach.movement"),
        names,
        format_func=lambda name: f"{plain(name)} · {_count(name)}",
        required=True,
        key=_CHOSEN,
        wrap=True,
    )
    return str(chosen)


def show_movements(page: Page) -> None:
    """A row for each, with what is still missing, and a way to take it out."""
    for number, one in enumerate(teaching().movements):
        with st.container(horizontal=True, vertical_alignment="center", key=f"taught_{number}"):
            missing = LEAST_EXAMPLES - len(one.examples)
            icon = ":material/check_circle:" if missing <= 0 else ":material/pending:"
            count = page.text("teach.count", count=len(one.examples))
            more = f" · {page.text('teach.missing', count=missing)}" if missing > 0 else ""
            st.markdown(f"{icon} **{plain(one.name)}** · {count}{more}")
            if one.examples:
                words, undo = page.text("teach.take_back"), ":material/undo:"
                st.button("", icon=undo, help=words, key=f"teach_back_{number}", on_click=_take_back, args=(one.name,))
            words, out = page.text("teach.remove", name=plain(one.name)), ":material/delete:"
            st.button("", icon=out, help=words, key=f"teach_remove_{number}", on_click=_remove, args=(one.name,))


def _count(name: str) -> int:
    return next(len(one.examples) for one in teaching().movements if one.name == name)


def _begin() -> None:
    """Take the name that was typed, and choose it."""
    typed = st.session_state[_NAME]
    if not typed.strip():
        return
    try:
        keep(teaching().with_movement(typed))
    except TeachError as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state[_CHOSEN] = teaching().names[-1]
    st.session_state[_NAME] = ""


def _take_back(name: str) -> None:
    """Without its newest example."""
    keep(teaching().without(name, len(next(one for one in teaching().movements if one.name == name).examples) - 1))


def _remove(name: str) -> None:
    keep(teaching().without(name))
