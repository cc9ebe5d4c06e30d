"""A movement that was kept as PoseLab's own file, without its clip: curves, figure, coach and files."""

from __future__ import annotations

import streamlit as st

from pages.shared.clips.coach import reviews_of_all, show_review
from pages.shared.clips.curves import show_curves
from pages.shared.clips.export_offers import offer_exports
from pages.shared.clips.settings import ClipSettings
from pages.shared.clips.visit_clips import VisitClip
from pages.shared.page import Page, plain
from pages.shared.people import choose_number
from pages.shared.resources import reading
from posecore.formats.poselab_files import read_poselab
from posecore.kinematics.cleaning import clean
from posecore.media.kinds import check_file
from posecore.pose import PoseSequence
from posecore.serving.metrics import step

_MOST_KEPT = 2  # as many as are put side by side


def is_movement(file: VisitClip) -> bool:
    """Whether what was brought is no clip but a movement."""
    return check_file(file.path) == "movement"


def show_movement(page: Page, file: VisitClip, settings: ClipSettings) -> None:
    """All that can be shown without the clip.

    Raises:
        MediaError: it is damaged.
    """
    raw = opened(file)
    seconds = page.text("clips.seconds", seconds=f"{float(raw.time[-1] - raw.time[0]) if len(raw.time) else 0:.1f}")
    facts = [f"{raw.size[0]} × {raw.size[1]}", seconds, page.text("clips.frames", count=len(raw.time))]
    st.markdown(f"**{plain(file.name)}** · " + " · ".join(facts))
    if not raw.present.any():
        st.info(page.text("clips.nobody"), icon=":material/person_search:")
        return
    person = choose_number(page, f"movement_person_{file.key}", raw.people)
    reviews = reviews_of_all(page, raw, settings)
    review = reviews[person] if reviews else None
    if review:
        show_review(page, review)
    cleaned = clean(raw, settings.cleaning)
    show_curves(
        page,
        raw,
        cleaned,
        person,
        raw_too=settings.raw_too,
        beside_clip=False,
        review=review,
        height_m=settings.height_m,
    )
    offer_exports(page, file.name, raw, person, settings.height_m)


def opened(file: VisitClip) -> PoseSequence:
    """Read once a visit, in a process of its own; of several the newest are kept.

    Raises:
        MediaError: it is damaged.
    """
    known: dict[str, PoseSequence] = st.session_state.setdefault("movements", {})
    if file.key not in known:
        with step("movement", bytes=file.path.stat().st_size):
            known[file.key] = reading()[1].submit(read_poselab, file.path).result()
        while len(known) > _MOST_KEPT:
            known.pop(next(iter(known)))
    return known[file.key]
