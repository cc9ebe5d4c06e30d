"""A result at one glance: a clip that plays, with its skeleton, its count and its curve."""

import streamlit as st

from pages.shared.clips.coach import repetition_strip
from pages.shared.clips.inputs import SAMPLE_EXERCISES, SAMPLES, use_sample
from pages.shared.clips.player import Look, show_player
from pages.shared.clips.visit_clips import CHARTS, VisitClip, sample_clip
from pages.shared.page import MENU, ROOT, Page
from pages.shared.plots import show_chart
from pages.shared.resources import workers
from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.exercises.exercise_files import load_exercise
from posecore.exercises.review import Review, review_exercise
from posecore.kinematics.motion import clip_angles
from posecore.pose import PoseSequence
from posecore.visuals.skeleton_drawing import STYLES
from posecore.visuals.time_curves import exercise_curve

_SAMPLE = "squats"


def _clip() -> VisitClip:
    return sample_clip(ROOT / "samples" / SAMPLES[_SAMPLE])


@st.cache_resource(show_spinner=False)
def example() -> tuple[PoseSequence, Review]:
    """The sample that every visitor sees, found and counted once."""
    sequence = analyse(_clip().contents, AnalysisSettings(), workers().lane())
    return sequence, review_exercise(sequence, 0, load_exercise(SAMPLE_EXERCISES[_SAMPLE]))


def show_example(page: Page) -> None:
    """The clip beside the curve of its exercise."""
    st.header(page.text("home.demo_title"), anchor=False)
    sequence, review = example()
    left, right = st.columns([2, 3], gap="large")
    with right, st.container(key=CHARTS):
        figure = exercise_curve(review, language=page.language)
        show_chart(figure, "example_exercise", page.text("coach.chart_alt"), height=330)
        st.caption(page.text("home.demo_caption"))
        if st.button(page.text("home.demo_open"), icon=":material/movie:"):
            use_sample(_SAMPLE)
            st.switch_page(MENU["video"])
    with left:
        strip = repetition_strip(page, review, speak=False)
        angles = clip_angles(sequence, 0)
        look = Look(STYLES[0], 0, None, angles, ["knee"], drawn=None, strip=strip, plays=True, height=46)
        show_player(page, _clip(), sequence, look)
