"""The two ways to compare: two movements, or two repetitions of one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.clips.coach import review_of
from pages.shared.clips.sources import asked, choose_file, choose_whom, found_in_all
from pages.shared.compare.settings import CompareSettings
from pages.shared.compare.sides import NAMES, Beside
from pages.shared.page import Page
from pages.shared.segmented_choice import choose_one
from posecore.exercises.repetitions import Repetition

_ASKED = "compare_asked"  # of the visit's state: whether clips are to be looked at
_AROUND_S = 0.2  # beside a repetition, for nobody begins and ends alike
_WAYS = {"two": ":material/compare:", "repetitions": ":material/repeat:"}


def choose_way(page: Page) -> str:
    """Which of the two ways."""
    ways = {name: f"{icon} {page.text(f'compare.way_{name}')}" for name, icon in _WAYS.items()}
    return choose_one(page.text("compare.way"), ways, "compare_way")


def two_movements(page: Page, settings: CompareSettings) -> list[Beside]:
    """Both sides; empty until they are there and were looked at."""
    files = []
    for column, name in zip(st.columns(2, gap="large"), NAMES, strict=True):
        with column:
            st.markdown(f"**{page.text(f'compare.{name}')}**")
            files.append(choose_file(page, f"compare_{name}"))
    brought = [file for file in files if file]
    if len(brought) < len(NAMES):
        st.info(page.text("compare.invitation"), icon=":material/compare:")
        return []
    if not asked(page, brought, settings.analysis, _ASKED, "compare.begin"):
        return []
    found = found_in_all(page, brought, settings.analysis, _ASKED)
    sides = []
    columns = st.columns(2, gap="large")
    for column, name, file, (contents, sequence) in zip(columns, NAMES, brought, found, strict=True):
        with column:
            person = choose_whom(page, f"compare_{name}", file, sequence)
        sides.append(Beside(file, contents, sequence, person))
    return sides


def two_repetitions(page: Page, settings: CompareSettings) -> list[Beside]:
    """Two of one clip; empty until it is there, was looked at and has two."""
    file = choose_file(page, "compare_clip")
    if file is None or settings.exercise is None:
        st.info(page.text("compare.choose_exercise" if file else "compare.invitation"), icon=":material/repeat:")
        return []
    if not asked(page, [file], settings.analysis, _ASKED, "compare.begin"):
        return []
    ((contents, sequence),) = found_in_all(page, [file], settings.analysis, _ASKED)
    person = choose_whom(page, "compare_clip", file, sequence)
    review = review_of(page, sequence, person, settings.exercise)
    done = review.repetitions if review else []
    if len(done) < len(NAMES):
        st.info(page.text("compare.too_few", count=len(done)), icon=":material/repeat:")
        return []
    whole = Beside(file, contents, sequence, person)
    chosen = _choose_repetitions(page, done)
    return [whole.part(one.start_s - _AROUND_S, one.end_s + _AROUND_S) for one in chosen]


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
