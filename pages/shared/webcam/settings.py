"""The settings of the webcam page, in the side bar; all but the camera take effect while it runs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.shared.compare.reference import choose_reference
from pages.shared.exercise_choice import choose_exercise, choose_voice
from pages.shared.model_and_style import choose_model, choose_people, choose_style
from pages.shared.page import Page, keep, kept
from posecore.live.history import MOST_FOLLOWED
from posecore.live.session import LiveSettings

CAMERAS = ("user", "environment")  # WebRTC's words for front and back


@dataclass(frozen=True)
class WebcamSettings:
    """How the stream is looked at, by which camera, and whether repetitions are counted aloud."""

    live: LiveSettings
    camera: str
    speak: bool = False


def choose_settings(page: Page, *, alone: bool = False) -> WebcamSettings:
    """The settings as the visitor has them now; they last for the visit.

    Args:
        alone: about one person, without anything to count or to follow.
    """
    text = page.text
    with page.settings:
        st.header(text("settings.title"), anchor=False, divider="gray")
        style = choose_style(page)
        model = choose_model(page, "webcam_model")
        mirrored = st.toggle(
            text("webcam.mirror"),
            value=True,
            help=text("webcam.mirror_help"),
            key="webcam_mirror",
            persist_state="session",
        )
        people, exercise, speak, reference = 1, None, False, None
        if not alone:
            people = choose_people(page, "webcam_people", MOST_FOLLOWED, "webcam.people_help")
            exercise = choose_exercise(page, "webcam")
            speak = choose_voice(page) if exercise else False
            reference = choose_reference(page)
        camera = st.segmented_control(
            text("webcam.camera"),
            CAMERAS,
            format_func=lambda name: text(f"webcam.camera_{name}"),
            default=kept("webcam_camera", CAMERAS[0]),
            required=True,
            help=text("webcam.camera_help"),
            key=f"webcam_camera_{page.language}",
        )
        keep("webcam_camera", camera)
    live = LiveSettings(model, style, mirrored, exercise=exercise, people=people, reference=reference)
    return WebcamSettings(live, camera, speak)
