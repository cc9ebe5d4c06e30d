"""The ways a photo comes in: upload, camera, sample."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from pages.shared.page import ROOT, Page
from pages.shared.photos.visit_photos import Photo
from pages.shared.segmented_choice import choose_one

MOST_PHOTOS = 100
SAMPLES = {"two_people": "two_people.jpg", "balance": "balance.jpg", "astronaut": "astronaut.png"}
SOURCES = {"upload": ":material/upload:", "camera": ":material/photo_camera:", "sample": ":material/collections:"}


def choose_photos(page: Page) -> list[Photo]:
    """The photos that the visitor brought, in their order."""
    sources = {name: f"{icon} {page.text(f'photos.from_{name}')}" for name, icon in SOURCES.items()}
    source = choose_one(page.text("photos.source"), sources, "photo_source")
    if source == "camera":
        return take_snapshot(page)
    if source == "sample":
        return _sample(page)
    return _uploads(page)


def _uploads(page: Page) -> list[Photo]:
    """What was uploaded in this visit.

    An uploader forgets its files when it leaves the screen, so they are kept beside it, by their ids.
    """
    uploads: dict[str, Photo] = st.session_state.setdefault("uploads", {})
    files = st.file_uploader(
        page.text("photos.upload_label"),
        accept_multiple_files=True,
        key="photo_files",
        on_change=_take_uploads,
        label_visibility="collapsed",
    )
    st.session_state["uploads_shown"] = {file.file_id for file in files}
    earlier = [key for key in uploads if key not in st.session_state["uploads_shown"]]
    if earlier:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(page.text("photos.earlier", count=len(earlier)), width="content")
            st.button(page.text("photos.forget"), icon=":material/close:", on_click=_forget, args=(earlier,))
    if len(uploads) > MOST_PHOTOS:
        st.warning(page.text("photos.too_many", most=MOST_PHOTOS), icon=":material/filter_none:")
    return list(uploads.values())[:MOST_PHOTOS]


def _take_uploads() -> None:
    """Follow what the visitor added to the uploader and took from it."""
    uploads: dict[str, Photo] = st.session_state["uploads"]
    files = {file.file_id: file for file in st.session_state["photo_files"]}
    _forget(st.session_state["uploads_shown"] - files.keys())
    for key, file in files.items():
        uploads.setdefault(key, Photo(file.name, file.getvalue()))


def _forget(keys: Iterable[str]) -> None:
    for key in keys:
        st.session_state["uploads"].pop(key, None)


def invite(page: Page) -> None:
    """What a visitor without photos sees: what the page does, and samples to click."""
    st.markdown(page.text("photos.invitation"))
    with st.container(key="samples"):
        for column, (name, file) in zip(st.columns(len(SAMPLES)), SAMPLES.items(), strict=True):
            label = page.text(f"samples.{name}")
            with column.container(border=True):
                st.image(str(ROOT / "samples" / file), width="stretch", alt=label)
                st.button(label, key=f"try_{name}", width="stretch", on_click=use_sample, args=(name,))


def use_sample(name: str) -> None:
    """Let the photo page show a sample from the next run on."""
    st.session_state["photo_source"] = "sample"
    st.session_state["photo_sample"] = name


def take_snapshot(page: Page) -> list[Photo]:
    """A picture from the visitor's camera, if one has been taken."""
    columns = st.columns([1, 2, 1])
    with columns[1]:
        file = st.camera_input(
            page.text("photos.camera_label"), key="photo_snapshot", resolution="720p", label_visibility="collapsed"
        )
        if file is None:
            st.caption(page.text("photos.camera_hint"))
    return [Photo("snapshot.jpg", file.getvalue())] if file else []


def _sample(page: Page) -> list[Photo]:
    name = st.pills(
        page.text("photos.sample_label"),
        list(SAMPLES),
        format_func=lambda key: page.text(f"samples.{key}"),
        default=next(iter(SAMPLES)),
        required=True,
        key="photo_sample",
        persist_state="session",
        label_visibility="collapsed",
    )
    return [sample_photo(name)]


def sample_photo(name: str) -> Photo:
    """One of the pictures that come with the app."""
    file = SAMPLES[name]
    return Photo(file, (ROOT / "samples" / file).read_bytes())
