"""The ways a photo comes in: upload, camera, sample."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages.shared.page import ROOT, Page
from pages.shared.photos.visit_photos import Photo
from pages.shared.segmented_choice import choose_one
from pages.shared.service.server import is_serving
from pages.shared.uploader import bring
from pages.shared.visit import visit
from posecore.limits import VISIT_LIMITS
from posecore.media.atomic_files import written_whole

SAMPLES = {"two_people": "two_people.jpg", "balance": "balance.jpg", "astronaut": "astronaut.png"}
SOURCES = {
    "upload": ":material/upload:",
    "camera": ":material/photo_camera:",
    "sample": ":material/collections:",
    "device": ":material/devices:",
}


def choose_source(page: Page) -> str:
    """Where photos come from: one of `SOURCES`; "device" are those that stay there."""
    there = [name for name in SOURCES if is_serving() or name != "device"]
    sources = {name: f"{SOURCES[name]} {page.text(f'photos.from_{name}')}" for name in there}
    return choose_one(page.text("photos.source"), sources, "photo_source")


def choose_photos(page: Page, source: str) -> list[Photo]:
    """The photos that the visitor brought, in their order."""
    if source == "camera":
        return take_snapshot(page)
    if source == "sample":
        return _sample(page)
    return _uploads(page)


def _uploads(page: Page) -> list[Photo]:
    """What was uploaded in this visit."""
    files = bring(page, "photos", ("picture",), VISIT_LIMITS.photos)
    if len(files) > VISIT_LIMITS.photos:
        st.warning(page.text("photos.too_many", most=VISIT_LIMITS.photos), icon=":material/filter_none:")
    return [Photo(file.name, file.path, file.key) for file in files[: VISIT_LIMITS.photos]]


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
    return [_taken(file.getbuffer())] if file else []


def _taken(data: memoryview) -> Photo:
    """A snapshot, written to the visit's folder."""
    key = hashlib.sha256(data).hexdigest()
    path = visit().folder / f"snapshot-{key}"
    if not path.exists():
        with written_whole(path) as draft:
            draft.write_bytes(data)
    return Photo("snapshot.jpg", path, key)


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
    return Photo(file, ROOT / "samples" / file, file)
