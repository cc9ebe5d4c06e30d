"""The coach on a clip: how many, how good, what to do better, and each repetition by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages.shared.clips.player import Strip
from pages.shared.clips.settings import ClipSettings
from pages.shared.page import Page, plain
from pages.shared.plots import show_chart
from posecore.errors import ExerciseError
from posecore.exercises.body_measures import DEGREES
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import Review, review_exercise
from posecore.pose import PoseSequence
from posecore.visuals.exercise_report import own_range_note, remarks
from posecore.visuals.time_curves import exercise_curve

_MOST_KNOWN = 6
_NARROW = 62  # pixels of a column of numbers


@dataclass(frozen=True, eq=False)
class _Known:
    """A review of this visit; None where there was too little movement for an own range."""

    raw: PoseSequence
    person: int
    exercise: Exercise
    own_range: bool
    review: Review | None


def reviewed(page: Page, raw: PoseSequence, person: int, settings: ClipSettings) -> Review | None:
    """What the chosen exercise came to, if one was chosen."""
    exercise = settings.exercise
    if exercise is None:
        return None
    if settings.own_range and exercise.signal:
        if found := _known(page, raw, person, exercise, own_range=True):
            return found
        st.warning(page.text("coach.own_range_failed"), icon=":material/straighten:")
    return _known(page, raw, person, exercise, own_range=False)


def _known(page: Page, raw: PoseSequence, person: int, exercise: Exercise, *, own_range: bool) -> Review | None:
    """From earlier, or counted now: half an hour takes seconds, too long for every rerun of the page."""
    known: list[_Known] = st.session_state.get("clip_reviews", [])
    known = [one for one in known if one.raw is raw]
    for one in known:
        if one.exercise is exercise and (one.person, one.own_range) == (person, own_range):
            return one.review
    with st.spinner(page.text("coach.counting")):
        try:
            found = review_exercise(raw, person, exercise, own_range=own_range)
        except ExerciseError:
            found = None
    st.session_state["clip_reviews"] = [*known, _Known(raw, person, exercise, own_range, found)][-_MOST_KNOWN:]
    return found


def show_review(page: Page, found: Review) -> None:
    """The large number and the score, then sentences."""
    st.subheader(plain(found.exercise.title(page.language)), anchor=False)
    with st.container(horizontal=True, gap="large", key="coach_numbers"):
        if found.exercise.kind == "hold":
            st.metric(
                page.text("webcam.held"), page.text("clips.seconds", seconds=f"{found.held_s:.1f}"), width="content"
            )
        else:
            st.metric(page.text("webcam.count"), len(found.repetitions), width="content")
        score = "–" if found.mean_score is None else f"{found.mean_score} / 100"
        st.metric(page.text("coach.mean_score"), score, width="content")
    if not found.view_fits:
        st.info(page.text(f"webcam.view_{found.exercise.view}"), icon=":material/360:")
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in remarks(found, page.language)))
    if note := own_range_note(found, page.language):
        st.caption(plain(note))


def repetition_strip(page: Page, found: Review, *, speak: bool) -> Strip:
    """The repetitions for the player."""
    return Strip([_chip(page, found, number) for number in range(len(found.repetitions))], speak)


def _chip(page: Page, found: Review, place: int) -> dict[str, Any]:
    one = found.repetitions[place]
    faults = " ".join(fault.message(page.language) for fault in one.faults)
    return {
        "number": one.number,
        "score": page.text("coach.points", score=one.score),
        "faulty": bool(one.faults),
        "start": one.start_s,
        "turn": one.turn_s,
        "end": one.end_s,
        "title": page.text("coach.chip", number=one.number, score=one.score, faults=faults).strip(),
    }


def show_course(page: Page, found: Review) -> None:
    """The curve with thresholds and repetitions, and a table of them."""
    figure = exercise_curve(found, language=page.language)
    show_chart(figure, "clip_exercise", page.text("coach.chart_alt"), camera=True, height=340)
    if not found.repetitions:
        return
    table = _table(page, found)
    most = found.exercise.score
    parts = {"part_depth": most.depth, "part_tempo": most.tempo, "part_faults": most.faults}
    degrees = found.exercise.signal is not None and found.measure in DEGREES
    formats = dict.fromkeys(("start", "turn", "end", "down", "up", "held"), "%.1f s")
    formats |= dict.fromkeys(("number", "score", *parts), "%.0f")
    formats["depth"] = "%.0f°" if degrees else "%.2f"
    columns: dict[str, Any] = {}
    for name in table.columns:
        label = page.text(f"coach.{name}", most=f"{parts[name]:.0f}") if name in parts else page.text(f"coach.{name}")
        if name in formats:
            words = page.text(f"coach.{name}_help") if name in ("down", "up", "depth") else None
            columns[name] = st.column_config.NumberColumn(label, format=formats[name], help=words, width=_NARROW)
        else:
            columns[name] = st.column_config.TextColumn(label, width="medium" if name == "faults" else _NARROW)
    st.dataframe(table, hide_index=True, column_config=columns, key="clip_repetitions")


def _table(page: Page, found: Review) -> pd.DataFrame:
    hold = found.exercise.kind == "hold"
    any_faults = bool(found.faults)
    rows = []
    for one in found.repetitions:
        row: dict[str, Any] = {"number": one.number}
        if one.side:
            row["side"] = page.text(f"sides.{one.side}")
        row["score"] = one.score
        if any_faults:
            row["faults"] = " ".join(fault.message(page.language) for fault in one.faults)
        row |= {"held": one.depth} if hold else {"depth": one.depth, "down": one.down_s, "up": one.up_s}
        row |= {} if hold else {"turn": one.turn_s}
        row |= {f"part_{name}": value for name, value in one.parts.items()}
        row |= {"start": one.start_s, "end": one.end_s}
        rows.append(row)
    return pd.DataFrame(rows)
