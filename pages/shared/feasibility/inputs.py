"""The files of a survey: uploaded one by one, as a folder or as a ZIP, or samples; kept for the visit."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

import streamlit as st

from pages.shared.clips.visit_clips import taken_in
from pages.shared.page import Page
from pages.shared.photos.inputs import SAMPLES, sample_photo
from pages.shared.segmented_choice import choose_one
from posecore.errors import PoseError
from posecore.feasibility.picture_survey import Picture, clip_pictures
from posecore.media.picture_files import SUFFIXES, Frame, decoded_image
from posecore.media.zip_files import unpack

CLIP_SUFFIXES = ("mp4", "mov", "m4v", "mkv", "webm", "avi", "ts", "mts")
MOST_PICTURES = 100
_SOURCES = {"files": ":material/upload_file:", "folder": ":material/folder_open:", "samples": ":material/collections:"}


@dataclass(frozen=True)
class SurveyFile:
    """A file as its owner calls it."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower().removeprefix(".")


def choose_files(page: Page) -> list[SurveyFile]:
    """What the visitor brought."""
    sources = {name: f"{icon} {page.text(f'feasibility.from_{name}')}" for name, icon in _SOURCES.items()}
    source = choose_one(page.text("feasibility.source"), sources, "survey_source")
    if source == "samples":
        photos = [sample_photo(name) for name in SAMPLES]
        return [SurveyFile(photo.name, photo.data) for photo in photos]
    kept: list[SurveyFile] = st.session_state.setdefault("survey_brought", [])
    shown = st.file_uploader(
        page.text("feasibility.upload_label"),
        accept_multiple_files="directory" if source == "folder" else True,
        key=f"survey_{source}",
        on_change=_take,
        args=(f"survey_{source}",),
        label_visibility="collapsed",
    )
    if kept and not shown:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(page.text("feasibility.earlier", count=len(kept)), width="content")
            st.button(page.text("photos.forget"), icon=":material/close:", key="survey_forget", on_click=_forget)
    return kept


def _take(key: str) -> None:
    """An uploader forgets its files when it leaves the screen, so they are kept beside it."""
    files = st.session_state[key]
    if files:
        st.session_state["survey_brought"] = [SurveyFile(file.name, file.getvalue()) for file in files]


def _forget() -> None:
    st.session_state["survey_brought"] = []


def to_pictures(files: Iterable[SurveyFile]) -> list[Picture]:
    """Photos, frames of clips, and what is in archives, up to one more than is allowed."""
    pictures: list[Picture] = []
    for file in files:
        try:
            for one in _unpacked(file):
                pictures += _pictures(one)
                if len(pictures) > MOST_PICTURES:
                    return pictures
        except PoseError as error:
            pictures.append(Picture(file.name, partial(_refuse, error)))
    return pictures


def _unpacked(file: SurveyFile) -> Iterable[SurveyFile]:
    if file.suffix != "zip":
        return [file]
    inside = unpack(file.data, (*SUFFIXES, *CLIP_SUFFIXES), MOST_PICTURES + 1)
    return (SurveyFile(name, data) for name, data in inside)


def _pictures(file: SurveyFile) -> list[Picture]:
    if file.suffix not in CLIP_SUFFIXES:
        return [Picture(file.name, partial(decoded_image, file.data))]
    try:
        return clip_pictures(file.name, taken_in(file.name, file.data).contents)
    except PoseError as error:
        return [Picture(file.name, partial(_refuse, error))]


def _refuse(error: PoseError) -> AbstractContextManager[Frame]:
    raise error
