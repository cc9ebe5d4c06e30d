"""The coach on a clip: how many, how good, what to do better, and each repetition by itself."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from pages.shared.clips.player import Strip
from pages.shared.clips.settings import ClipSettings
from pages.shared.page import Page, plain
from pages.shared.plots import show_chart
from posecore.detection.detector_settings import MOST_PEOPLE
from posecore.errors import ExerciseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import Review, review_exercise
from posecore.pose import PoseSequence
from posecore.visuals.exercise_report import measured, own_range_note, remarks
from posecore.visuals.time_curves import exercise_curve

_MOST_KNOWN = 3 * MOST_PEOPLE


@dataclass(frozen=True, eq=False)
class _Known:
    """A review of this visit; None where there was too little movement for an own range."""

    raw: PoseSequence
    person: int
    exercise: Exercise
    own_range: bool
    review: Review | None


def reviews_of_all(page: Page, raw: PoseSequence, settings: ClipSettings) -> list[Review]:
    """What the chosen exercise came to for everybody, of nobody if none was chosen."""
    found = [_reviewed(page, raw, person, settings) for person in range(raw.people)]
    return [one for one in found if one]


def _reviewed(page: Page, raw: PoseSequence, person: int, settings: ClipSettings) -> Review | None:
    exercise = settings.exercise
    if exercise is None:
        return None
    if settings.own_range and exercise.signal:
        if found := review_of(page, raw, person, exercise, own_range=True):
            return found
        st.warning(page.text("coach.own_range_failed"), icon=":material/straighten:")
    return review_of(page, raw, person, exercise)


def review_of(
    page: Page, raw: PoseSequence, person: int, exercise: Exercise, *, own_range: bool = False
) -> Review | None:
    """What somebody did, from earlier or counted now: half an hour takes seconds, too long for every rerun."""
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
    st.header(plain(found.exercise.title(page.language)), anchor=False)
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
    st.html(_table(page, found))


def _table(page: Page, found: Review) -> str:
    """HTML, which a phone can scroll and whose heads may break; Streamlit's tables cut what has no room."""
    text, most, hold = page.text, found.exercise.score, found.exercise.kind == "hold"
    parts = {"part_depth": most.depth, "part_tempo": most.tempo, "part_faults": most.faults}
    heads = [text("coach.number"), text("coach.score")]
    heads += [text(f"coach.{name}", most=f"{points:.0f}") for name, points in parts.items() if points]
    heads += [text(f"coach.{name}") for name in (("held",) if hold else ("depth", "down", "up"))]
    heads.append(text("coach.when"))
    rows = []
    for one in found.repetitions:
        side = f" {text(f'sides.{one.side}')}" if one.side else ""
        cells = [f"{one.number}{side}", f"<b>{one.score}</b>"]
        cells += [f"{one.parts[name.removeprefix('part_')]:.0f}" for name, points in parts.items() if points]
        cells += [measured(one.exercise, one.depth)]
        cells += [] if hold else [f"{one.down_s:.1f} s", f"{one.up_s:.1f} s"]
        cells.append(f"{one.start_s:.1f}–{one.end_s:.1f} s")
        said = [fault.message(page.language) for fault in one.faults]
        if one.exercise.name != found.exercise.name:
            said.insert(0, one.exercise.title(page.language))
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        if said:
            rows.append(
                f'<tr class="said"><td></td><td colspan="{len(heads) - 1}">{escape(" · ".join(said))}</td></tr>'
            )
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    name = escape(text("coach.table"))
    return (
        f'<div class="repetitions" role="region" aria-label="{name}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
