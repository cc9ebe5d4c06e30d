"""The two ways to compare: two movements, or two repetitions of one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.clips.coach import review_of
from pages.shared.clips.visit_clips import VisitClip
from pages.shared.compare.settings import CompareSettings
from pages.shared.compare.sides import ASKED, NAMES, Beside, choose_file, choose_whom, found_in, is_found
from pages.shared.page import Page
from pages.shared.segmented_choice import choose_one
from posecore.exercises.repetitions import Repetition
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence

_AROUND_S = 0.2  # beside a repetition, for nobody begins and ends alike
_WAYS = {"two": ":material/compare:", "repetitions": ":material/repeat:"}


def choose_way(page: Page) -> str:
    """Which of the two ways."""
    ways = {name: f"{icon} {page.text(f'compare.way_{name}')}" for name, icon in _WAYS.items()}
    return choose_one(page.text("compare.way"), ways, "compare_way")


def two_movements(page: Page, settings: CompareSettings) -> list[Beside]:
    """Both sides; empty until they are there and were looked at."""
    with st.container(key="compare_sides"):
        columns = st.columns(2, gap="large")
    files = []
    for column, name in zip(columns, NAMES, strict=True):
        with column:
            files.append(choose_file(page, name))
    brought = [file for file in files if file]
    if len(brought) < len(NAMES):
        st.info(page.text("compare.invitation"), icon=":material/compare:")
        return []
    if not _asked(page, settings, brought):
        return []
    found = _found(page, settings, brought)
    sides = []
    for column, name, file, (contents, sequence) in zip(st.columns(2, gap="large"), NAMES, brought, found, strict=True):
        with column:
            person = choose_whom(page, name, file, sequence)
        sides.append(Beside(file, contents, sequence, person))
    return sides


def two_repetitions(page: Page, settings: CompareSettings) -> list[Beside]:
    """Two of one clip; empty until it is there, was looked at and has two."""
    file = choose_file(page, "clip")
    if file is None or settings.exercise is None:
        st.info(page.text("compare.choose_exercise" if file else "compare.invitation"), icon=":material/repeat:")
        return []
    if not _asked(page, settings, [file]):
        return []
    ((contents, sequence),) = _found(page, settings, [file])
    person = choose_whom(page, "clip", file, sequence)
    review = review_of(page, sequence, person, settings.exercise)
    done = review.repetitions if review else []
    if len(done) < len(NAMES):
        st.info(page.text("compare.too_few", count=len(done)), icon=":material/repeat:")
        return []
    whole = Beside(file, contents, sequence, person)
    chosen = _choose_repetitions(page, done)
    return [whole.part(one.start_s - _AROUND_S, one.end_s + _AROUND_S) for one in chosen]


def _found(page: Page, settings: CompareSettings, files: Sequence[VisitClip]) -> list[tuple[Clip | None, PoseSequence]]:
    """What is in each; how far it is stands there only meanwhile."""
    place = st.empty()
    found = []
    for file in files:
        with place.container():
            found.append(found_in(page, file, settings.analysis))
    place.empty()
    return found


def _asked(page: Page, settings: CompareSettings, files: Sequence[VisitClip]) -> bool:
    """Whether all were looked at, or are to be now."""
    if all(is_found(file, settings.analysis) for file in files) or st.session_state.get(ASKED):
        return True
    st.button(
        page.text("compare.begin"),
        type="primary",
        icon=":material/play_arrow:",
        on_click=lambda: st.session_state.update({ASKED: True}),
    )
    return False


def _choose_repetitions(page: Page, done: Sequence[Repetition]) -> list[Repetition]:
    """The best one, and the worst of the others, until others are chosen."""
    best, *_, worst = sorted(range(len(done)), key=lambda n: -done[n].score)

    def words(number: int) -> str:
        one = done[number]
        return page.text("compare.repetition", number=one.number, score=one.score, start=f"{one.start_s:.1f}")

    with st.container(horizontal=True):
        chosen = [
            st.selectbox(
                page.text(f"compare.{name}"),
                range(len(done)),
                index=first,
                format_func=words,
                key=f"compare_repetition_{name}_{page.language}",
            )
            for name, first in zip(NAMES, (best, worst), strict=True)
        ]
    return [done[number] for number in chosen]
