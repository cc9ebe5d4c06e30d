"""Which exercise is counted: one of ours or a visitor's own file; the same on all pages, for the visit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from pages.shared.page import Page, keep, kept
from posecore.errors import ExerciseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.exercise_files import LARGEST_BYTES, exercise_names, exercise_text, load_exercise
from posecore.limits import VISIT_LIMITS

OWN_FILE = "own_exercise"  # key of the container of the uploader, whose words are its own
_BRING = "bring"  # the entry that asks for a file
_LONGEST_NAME = 40


def choose_exercise(page: Page, key: str) -> Exercise | None:
    """The select box and, with its last entry, the way to bring a file; `key` tells the page's widgets from others."""
    own = _own()
    exercises = _built_in() | own
    names = ["", *exercises, _BRING]
    widget = f"{key}_exercise_{page.language}"
    # A choice that the state holds must not come with a default as well.
    earlier = "" if widget in st.session_state else kept("exercise", "")

    def words(name: str) -> str:
        if name in exercises:
            exercise = exercises[name]
            title = exercise.title(page.language)
            return f"{title} · {exercise.name}" if name in own else title
        return page.text("coach.own" if name == _BRING else "webcam.no_exercise")

    chosen = st.selectbox(
        page.text("webcam.exercise"),
        names,
        index=names.index(earlier) if earlier in names else 0,
        format_func=words,
        help=page.text("webcam.exercise_help"),
        key=widget,
    )
    keep("exercise", chosen)
    if chosen == _BRING:
        _bring(page, key)
    return exercises.get(chosen)


def choose_from_now_on(key: str, name: str) -> None:
    """Choose an exercise of ours before the select box of the page with this `key` is drawn, which then takes it up."""
    keep("exercise", name)
    st.session_state[f"{key}_exercise_{st.session_state['visitor_language']}"] = name


def _bring(page: Page, key: str) -> None:
    with st.container(border=True, key=OWN_FILE):
        st.caption(page.text("coach.own_help"))
        st.file_uploader(
            page.text("coach.own_label"),
            key=f"{key}_own",
            on_change=_take_in,
            args=(key, page.language),
            label_visibility="collapsed",
        )
        problem: ExerciseError | None = st.session_state.get("own_exercise_problem")
        if problem:
            st.error(problem.message(page.language), icon=":material/error:")
        st.download_button(
            page.text("coach.example"),
            exercise_text("squat"),
            "squat.toml",
            "application/toml",
            icon=":material/download:",
            key=f"{key}_example",
            on_click="ignore",
        )


def choose_voice(page: Page) -> bool:
    """Whether the browser says each number."""
    return st.toggle(
        page.text("coach.speak"), help=page.text("coach.speak_help"), key="coach_speak", persist_state="session"
    )


@st.cache_resource(show_spinner=False)
def _built_in() -> dict[str, Exercise]:
    return {name: load_exercise(name) for name in exercise_names()}


def _own() -> dict[str, Exercise]:
    own: dict[str, Exercise] = st.session_state.setdefault("own_exercises", {})
    return own


def _take_in(key: str, language: str) -> None:
    """Read the file that was just brought and choose its exercise, or keep the sentence that says what is wrong."""
    file = st.session_state[f"{key}_own"]
    st.session_state["own_exercise_problem"] = None
    if file is None:
        return
    try:
        exercise = _parsed(file.name, b"" if file.size > LARGEST_BYTES else file.getvalue(), file.size)
    except ExerciseError as error:
        st.session_state["own_exercise_problem"] = error
        return
    own = _own()
    name = f"own {exercise.name}"
    own.pop(name, None)
    own[name] = exercise
    while len(own) > VISIT_LIMITS.exercises:
        own.pop(next(iter(own)))
    keep("exercise", name)
    st.session_state[f"{key}_exercise_{language}"] = name


def _parsed(name: str, content: bytes, size: int) -> Exercise:
    if size > LARGEST_BYTES:
        raise ExerciseError("exercise_too_large", most=LARGEST_BYTES >> 10)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExerciseError("exercise_unreadable") from error
    # With a line end it cannot be taken for a name or a path.
    return replace(load_exercise(text + "\n"), name=Path(name).stem[:_LONGEST_NAME])
