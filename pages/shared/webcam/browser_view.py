"""The webcam looked at in the visitor's own browser, see assets/webcam/; only landmarks come here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared.clips.player import encoded
from pages.shared.page import ASSETS, Page, base_path
from pages.shared.script_modules import joined_modules
from pages.shared.service.engine_routes import engine_files, engine_megabytes, model_bytes
from pages.shared.service.landmark_routes import PATH, STREAMS, LandmarkStream
from pages.shared.skeleton_look import SKELETON_LOOK
from pages.shared.visit import visit
from pages.shared.webcam.recording import end_recording
from pages.shared.webcam.settings import WebcamSettings
from pages.shared.webcam.ways import Way, note_unable, pressed_in_vain
from posecore import palette
from posecore.live.following import GHOST_RATE, Reference
from posecore.skeleton import LANDMARKS

_KEY = "browser_webcam"
_FOLDER = ASSETS / "webcam"
_SIZE = 640, 480  # that the camera is asked for
_WORDS = ("start", "stop", "allow", "loading", "offline", "insecure", "denied", "missing", "in_use", "failed", "save")


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_FOLDER / f"webcam.{kind}").read_text("utf-8") for kind in ("html", "css"))
    return st.components.v2.component("poselab_webcam", html=html, css=css, js=joined_modules(_FOLDER / "webcam.js"))


def show_in_browser(page: Page, settings: WebcamSettings, way: Way) -> LandmarkStream | None:
    """Camera and picture; the stream of landmarks while it runs."""
    live, here = settings.live, visit()
    megabytes = engine_megabytes(live.model)
    state = _component()(
        key=_KEY,
        data={
            "words": {
                **{name: page.text(f"webcam.browser_{name}", megabytes=megabytes) for name in _WORDS},
                "parts": {name: page.text(f"webcam.browser_part_{name}") for name in ("picture", "cameras", "loading")},
            },
            "language": page.language,
            "urls": engine_files(live.model, base_path()),
            "bytes": model_bytes(live.model),
            "address": f"{base_path()}{PATH}/{here.secret}?lang={page.language}",
            "starts": pressed_in_vain(),
            "leaves": way.may_leave,
            "people": live.people,
            "confidence": live.min_confidence,
            "style": live.style,
            "mirrored": live.mirrored,
            "reference": live.reference and _ghost(live.reference),
            "facing": settings.camera,
            "width": _SIZE[0],
            "height": _SIZE[1],
            **SKELETON_LOOK,
            "landmarks": LANDMARKS,
            "chosen": [
                f"{side}_{joint}"
                for joint in st.session_state.get("webcam_joints", ["knee"])
                for side in ("left", "right")
            ],
        },
        on_running_change=lambda: None,
        on_unable_change=lambda: None,
    )
    if state.unable and way.why:
        note_unable()
        st.rerun()
    return _stream(settings, running=bool(state.running))


def _ghost(reference: Reference) -> dict[str, Any]:
    return {
        "shape": encoded(reference.shape),
        "rate": GHOST_RATE,
        "duration": reference.duration,
        "period": reference.period,
        "landmarks": len(LANDMARKS),
        "colour": palette.BESIDE[1],
    }


def _stream(settings: WebcamSettings, *, running: bool) -> LandmarkStream | None:
    """The visit's stream, begun and ended with the camera."""
    secret = visit().secret
    stream = STREAMS.find(secret)
    if stream and stream.used and not running:
        STREAMS.close(secret)
        end_recording(stream.session)
        stream = None
    # There from the beginning, for the first packet may be here before the page knows that the camera runs.
    if stream is None and not running:
        stream = STREAMS.open(secret, settings.live)
    if stream:
        stream.session.configure(settings.live)
    return stream if running else None
