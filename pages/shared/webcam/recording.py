"""Recording what the webcam sees: landmarks only, and only when the visitor asks for it."""

from __future__ import annotations

import json

import streamlit as st

from pages.shared.clips.curves import show_curves
from pages.shared.clips.export_offers import offer_exports
from pages.shared.clips.visit_clips import RECORDING
from pages.shared.downloads import Offer, show_offers
from pages.shared.page import Page, kept
from pages.shared.people import choose_number
from posecore.detection.models import DEFAULT_MODEL
from posecore.formats.csv_tables import sequence_angle_table, sequence_landmark_table, to_csv
from posecore.formats.json_records import sequence_record
from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.live.history import MOST_RECORDED_S
from posecore.live.session import LiveSession, LiveSnapshot
from posecore.pose import PoseSequence

_STEM = "webcam"  # of file names


def offer_recording(page: Page, session: LiveSession, now: LiveSnapshot) -> None:
    """The button that starts and stops a recording."""
    if now.recorded_s is None:
        if st.button(page.text("webcam.record"), icon=":material/fiber_manual_record:", help=recording_bound(page)):
            session.start_recording()
            st.rerun(scope="fragment")
        return
    label = page.text("webcam.stop_recording", seconds=f"{now.recorded_s:.0f}")
    if st.button(label, key="webcam_stop_recording", icon=":material/stop_circle:", type="primary"):
        end_recording(session)
        st.rerun()
    if now.recording_full:
        st.warning(recording_full(page), icon=":material/timer_off:")


def end_recording(session: LiveSession) -> None:
    """End a recording, if there is one, and keep it for the visit."""
    recorded = session.stop_recording()
    if recorded is not None:
        st.session_state[RECORDING] = recorded


def recording() -> PoseSequence | None:
    """The visitor's last one."""
    recorded: PoseSequence | None = st.session_state.get(RECORDING)
    return recorded


def show_recording(page: Page) -> None:
    """The visitor's last recording, in the charts that clips have."""
    recorded = recording()
    if recorded is None:
        return
    seconds = f"{recorded.time[-1]:.1f}"
    st.header(page.text("webcam.recording_title", seconds=seconds), anchor=False, divider="gray")
    if not recorded.present.any():
        st.info(page.text("webcam.recording_empty"), icon=":material/person_search:")
    else:
        cleaned = clean(recorded, CleaningSettings())
        person = choose_number(page, "webcam_recorded_person", recorded.people)
        show_curves(page, recorded, cleaned, person, raw_too=False, beside_clip=False)
        model = kept("model", DEFAULT_MODEL)
        offers: dict[str, Offer] = {
            "webcam_landmarks": (
                f"{_STEM}.landmarks.csv",
                "text/csv",
                lambda: to_csv(sequence_landmark_table(recorded)),
            ),
            "webcam_angles": (f"{_STEM}.angles.csv", "text/csv", lambda: to_csv(sequence_angle_table(recorded))),
            "webcam_json": (f"{_STEM}.json", "application/json", lambda: json.dumps(sequence_record(recorded, model))),
        }
        show_offers(page, offers)
        offer_exports(page, _STEM, recorded, person, None)
    st.button(page.text("webcam.forget_recording"), icon=":material/delete:", on_click=forget_recording)


def forget_recording() -> None:
    """As if there had been none."""
    st.session_state.pop(RECORDING, None)


def recording_bound(page: Page) -> str:
    """What a recording keeps, and for how long."""
    return page.text("webcam.record_help", minutes=_minutes())


def recording_full(page: Page) -> str:
    """Why it has ended."""
    return page.text("webcam.recording_full", minutes=_minutes())


def _minutes() -> str:
    return f"{MOST_RECORDED_S / 60:.0f}"
