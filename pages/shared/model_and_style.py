"""Which model finds people and how skeletons are drawn: the same on all pages, for the visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from pages.shared.page import Page, keep, kept
from pages.shared.segmented_choice import choose_one
from posecore.detection.detector_settings import CLOSER
from posecore.detection.engines import Closer, engine_for
from posecore.detection.models import BEST, DEFAULT_MODEL, MODELS
from posecore.visuals.skeleton_drawing import STYLES, Style


def choose_style(page: Page) -> Style:
    """How skeletons are drawn."""
    chosen: Style = st.radio(
        page.text("settings.style"),
        STYLES,
        index=[str(name) for name in STYLES].index(kept("style", STYLES[0])),
        format_func=lambda key: page.text(f"styles.{key}"),
        captions=[page.text(f"styles.{key}_caption") for key in STYLES],
        key=f"style_{page.language}",
    )
    keep("style", chosen)
    return chosen


def kept_style() -> Style:
    """How skeletons are drawn, as it was chosen last."""
    style = kept("style", STYLES[0])
    return next(name for name in STYLES if name == style)


def choose_model(page: Page, key: str, models: Sequence[str] = MODELS) -> str:
    """Which model finds people; `key` tells the page's select box from others."""
    model = st.selectbox(
        page.text("settings.model"),
        models,
        index=models.index(known if (known := kept("model", DEFAULT_MODEL)) in models else DEFAULT_MODEL),
        format_func=lambda name: page.text(f"models.{name}"),
        key=f"{key}_{page.language}",
    )
    keep("model", model)
    st.caption(page.text(f"models.{model}_caption"))
    return model


def choose_closer(page: Page, key: str) -> Closer:
    """Whether to look closer; not offered where the engine cannot."""
    if engine_for("picture") != "litert":
        return "off"
    ways = {way: page.text(f"settings.closer_{way}") for way in CLOSER}
    closer = cast(Closer, choose_one(page.text("settings.closer"), ways, key, label_shown=True, first="auto"))
    st.caption(page.text(f"settings.{key}_caption_{closer}"))
    return closer


def choose_mirrored(page: Page, key: str, model: str) -> bool:
    """Whether everything is looked at in the mirror, too; the best model always is."""
    if model == BEST:
        return False
    return st.toggle(
        page.text("settings.mirrored"), help=page.text("settings.mirrored_help"), key=key, persist_state="session"
    )


def choose_people(page: Page, key: str, most: int, explained: str) -> int:
    """How many people to follow at most; one is the usual. `explained` names the words of its help."""
    return st.slider(
        page.text("settings.people"),
        1,
        most,
        1,
        help=page.text(explained),
        key=key,
        persist_state="session",
    )
