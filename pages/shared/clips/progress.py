"""Work on a clip while the visitor watches: analysing it, rendering it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from pages.shared.clips.visit_clips import VisitClip, keep_result, result
from pages.shared.page import Page
from pages.shared.resources import clip_lane
from pages.shared.service.room import find_room
from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.clips.rendering import RenderSettings, render
from posecore.clips.segment_jobs import Progress
from posecore.errors import PoseError
from posecore.pose import PoseSequence
from posecore.serving.metrics import CLIPS, FRAMES, step
from posecore.serving.shares import shares
from posecore.visuals.skeleton_drawing import Style


def found(page: Page, clip: VisitClip, settings: AnalysisSettings, asked: str = "clip_asked") -> PoseSequence:
    """Who is in the clip: from earlier in the visit, or found now, with progress and a way to stop.

    Args:
        asked: of the visit's state, what says that the clip is to be analysed; it is so no longer when this is done.
    """
    known = result(clip, settings)
    if known is not None:
        return known
    show = _progress(page, "clips.analysing")
    stop = partial(st.session_state.__setitem__, asked, None)
    st.button(page.text("clips.stop"), icon=":material/stop_circle:", on_click=stop, key=f"{asked}_stop_{clip.key}")
    try:
        find_room(shares().ordinary_clip_bytes)
        with step("analyse", frames=len(clip.contents.pts), people=settings.detector.people):
            sequence = analyse(clip.contents, settings, clip_lane(), show)
    except PoseError:
        stop()
        st.button(page.text("clips.try_again"), icon=":material/refresh:", key=f"{asked}_again")
        raise
    stop()
    CLIPS.inc()
    FRAMES.labels("clip").inc(len(sequence.time))
    keep_result(clip, settings, sequence)
    return sequence


def render_once(page: Page, clip: VisitClip, sequence: PoseSequence, style: Style, target: Path) -> None:
    """Write the clip with the skeletons drawn on it, unless it is there."""
    if not target.exists():
        place = st.empty()
        with place.container():
            show = _progress(page, "clips.rendering")
            with step("render", frames=len(sequence.time)):
                render(clip.contents, sequence, target, clip_lane(), RenderSettings(style), show)
        place.empty()


def _progress(page: Page, key: str) -> Callable[[Progress], None]:
    """Elements that follow the work: a bar with the time that is left, and the newest picture."""
    bar = st.progress(0.0, page.text("clips.starting"))
    with st.columns([1, 2, 1])[1]:
        picture = st.empty()

    def show(progress: Progress) -> None:
        if progress.waiting_for:
            seconds = f"{progress.waiting_s:.0f}"
            bar.progress(0.0, page.text("clips.waiting", count=progress.waiting_for, seconds=seconds))
        elif progress.seconds_left is not None:
            part = min(progress.done / progress.total, 1.0)
            left = f"{progress.seconds_left:.0f}"
            bar.progress(part, page.text(key, percent=f"{part:.0%}", seconds=left))
        if progress.newest:
            picture.image(progress.newest, width="stretch", alt=page.text("clips.newest"))

    return show
