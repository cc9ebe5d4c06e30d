"""Curves and numbers beside the webcam that is looked at in the browser, drawn by the browser too.

What webcam.js finds and what the server answers reaches the panel within the page, see assets/webcam/panel.js; the
server takes part only where something is to be measured or recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.shared.page import ASSETS, Page, base_path
from pages.shared.people import person_name
from pages.shared.script_modules import joined_modules
from pages.shared.service.engine_routes import engine_address
from pages.shared.service.landmark_routes import LandmarkStream
from pages.shared.skeleton_look import SKELETON_LOOK
from pages.shared.webcam.live_curves import curves_to_fill
from pages.shared.webcam.recording import end_recording, recording_bound, recording_full
from pages.shared.webcam.settings import WebcamSettings
from posecore.kinematics.joint_angles import JOINTS
from posecore.live.history import MOST_FOLLOWED

_FOLDER = ASSETS / "webcam"
_KEY = "browser_panel"


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_FOLDER / f"panel.{kind}").read_text("utf-8") for kind in ("html", "css"))
    return st.components.v2.component("poselab_live_panel", html=html, css=css, js=joined_modules(_FOLDER / "panel.js"))


def show_browser_panel(
    page: Page, stream: LandmarkStream, settings: WebcamSettings, joints: Sequence[str], seconds: int
) -> None:
    """Show it, and do what the visitor asks for."""
    exercise = settings.live.exercise
    state = _component()(
        key=_KEY,
        data={
            "words": _words(page),
            "joints": SKELETON_LOOK["joints"],
            "shown": [f"{side}_{joint}" for joint in joints for side in ("left", "right")],
            "reference": settings.live.reference.name if settings.live.reference else "",
            "exercise": exercise.title(page.language) if exercise else "",
            "holds": bool(exercise and exercise.kind == "hold"),
            "speaks": settings.speak,
            "language": page.language,
            "seconds": seconds,
            "figure": curves_to_fill(page, joints, seconds),
            "plotly": base_path() + engine_address("plotly.min.js"),
        },
        on_asked_change=lambda: None,
    )
    if state.asked:
        _do(stream, str(state.asked["what"]), min(int(state.asked["person"]), MOST_FOLLOWED - 1))


def _do(stream: LandmarkStream, what: str, person: int) -> None:
    session = stream.session
    if what == "range":
        session.measure_range(person)
    elif what == "standard":
        session.use_standard(person)
    elif what == "record":
        session.start_recording()
    elif what == "keep":
        end_recording(session)


def _words(page: Page) -> dict[str, Any]:
    text = page.text
    return {
        "connecting": text("webcam.connecting"),
        "rate": text("webcam.rate", rate="{rate}", ms="{ms}"),
        "advice": {name: text(f"webcam.advice_{name}") for name in ("none", "dark", "nobody", "far", "cut")},
        "people": [person_name(page, number) for number in range(MOST_FOLLOWED)],
        "person": text("people.column"),
        "joints": {
            f"{side}_{joint}": f"{text(f'joints.{joint}')} · {text(f'sides.{side}')}"
            for joint in JOINTS
            for side in ("left", "right")
        },
        "count": text("webcam.count"),
        "held": text("webcam.held"),
        "score": text("webcam.score"),
        "alike": text("follow.alike"),
        "best": text("follow.best"),
        "range": text("coach.measure_range"),
        "rangeHelp": text("coach.measure_range_help"),
        "standard": text("coach.use_standard"),
        "chart": text("curves.angles_alt"),
        "chooseJoint": text("curves.choose_joint"),
        "record": text("webcam.record"),
        "recordHelp": recording_bound(page),
        "keep": text("webcam.stop_recording", seconds="{seconds}"),
        "full": recording_full(page),
    }
