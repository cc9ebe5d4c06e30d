"""Where examples come from: the webcam, or a clip."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import streamlit as st

from pages.shared.clips.sources import asked, choose_file, choose_whom, found_in_all
from pages.shared.page import ICONS, Page
from pages.shared.segmented_choice import choose_one
from pages.shared.teach.examples import Shown, choose_examples
from pages.shared.teach.movements import choose_movement, show_movements
from pages.shared.teach.one_clip import ANALYSIS, ASKED
from pages.shared.webcam.live_view import show_live
from pages.shared.webcam.recording import forget_recording, recording
from pages.shared.webcam.settings import choose_settings
from pages.shared.webcam.ways import choose_way
from posecore.recognise.recogniser import Recogniser


def choose_source(page: Page, key: str) -> str:
    """The webcam or a clip."""
    return choose_one(page.text("clips.source"), {"webcam": _named(page, "webcam"), "clip": _named(page, "video")}, key)


def _named(page: Page, menu: str) -> str:
    return f"{ICONS[menu]} {page.text(f'menu.{menu}')}"


def gather(page: Page) -> None:
    """Names, examples, and what is there of each."""
    name = choose_movement(page)
    if name is None:
        st.info(page.text("teach.invitation"), icon=":material/school:")
        return
    if choose_source(page, "teach_shown_by") == "webcam":
        _from_webcam(page, name)
    else:
        _from_clip(page, name)
    st.header(page.text("teach.movements"), anchor=False, divider="gray")
    show_movements(page)


def show_webcam(page: Page, recogniser: Recogniser | None = None, words: str = "") -> bool:
    """Live pictures of one person; whether there are any, for snapshots show no movement."""
    settings, way = choose_settings(page, alone=True), choose_way(page)
    if way.name == "snapshot":
        st.warning(page.text("teach.no_stream"), icon=":material/videocam_off:")
        return False
    if words:
        st.caption(words)
    show_live(page, replace(settings, live=replace(settings.live, recogniser=recogniser)), way)
    return True


def _from_webcam(page: Page, name: str) -> None:
    if not show_webcam(page, words=page.text("teach.record")):
        return
    recorded = recording()
    if recorded is None:
        return
    if not recorded.present.any():
        st.info(page.text("webcam.recording_empty"), icon=":material/person_search:")
        return
    key = hashlib.blake2b(recorded.xy.tobytes(), digest_size=6).hexdigest()
    choose_examples(page, name, Shown(key, None, recorded, recorded.most_seen, f"webcam {key}"))
    st.button(page.text("webcam.forget_recording"), icon=":material/delete:", on_click=forget_recording)


def _from_clip(page: Page, name: str) -> None:
    file = choose_file(page, "teach_clip")
    if file is None or not asked(page, [file], ANALYSIS, ASKED, "teach.look"):
        return
    ((contents, sequence),) = found_in_all(page, [file], ANALYSIS, ASKED)
    person = choose_whom(page, "teach_clip", file, sequence)
    choose_examples(page, name, Shown(file.key, contents, sequence, person, file.name))
