"""What all visitors share."""

from __future__ import annotations

import streamlit as st

from posecore.detector import ImageDetector


@st.cache_resource(show_spinner=False, on_release=ImageDetector.close)
def image_detector() -> ImageDetector:
    """The one detector for pictures; it serves many threads at once."""
    return ImageDetector()
