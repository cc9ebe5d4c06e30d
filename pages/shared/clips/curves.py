"""Curves and numbers of what was found in a clip or a recording; a player can be tied to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.clips.coach import show_course
from pages.shared.clips.figure_view import show_figures
from pages.shared.clips.visit_clips import CHARTS, CHOSEN_JOINTS
from pages.shared.page import Page, keep, kept
from pages.shared.plots import show_chart
from pages.shared.service.server import is_serving
from posecore.exercises.review import Review
from posecore.kinematics.body_height import metres_per_pixel
from posecore.kinematics.cleaning import Cleaned
from posecore.kinematics.joint_angles import JOINTS, angle_spread, angles_seen
from posecore.kinematics.motion import clip_angles, range_of_motion, symmetry
from posecore.pose import BoolArray, FloatArray, PoseSequence
from posecore.skeleton import INDEX, LANDMARKS
from posecore.visuals.time_curves import angle_curves, speed_curves, trajectory_curves

_TABS = ("angles", "places", "speed", "numbers")
FIRST_JOINTS = ["knee", "hip"]
_FIRST_LANDMARK, _FIRST_SPEEDS = "right_wrist", ["left_wrist", "right_wrist"]


def choose_landmark(page: Page) -> int:
    """The landmark whose way is shown, in a chart and over the clip."""
    chosen = st.selectbox(
        page.text("curves.landmark"),
        LANDMARKS,
        index=LANDMARKS.index(kept("clip_landmark", _FIRST_LANDMARK)),
        format_func=lambda name: page.text(f"landmarks.{name}"),
        key=f"clip_landmark_{page.language}",
    )
    keep("clip_landmark", chosen)
    return INDEX[chosen]


def show_curves(
    page: Page,
    raw: PoseSequence,
    cleaned: Cleaned,
    person: int,
    *,
    raw_too: bool,
    beside_clip: bool = True,
    review: Review | None = None,
    height_m: float | None = None,
) -> int | None:
    """Charts and tables of one person; returns the landmark whose way is wanted over the clip.

    Args:
        raw_too: draw the curves before cleaning as well.
        beside_clip: whether there is a clip that the charts are linked with.
        review: of an exercise, which then comes first.
        height_m: how tall the person is, for lengths in metres.
    """
    sequence = cleaned.sequence
    seen = cleaned.measured[:, person]
    angles = clip_angles(sequence, person)
    raw_angles = clip_angles(raw, person) if raw_too else None
    trail = None
    scale = metres_per_pixel(raw, person, height_m) if height_m else None
    metres = scale if scale and np.isfinite(scale) else None
    with st.container(key=CHARTS):
        names = [*(["exercise"] if review else []), *_TABS, *(["figure"] if is_serving() else [])]
        tabs = list(st.tabs([page.text(f"curves.tab_{name}") for name in names]))
        if review:
            with tabs.pop(0):
                show_course(page, review)
        with tabs[0]:
            _show_angles(page, sequence, person, angles, seen, raw_angles)
        with tabs[1]:
            landmark = choose_landmark(page)
            if beside_clip and st.toggle(page.text("curves.trail"), key="clip_trail", persist_state="session"):
                trail = landmark
            before = raw if raw_too else None
            figure = trajectory_curves(
                sequence, person, landmark, seen, raw=before, metres_per_pixel=metres, language=page.language
            )
            show_chart(figure, "clip_places", page.text("curves.places_alt"), camera=True)
            _explain_metres(page, height_m, metres)
        with tabs[2]:
            chosen = _choose_landmarks(page)
            figure = speed_curves(sequence, person, chosen, seen, metres_per_pixel=metres, language=page.language)
            show_chart(figure, "clip_speed", page.text("curves.speed_alt"), camera=True)
            _explain_metres(page, height_m, metres)
        with tabs[3]:
            _show_numbers(page, np.where(angles_seen(seen), angles, np.nan).astype(np.float32), sequence)
        if is_serving():
            with tabs[4]:
                show_figures(page, raw, person, height_m, alone=not beside_clip)
        if unsure := int(cleaned.unsure[:, person].any(-1).sum()):
            st.caption(page.text("curves.unsure_sides", count=unsure, total=len(sequence.time)))
        st.caption(page.text("curves.hint" if beside_clip else "curves.hint_alone"))
    return trail


def _explain_metres(page: Page, height_m: float | None, metres: float | None) -> None:
    if height_m and metres:
        st.caption(page.text("curves.metres", height=round(height_m * 100), pixels=round(height_m / metres)))
    elif height_m:
        st.caption(page.text("curves.no_metres"))


def _show_angles(
    page: Page, sequence: PoseSequence, person: int, angles: FloatArray, seen: BoolArray, raw: FloatArray | None
) -> None:
    joints = st.pills(
        page.text("curves.joints"),
        JOINTS,
        selection_mode="multi",
        format_func=lambda name: page.text(f"joints.{name}"),
        default=FIRST_JOINTS,
        key=CHOSEN_JOINTS,
        persist_state="session",
        label_visibility="collapsed",
    )
    if not joints:
        st.info(page.text("curves.choose_joint"), icon=":material/touch_app:")
        return
    off = angle_spread(sequence.xy[:, person], sequence.spread[:, person])
    figure = angle_curves(
        sequence.time,
        angles,
        angles_seen(seen),
        sorted(joints, key=JOINTS.index),
        raw=raw,
        off=off,
        language=page.language,
    )
    show_chart(figure, "clip_angles", page.text("curves.angles_alt"), camera=True)
    if np.isfinite(off).any():
        st.caption(page.text("curves.band"))


def _choose_landmarks(page: Page) -> list[int]:
    names = st.multiselect(
        page.text("curves.landmarks"),
        LANDMARKS,
        default=_FIRST_SPEEDS,
        format_func=lambda name: page.text(f"landmarks.{name}"),
        key=f"clip_speeds_{page.language}",
        max_selections=6,
    )
    return [INDEX[name] for name in names]


def _show_numbers(page: Page, angles: FloatArray, sequence: PoseSequence) -> None:
    motion = range_of_motion(angles, sequence.time)
    if motion.empty:
        st.info(page.text("curves.nothing_seen"), icon=":material/visibility_off:")
        return
    motion["joint"] = [page.text(f"joints.{name}") for name in motion["joint"]]
    motion["side"] = [page.text(f"sides.{name}") for name in motion["side"]]
    motion["known"] *= 100
    st.markdown(f"**{page.text('numbers.range_title')}**")
    _table(page, motion)
    both = symmetry(angles)
    if both.empty:
        return
    both["joint"] = [page.text(f"joints.{name}") for name in both["joint"]]
    st.markdown(f"**{page.text('numbers.symmetry_title')}**")
    _table(page, both)
    st.caption(page.text("numbers.note"))


def _table(page: Page, table: pd.DataFrame) -> None:
    formats = {"min_time_s": "%.2f s", "max_time_s": "%.2f s", "index": "%.0f %%", "known": "%.0f %%"}
    columns = {
        name: st.column_config.NumberColumn(
            page.text(f"numbers.{name}"),
            format=formats.get(name, "%.1f°"),
            help=page.text(f"numbers.{name}_help") if name in ("index", "known", "mean_difference") else None,
        )
        if name not in ("joint", "side")
        else page.text(f"numbers.{name}")
        for name in table.columns
    }
    st.dataframe(table, hide_index=True, column_config=columns)
