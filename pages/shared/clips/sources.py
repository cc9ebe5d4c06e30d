"""Where a movement comes from: a clip that is brought, a sample, or a PoseLab file; and who in it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.clips.inputs import choose_sample
from pages.shared.clips.movement import is_movement, opened
from pages.shared.clips.progress import found
from pages.shared.clips.visit_clips import VisitClip, brought_clip, recorded_clip, result
from pages.shared.page import Page
from pages.shared.people import choose_number
from pages.shared.segmented_choice import choose_one
from pages.shared.uploader import bring
from posecore.clips.analysis import AnalysisSettings
from posecore.errors import PoseError
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence


def choose_file(page: Page, key: str) -> VisitClip | None:
    """Brought to the place with this key, what the webcam recorded last if there is something, or a sample."""
    recorded = recorded_clip(page.text("clips.recording"))
    ways = ("upload", *(["recording"] if recorded else []), "sample")
    sources, widget = {way: page.text(f"clips.from_{way}") for way in ways}, f"{key}_source"
    if st.session_state.get(widget) not in ways:
        st.session_state.pop(widget, None)  # the recording was forgotten
    source = choose_one(page.text("clips.source"), sources, widget)
    if source == "sample":
        return choose_sample(page, f"{key}_sample")
    if source == "recording":
        return recorded
    files = bring(page, key, ("clip", "movement"))
    return brought_clip(files[-1]) if files else None


def asked(page: Page, files: Sequence[VisitClip], analysis: AnalysisSettings, state: str, words: str) -> bool:
    """Whether all were looked at, or are to be now; else there is a button that asks for it.

    Args:
        state: of the visit, where it is kept that it was asked.
        words: of the button, a key of the catalogues.
    """
    if all(_is_found(file, analysis) for file in files) or st.session_state.get(state):
        return True
    st.button(
        page.text(words),
        type="primary",
        icon=":material/play_arrow:",
        on_click=lambda: st.session_state.update({state: True}),
    )
    return False


def found_in_all(
    page: Page, files: Sequence[VisitClip], analysis: AnalysisSettings, state: str
) -> list[tuple[Clip | None, PoseSequence]]:
    """The clip, if there is one, and who moves in it; how far it is stands there only meanwhile.

    Raises:
        PoseError: nobody is in one, or it cannot be read.
    """
    place, all_found = st.empty(), []
    for file in files:
        with place.container():
            all_found.append(_found_in(page, file, analysis, state))
    place.empty()
    st.session_state[state] = False  # the next clip is asked for anew
    return all_found


def choose_whom(page: Page, key: str, file: VisitClip, sequence: PoseSequence) -> int:
    """Whom of several it is about: whoever is seen most until somebody else is chosen."""
    widget = f"{key}_person_{file.key}"
    if widget not in st.session_state:
        st.session_state[widget] = sequence.most_seen
    return choose_number(page, widget, sequence.people)


def _is_found(file: VisitClip, analysis: AnalysisSettings) -> bool:
    return is_movement(file) or result(file, analysis) is not None


def _found_in(page: Page, file: VisitClip, analysis: AnalysisSettings, state: str) -> tuple[Clip | None, PoseSequence]:
    if is_movement(file):
        contents, sequence = None, opened(file)
    else:
        st.session_state[state] = True  # it is not asked any more once another one is found
        contents, sequence = file.contents, found(page, file, analysis, state)
    if not sequence.present.any():
        raise PoseError("nobody_to_compare")
    return contents, sequence
