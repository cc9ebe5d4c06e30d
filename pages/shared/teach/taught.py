"""What this visit teaches, and what was learnt from it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from pages.shared.downloads import show_offers
from pages.shared.page import Page
from pages.shared.resources import reading, workers
from pages.shared.uploader import bring
from pages.shared.visit import visit
from posecore.errors import PoseError, TeachError
from posecore.recognise.checking import Check, check
from posecore.recognise.recogniser import Recogniser, train
from posecore.recognise.taught_files import SUFFIX, read_taught, write_taught
from posecore.recognise.teaching import Teaching
from posecore.serving.metrics import step

_TEACHING, _CHECKED, _LEARNT, _LOADED = "teaching", "teaching_checked", "teaching_learnt", "teaching_loaded"
_PLACE = "taught"
MIMETYPE = "application/zip"


def teaching() -> Teaching:
    """As it is now."""
    known: Teaching = st.session_state.setdefault(_TEACHING, Teaching())
    return known


def keep(changed: Teaching) -> None:
    """From now on it is this one."""
    st.session_state[_TEACHING] = changed


def is_enough() -> bool:
    """Whether something can be learnt."""
    try:
        teaching().check_enough()
    except TeachError:
        return False
    return True


def checked(page: Page) -> Check:
    """How well all that is taught now is recognised: looked for once, in a process of its own."""
    now = teaching()
    known: tuple[Teaching, Check] | None = st.session_state.get(_CHECKED)
    if known is None or known[0] is not now:
        with st.spinner(page.text("teach.learning")), step("teach", movements=len(now.movements)):
            known = now, workers().lane(visit().secret).submit(check, now).result()
        st.session_state[_CHECKED] = known
    return known[1]


def recogniser(page: Page) -> Recogniser:
    """Of all that is taught now, for live pictures: learnt here, for a worker may not hand over what it has learnt."""
    now = teaching()
    known: tuple[Teaching, Recogniser] | None = st.session_state.get(_LEARNT)
    if known is None or known[0] is not now:
        with st.spinner(page.text("teach.learning")):
            st.session_state[_LEARNT] = known = now, train(now)
    return known[1]


def load_and_keep(page: Page) -> None:
    """A file that was kept earlier, and a file of what is taught now."""
    with page.settings:
        st.header(page.text("teach.file"), anchor=False, divider="gray")
        files = bring(page, _PLACE, ("taught",))
        if files and st.session_state.get(_LOADED) != files[-1].key:
            _load(page, files[-1].path, files[-1].key)
        now = teaching()
        if any(one.examples for one in now.movements):
            write = partial(_written, now, visit().folder / f"teaching{SUFFIX}")
            show_offers(page, {"taught_file": (f"movements{SUFFIX}", MIMETYPE, write)})


def _load(page: Page, path: Path, key: str) -> None:
    try:
        keep(reading()[1].submit(read_taught, path).result())
    except PoseError as error:
        st.error(error.message(page.language), icon=":material/error:")
        return
    st.session_state[_LOADED] = key


def _written(now: Teaching, path: Path) -> Path:
    write_taught(now, path)
    return path
