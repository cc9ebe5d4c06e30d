"""The count said aloud by the visitor's browser, see assets/voice.js; nothing is sent anywhere."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared.page import ASSETS, Page
from pages.shared.script_modules import joined_modules


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("poselab_voice", js=joined_modules(ASSETS / "voice.js"))


def say_count(page: Page, count: int) -> None:
    """Say the count when it has grown since the last time."""
    _component()(key="voice", data={"count": count, "language": page.language}, height=1)
