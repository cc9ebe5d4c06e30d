"""A photo that stays in the visitor's browser, which finds people itself, see assets/device_photo/; only landmarks come
here, for charts and downloads."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np
import streamlit as st

from pages.shared.downloads import Offer, show_offers
from pages.shared.page import ASSETS, Page, base_path
from pages.shared.people import chosen_person
from pages.shared.photos.result import show_nobody, show_person
from pages.shared.photos.settings import PhotoSettings
from pages.shared.script_modules import joined_modules
from pages.shared.service.engine_routes import engine_files, engine_megabytes, model_bytes
from pages.shared.skeleton_look import SKELETON_LOOK
from posecore.detection.models import BEST, MODELS
from posecore.formats.csv_tables import landmark_table, to_csv
from posecore.formats.json_records import to_json
from posecore.live.history import MOST_FOLLOWED
from posecore.live.packets import rows_in
from posecore.pose import Pose

_FOLDER = ASSETS / "device_photo"
_WORDS = ("choose", "hint", "save", "loading", "looking", "unreadable", "failed", "picture")


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_FOLDER / f"device_photo.{kind}").read_text("utf-8") for kind in ("html", "css"))
    return st.components.v2.component(
        "poselab_device_photo", html=html, css=css, js=joined_modules(_FOLDER / "device_photo.js")
    )


def show_on_device(page: Page, settings: PhotoSettings) -> None:
    """The photo beside what was found in it."""
    model = MODELS[-1] if settings.detector.model == BEST else settings.detector.model  # one look
    left, right = st.columns([1, 1], gap="large")
    with left:
        state = _component()(
            key="device_photo",
            data={
                "words": _words(page, model),
                "language": page.language,
                "urls": engine_files(model, base_path()),
                "bytes": model_bytes(model),
                "model": model,
                "people": min(settings.detector.people, MOST_FOLLOWED),
                "confidence": settings.detector.min_confidence,
                "style": settings.style,
                **SKELETON_LOOK,
            },
            on_found_change=lambda: None,
        )
    if not state.found:
        return
    pose, name = _pose(state.found), str(state.found["name"])
    with left:
        _offer(pose, name.rsplit(".", 1)[0], str(state.found["model"]), page)
    with right:
        if pose.people:
            show_person(page, "device", pose, chosen_person("device", pose.people))
        else:
            show_nobody(page)


def _words(page: Page, model: str) -> dict[str, str]:
    megabytes = engine_megabytes(model)
    values = {"megabytes": megabytes, "most": MOST_FOLLOWED, "name": "{name}"}
    return {name: page.text(f"photos.device_{name}", **values) for name in _WORDS}


def _pose(found: dict[str, Any]) -> Pose:
    """Everybody who was found.

    Raises:
        MediaError: the browser sends something else.
    """
    size = int(found["width"]), int(found["height"])
    try:
        packet = base64.b64decode(str(found["rows"]), validate=True)
    except binascii.Error:
        packet = b"?"
    rows = rows_in(packet, int(found["people"]), size)
    return rows.frame(0).take(np.flatnonzero(rows.present[0]).tolist())


def _offer(pose: Pose, stem: str, model: str, page: Page) -> None:
    offers: dict[str, Offer] = {
        "json": (f"{stem}.json", "application/json", lambda: to_json(pose, model)),
        "csv": (f"{stem}.csv", "text/csv", lambda: to_csv(landmark_table(pose))),
    }
    show_offers(page, offers)
