"""The reference that is followed on the webcam: chosen where movements are compared, or brought as a file."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared.clips.movement import opened
from pages.shared.clips.visit_clips import brought_clip
from pages.shared.compare.sides import Beside
from pages.shared.page import MENU, Page, plain
from pages.shared.uploader import bring
from pages.shared.visit import visit
from posecore.errors import PoseError
from posecore.live.following import Reference

_PLACE = "reference"
_CHOSEN = "followed_reference"  # with the key of its file


def choose_reference(page: Page) -> Reference | None:
    """What is followed; None while nothing is."""
    known: tuple[str, Reference] | None = st.session_state.get(_CHOSEN)
    with st.expander(page.text("follow.title"), icon=":material/directions_run:", expanded=known is not None):
        files = bring(page, _PLACE, ("movement",))
        if files and (known is None or known[0] != files[-1].key):
            known = _brought(page, files[-1].key)
        if known:
            seconds = page.text("clips.seconds", seconds=f"{known[1].duration:.1f}")
            st.markdown(f"**{plain(known[1].name)}** · {seconds}")
            st.button(page.text("follow.end"), icon=":material/close:", on_click=_forget)
        else:
            st.caption(page.text("follow.help"))
    return known[1] if known else None


def _brought(page: Page, key: str) -> tuple[str, Reference] | None:
    (file,) = (one for one in visit().shelf.files(_PLACE) if one.key == key)
    try:
        sequence = opened(brought_clip(file))
        chosen = key, Reference.of(Path(file.name).stem, sequence, sequence.most_seen)
    except PoseError as error:
        st.error(error.message(page.language), icon=":material/error:")
        return None
    st.session_state[_CHOSEN] = chosen
    return chosen


def _forget() -> None:
    visit().shelf.clear(_PLACE)
    st.session_state.pop(_CHOSEN, None)


def offer_following(page: Page, side: Beside) -> None:
    """A button to the webcam, with this movement to follow."""
    if st.button(page.text("follow.open"), icon=":material/directions_run:"):
        visit().shelf.clear(_PLACE)
        st.session_state[_CHOSEN] = "", Reference.of(Path(side.file.name).stem, side.sequence, side.person)
        st.switch_page(MENU["webcam"])
