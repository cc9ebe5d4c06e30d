"""The settings of the photo page, in the side bar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.shared.model_and_style import choose_closer, choose_mirrored, choose_model, choose_style
from pages.shared.page import Page
from posecore.detection.detector_settings import MOST_PEOPLE, DetectorSettings
from posecore.detection.models import QUALITIES
from posecore.visuals.skeleton_drawing import Style


@dataclass(frozen=True)
class PhotoSettings:
    """How to find people and how to draw them."""

    detector: DetectorSettings
    style: Style


def choose_settings(page: Page) -> PhotoSettings:
    """The settings as the visitor has them now; they last for the visit."""
    text = page.text
    with page.settings:
        st.header(text("settings.title"), anchor=False, divider="gray")
        style = choose_style(page)
        model = choose_model(page, "model", QUALITIES)
        people = st.slider(
            text("settings.people"),
            1,
            MOST_PEOPLE,
            MOST_PEOPLE,
            help=text("settings.people_help"),
            key="people",
            persist_state="session",
        )
        closer = choose_closer(page, "closer")
        mirrored = choose_mirrored(page, "mirrored", model)
        confidence = st.slider(
            text("settings.confidence"),
            0.1,
            0.9,
            DetectorSettings.min_confidence,
            0.05,
            help=text("settings.confidence_help"),
            key="confidence",
            persist_state="session",
        )
    return PhotoSettings(DetectorSettings(model, people, confidence, closer, mirrored), style)
