"""The settings of the photo page, in the side bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from pages.shared.model_and_style import choose_model, choose_style
from pages.shared.page import Page
from pages.shared.segmented_choice import choose_one
from posecore.detection.detector_settings import CLOSER, MOST_PEOPLE, DetectorSettings
from posecore.detection.engines import Closer, engine_for
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
            DetectorSettings.people,
            help=text("settings.people_help"),
            key="people",
            persist_state="session",
        )
        closer = _choose_closer(page)
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
    return PhotoSettings(DetectorSettings(model, people, confidence, closer), style)


def _choose_closer(page: Page) -> Closer:
    """Whether to look closer; not offered where the engine cannot."""
    if engine_for("picture") != "litert":
        return "off"
    ways = {way: page.text(f"settings.closer_{way}") for way in CLOSER}
    closer = cast(Closer, choose_one(page.text("settings.closer"), ways, "closer", label_shown=True))
    if closer != "off":
        st.caption(page.text("settings.closer_caption"))
    return closer
