"""The settings of the video page, in the side bar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.shared.clips.inputs import SAMPLE_EXERCISES, use_sample
from pages.shared.exercise_choice import choose_exercise, choose_voice
from pages.shared.model_and_style import choose_closer, choose_mirrored, choose_model, choose_people, kept_style
from pages.shared.page import Page
from posecore.detection.detector_settings import MOST_PEOPLE, DetectorSettings
from posecore.detection.models import QUALITIES
from posecore.exercises.exercise import Exercise
from posecore.kinematics.body_height import LEAST_HEIGHT_M, MOST_HEIGHT_M
from posecore.kinematics.cleaning import CleaningSettings
from posecore.visuals.skeleton_drawing import Style


@dataclass(frozen=True)
class ClipSettings:
    """How to find people, how to clean and draw what was found, which exercise to count, and how tall the person is."""

    detector: DetectorSettings
    every: int
    cleaning: CleaningSettings
    style: Style
    raw_too: bool
    exercise: Exercise | None
    own_range: bool
    speak: bool
    height_m: float | None


def choose_settings(page: Page) -> ClipSettings:
    """The settings as the visitor has them now; they last for the visit."""
    text = page.text
    with page.settings:
        st.header(text("settings.title"), anchor=False, divider="gray")
        exercise = choose_exercise(page, "clip")
        own_range = speak = False
        if exercise is None:
            _offer_sample(page)
        else:
            if exercise.signal:
                own_range = st.toggle(
                    text("coach.own_range"),
                    help=text("coach.own_range_help"),
                    key="coach_own_range",
                    persist_state="session",
                )
            speak = choose_voice(page)
        people = choose_people(page, "clip_people", MOST_PEOPLE, "clips.people_help")
        closer = choose_closer(page, "clip_closer") if people > 1 else "off"
        with st.expander(text("settings.more"), key="clip_more"):
            model = choose_model(page, "clip_model", QUALITIES)
            mirrored = choose_mirrored(page, "clip_mirrored", model)
            every = st.slider(
                text("clips.every"), 1, 10, 1, help=text("clips.every_help"), key="clip_every", persist_state="session"
            )
            height = st.number_input(
                text("clips.height"),
                round(LEAST_HEIGHT_M * 100),
                round(MOST_HEIGHT_M * 100),
                None,
                help=text("clips.height_help"),
                placeholder=text("clips.height_unknown"),
                key="clip_height",
                persist_state="session",
            )
            cleaning, raw_too = _choose_cleaning(page)
    return ClipSettings(
        DetectorSettings(model, people, closer=closer, mirrored=mirrored),
        every,
        cleaning,
        kept_style(),
        raw_too,
        exercise,
        own_range,
        speak,
        height / 100 if height else None,
    )


def _offer_sample(page: Page) -> None:
    """A clip in which the coach counts."""
    name = next(iter(SAMPLE_EXERCISES))
    words, icon = page.text("coach.try_exercise"), ":material/play_circle:"
    st.button(words, icon=icon, type="tertiary", key="clip_try_exercise", on_click=use_sample, args=(name,))


def _choose_cleaning(page: Page) -> tuple[CleaningSettings, bool]:
    text = page.text
    st.header(text("cleaning.title"), anchor=False, divider="gray", help=text("cleaning.help"))
    usual = CleaningSettings()
    drop = _toggle(page, "drop")
    repair = _toggle(page, "repair")
    fill = _toggle(page, "fill")
    gap = st.slider(
        text("cleaning.gap"),
        0.05,
        1.0,
        usual.longest_gap_s,
        0.05,
        key="clean_gap",
        persist_state="session",
        disabled=not fill,
    )
    smooth = _toggle(page, "smooth")
    cutoff = st.slider(
        text("cleaning.cutoff"),
        1.0,
        15.0,
        usual.cutoff_hz,
        0.5,
        help=text("cleaning.cutoff_help"),
        key="clean_cutoff",
        persist_state="session",
        disabled=not smooth,
    )
    raw_too = st.toggle(text("cleaning.raw"), key="clean_raw", persist_state="session")
    return CleaningSettings(repair, drop, gap if fill else None, cutoff if smooth else None), raw_too


def _toggle(page: Page, name: str) -> bool:
    return st.toggle(
        page.text(f"cleaning.{name}"),
        value=True,
        help=page.text(f"cleaning.{name}_help"),
        key=f"clean_{name}",
        persist_state="session",
    )
