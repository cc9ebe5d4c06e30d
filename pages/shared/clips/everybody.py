"""Everybody in a clip: a row of portraits to choose from, and how a class does at an exercise."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.shared.clips.visit_clips import VisitClip
from pages.shared.page import Page
from pages.shared.people import choose_from_now_on, chosen_person, offer_people
from pages.shared.plots import show_chart
from pages.shared.resources import reading
from posecore.exercises.review import Review
from posecore.media.picture_files import jpeg_address
from posecore.pose import PoseSequence
from posecore.visuals.class_chart import class_chart
from posecore.visuals.class_report import counted_words, fault_words
from posecore.visuals.portraits import clip_portraits, shots

_ROW = 60  # pixels


def choose_person(page: Page, clip: VisitClip, raw: PoseSequence, reviews: Sequence[Review]) -> int:
    """Whose curves are shown; with an exercise their count stands below the portraits, else how long they are there."""
    if raw.people < 2:
        return 0
    if reviews:
        notes = [counted_words(one, page.language) + ("" if one.exercise.kind == "hold" else "×") for one in reviews]
    else:
        share = raw.present.mean(0) * float(raw.time[-1] - raw.time[0])
        notes = [page.text("clips.seconds", seconds=f"{seconds:.1f}") for seconds in share.tolist()]
    offer_people(page, clip.key, portraits_of(clip, raw), notes)
    return chosen_person(clip.key, raw.people)


def show_class(page: Page, clip: VisitClip, raw: PoseSequence, reviews: Sequence[Review]) -> None:
    """A row each with portrait, count, score and most common fault, and all repetitions in one chart."""
    st.header(page.text("people.class"), anchor=False, divider="gray")
    left, right = st.columns(2, gap="large")
    with left:
        _show_table(page, clip, raw, reviews)
    with right:
        show_chart(class_chart(reviews, language=page.language), "class_chart", page.text("people.class_alt"))


def _show_table(page: Page, clip: VisitClip, raw: PoseSequence, reviews: Sequence[Review]) -> None:
    def take() -> None:
        if cells := st.session_state[widget]["selection"]["cells"]:
            choose_from_now_on(clip.key, int(cells[0][0]))

    widget = f"class_of_{clip.key}"
    text, number = page.text, st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(
            {
                "portrait": [jpeg_address(portrait) for portrait in portraits_of(clip, raw)],
                "person": range(1, len(reviews) + 1),
                "count": [counted_words(one, page.language) for one in reviews],
                "score": ["–" if one.mean_score is None else str(one.mean_score) for one in reviews],
                "fault": [fault_words(one, page.language) for one in reviews],
            }
        ),
        hide_index=True,
        row_height=_ROW,
        height=min(_ROW * len(reviews) + 40, 640),
        on_select=take,
        selection_mode="single-cell",
        key=widget,
        column_config={
            "portrait": st.column_config.ImageColumn("", width="small"),
            "person": number(text("people.column"), width="small"),
            "count": st.column_config.TextColumn(text("webcam.count"), width="small"),
            "score": st.column_config.TextColumn(text("coach.score"), width="small"),
            "fault": st.column_config.TextColumn(text("people.fault"), width="large"),
        },
    )
    st.caption(text("people.class_caption"))


def portraits_of(clip: VisitClip, raw: PoseSequence) -> list[bytes]:
    """Cut out of the clip once; the clip is read where strangers' files are."""
    known: tuple[PoseSequence, list[bytes]] | None = st.session_state.get("clip_portraits")
    if known is None or known[0] is not raw:
        made: list[bytes] = reading()[1].submit(clip_portraits, clip.contents, shots(raw), raw.people).result()
        st.session_state["clip_portraits"] = known = raw, made
    return known[1]
