"""A movement of one's own: shown a few times, checked, and then recognised."""

from __future__ import annotations

import streamlit as st

from pages.shared.page import Page, run_page
from pages.shared.resources import workers
from pages.shared.segmented_choice import choose_one
from pages.shared.teach.checked import show_check
from pages.shared.teach.gathering import gather
from pages.shared.teach.taught import is_enough, load_and_keep
from pages.shared.teach.tried import try_it

_STEPS = {"examples": ":material/add_a_photo:", "check": ":material/fact_check:", "try": ":material/play_circle:"}


def show(page: Page) -> None:
    workers()  # they start while the visitor chooses
    steps = {name: f"{icon} {page.text(f'teach.step_{name}')}" for name, icon in _STEPS.items()}
    step = choose_one(page.text("teach.step"), steps, "teach_step")
    load_and_keep(page)
    if step == "examples":
        gather(page)
    elif not is_enough():
        st.info(page.text("teach.not_enough"), icon=":material/pending:")
    elif step == "check":
        show_check(page)
    else:
        try_it(page)


run_page("teach", show)
