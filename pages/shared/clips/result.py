"""What was found in a clip: the player beside the curves and the coach, and what there is to take home."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages.shared.clips.coach import repetition_strip, reviews_of_all, show_review
from pages.shared.clips.curves import FIRST_JOINTS, show_curves
from pages.shared.clips.everybody import choose_person, portraits_of, show_class
from pages.shared.clips.player import Look, plays, show_player, unplayable
from pages.shared.clips.progress import render_once
from pages.shared.clips.settings import ClipSettings
from pages.shared.clips.take_home import TakeHome, offer_downloads
from pages.shared.clips.visit_clips import CHOSEN_JOINTS, VisitClip
from pages.shared.page import Page
from pages.shared.resources import workers
from pages.shared.visit import visit
from posecore.clips.analysis import AnalysisSettings
from posecore.kinematics.cleaning import clean
from posecore.kinematics.motion import clip_angles
from posecore.pose import PoseSequence


def show_result(
    page: Page, clip: VisitClip, raw: PoseSequence, settings: ClipSettings, analysis: AnalysisSettings
) -> None:
    """Player, coach and curves, or that nobody was found, and what helps."""
    if not raw.present.any():
        st.info(page.text("clips.nobody"), icon=":material/person_search:")
        st.markdown(page.text("photos.nobody_tips"))
        return
    cleaned = clean(raw, settings.cleaning)
    name = hashlib.sha256(repr((clip.key, analysis, settings.style)).encode()).hexdigest()[:16]
    annotated = visit().folder / f"{name}.annotated.mp4"
    must_render = not plays(clip)
    if must_render:
        render_once(page, clip, raw, settings.style, annotated)
    reviews = reviews_of_all(page, raw, settings)
    person = choose_person(page, clip, raw, reviews)
    review = reviews[person] if reviews else None
    left, right = st.columns([5, 6] if raw.size[1] > raw.size[0] else [1, 1], gap="large")
    with right:
        if review:
            show_review(page, review)
        trail = show_curves(
            page, raw, cleaned, person, raw_too=settings.raw_too, height_m=settings.height_m, review=review
        )
    with left:
        strip = repetition_strip(page, review, speak=settings.speak) if review else None
        look = Look(
            style=settings.style,
            person=person,
            trail=trail,
            angles=clip_angles(cleaned.sequence, person),
            joints=st.session_state.get(CHOSEN_JOINTS, FIRST_JOINTS) or [],
            drawn=str(annotated) if must_render else None,
            strip=strip,
        )
        if show_player(page, clip, raw, look) and not must_render:
            unplayable().add(clip.key)
            st.rerun()
        there = int(raw.present.any(1).sum())
        st.caption(page.text("clips.found", there=there, total=len(raw.time), people=raw.people))
        if cuts := int(raw.cuts.sum()):
            st.caption(page.text("people.cuts", count=cuts))
    if reviews and raw.people > 1:
        show_class(page, clip, raw, reviews)
    take = TakeHome(
        clip.name,
        clip.contents,
        raw,
        cleaned,
        settings.detector.model,
        settings.style,
        page.language,
        annotated,
        workers(),
        visit().secret,
        person,
        review,
        reviews if raw.people > 1 else [],
        portraits_of(clip, raw) if reviews and raw.people > 1 else [],
        settings.height_m,
    )
    offer_downloads(page, take)
