"""What is compared and how, in the side bar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.shared.exercise_choice import choose_exercise
from pages.shared.model_and_style import choose_model, choose_people
from pages.shared.page import Page
from posecore.clips.analysis import AnalysisSettings
from posecore.detection.detector_settings import MOST_PEOPLE, DetectorSettings
from posecore.detection.models import QUALITIES
from posecore.exercises.exercise import Exercise


@dataclass(frozen=True)
class CompareSettings:
    """How people are found, whether left may be right, and which exercise is counted for its repetitions."""

    analysis: AnalysisSettings
    may_mirror: bool
    exercise: Exercise | None


def choose_settings(page: Page, *, repetitions: bool) -> CompareSettings:
    """The settings as the visitor has them now; they last for the visit."""
    text = page.text
    with page.settings:
        st.header(text("settings.title"), anchor=False, divider="gray")
        exercise = choose_exercise(page, "compare") if repetitions else None
        may_mirror = st.toggle(
            text("compare.may_mirror"),
            value=True,
            help=text("compare.may_mirror_help"),
            key="compare_mirror",
            persist_state="session",
        )
        people = choose_people(page, "compare_people", MOST_PEOPLE, "clips.people_help")
        with st.expander(text("settings.more"), key="compare_more"):
            model = choose_model(page, "compare_model", QUALITIES)
    detector = DetectorSettings(model, people, closer="auto" if people > 1 else "off")
    return CompareSettings(AnalysisSettings(detector), may_mirror, exercise)
