"""Clips: who is in them and how they move, picture and charts as one thing."""

from __future__ import annotations

import streamlit as st

from pages.shared.clips.inputs import choose_clip, choose_part, describe, invite
from pages.shared.clips.movement import is_movement, show_movement
from pages.shared.clips.progress import found
from pages.shared.clips.result import show_result
from pages.shared.clips.settings import choose_settings
from pages.shared.clips.visit_clips import forget_result, result
from pages.shared.page import Page, run_page
from pages.shared.resources import workers
from posecore.clips.analysis import AnalysisSettings


def show(page: Page) -> None:
    workers()  # they start while the visitor chooses
    settings = choose_settings(page)
    clip = choose_clip(page)
    if clip is None:
        invite(page)
        return
    if is_movement(clip):
        show_movement(page, clip, settings)
        return
    describe(page, clip)
    parts: dict[str, tuple[float, float | None]] = st.session_state.setdefault("clip_parts", {})
    analysis = AnalysisSettings(settings.detector, *parts.get(clip.key, (0.0, None)), settings.every)
    place = st.empty()  # one for both, so that nothing of the first step stays while the second runs
    if result(clip, analysis) is None and st.session_state.get("clip_asked") != clip.key:
        with place.container(key="clip_trim"):
            parts[clip.key] = choose_part(page, clip)
        return
    with place.container(key="clip_work"):
        raw = found(page, clip, analysis)
    place.empty()
    if damaged := int(raw.damaged.sum()):
        st.warning(page.text("clips.damaged", count=damaged, total=len(raw.time)), icon=":material/broken_image:")
    st.button(
        page.text("clips.other_part"), icon=":material/content_cut:", on_click=forget_result, args=(clip, analysis)
    )
    show_result(page, clip, raw, settings, analysis)


run_page("video", show)
