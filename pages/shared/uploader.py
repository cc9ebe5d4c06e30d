"""Files from the visitor's device to the visit's folder.

Ours sends pieces to `service.upload_routes`, takes no memory and goes on after the line broke. Where the app runs
without its own server (`service.server`), Streamlit's uploader stands in, which keeps files in memory.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

import streamlit as st

from pages.shared.page import ASSETS, Page, base_path, plain
from pages.shared.service.brought_files import BroughtFile, Place
from pages.shared.service.server import is_serving, limit_built_in_uploads
from pages.shared.service.upload_routes import PATH, PIECE_BYTES
from pages.shared.visit import visit
from pages.shared.widget_texts import upload_hint
from posecore.errors import WriteError
from posecore.media.atomic_files import written_whole
from posecore.media.kinds import FileKind

PLACES = (
    "photos",
    "clip",
    "compare_first",
    "compare_second",
    "compare_clip",
    "reference",
    "survey",
)  # keys of all places

_FOLDER = ASSETS / "uploader"
_TEXTS = ("waiting", "failed", "gone")


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css, js = ((_FOLDER / f"uploader.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("poselab_uploader", html=html, css=css, js=js)


def bring(
    page: Page, key: str, kinds: tuple[FileKind, ...], most: int = 1, *, folder: bool = False
) -> list[BroughtFile]:
    """The files that the visitor brought to this place; they stay for the visit, over pages.

    Args:
        key: of the place, and under `uploads` in the catalogues of its words.
        kinds: what may come.
        most: files; with more than one, several can be chosen at once.
        folder: whether whole folders are chosen.
    """
    shelf, place = visit().shelf, Place(kinds, most)
    shelf.open_place(key, place)
    if is_serving():
        _show(page, key, place, folder=folder)
    else:
        _show_built_in(page, key, place, folder=folder)
    return shelf.files(key)


def _show(page: Page, key: str, place: Place, *, folder: bool) -> None:
    files = [{"number": f.number, "name": f.name, "size": f.size} for f in visit().shelf.files(key)]
    _component()(
        key=f"upload_{key}_{'folder' if folder else 'files'}",
        data={
            "address": f"{base_path()}{PATH}/{visit().secret}/{key}",
            "piece": PIECE_BYTES,
            "language": page.language,
            "multiple": place.most > 1,
            "folder": folder,
            "most": place.most,
            "files": files,
            "texts": {
                "browse": page.text(f"uploads.{key}"),
                "hint": upload_hint(page.text, key, place.most_megabytes, place.most),
                "too_many": page.text("uploads.too_many", most=place.most, count="{count}"),
                "remove": page.text("uploads.remove", name="{name}"),
                **{name: page.text(f"uploads.{name}") for name in _TEXTS},
            },
        },
        on_files_change=lambda: None,
    )


def _show_built_in(page: Page, key: str, place: Place, *, folder: bool) -> None:
    limit_built_in_uploads()
    widget = f"{key}_files"
    shown = st.file_uploader(
        page.text(f"uploads.{key}"),
        accept_multiple_files="directory" if folder else place.most > 1,
        key=widget,
        on_change=_take_built_in,
        args=(widget, key, place.most),
        label_visibility="collapsed",
    )
    if problem := st.session_state.pop(f"{widget}_problem", None):  # a callback has no place on the page
        raise problem
    files = shown if isinstance(shown, list) else [shown] if shown else []
    st.session_state[f"{widget}_shown"] = {file.file_id for file in files}
    numbers = _numbers(widget)
    here = {numbers[file.file_id] for file in files if file.file_id in numbers}
    # An uploader forgets its files when it leaves the screen.
    if earlier := [file for file in visit().shelf.files(key) if file.number not in here]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(page.text("uploads.earlier", count=len(earlier), name=plain(earlier[0].name)), width="content")
            words, close = page.text("uploads.forget"), ":material/close:"
            st.button(words, icon=close, key=f"{key}_forget", on_click=_forget, args=(key, earlier))


def _numbers(widget: str) -> dict[str, str]:
    """Under which number of the shelf each file of Streamlit's uploader lies."""
    numbers: dict[str, str] = st.session_state.setdefault(f"{widget}_numbers", {})
    return numbers


def _forget(key: str, files: Iterable[BroughtFile]) -> None:
    for file in files:
        visit().shelf.remove(key, file.number)


def _take_built_in(widget: str, key: str, most: int) -> None:
    """Follow what the visitor added to the uploader and took from it."""
    brought = st.session_state[widget]
    files = {file.file_id: file for file in (brought if isinstance(brought, list) else [brought] if brought else [])}
    shelf, numbers = visit().shelf, _numbers(widget)
    for gone in st.session_state[f"{widget}_shown"] - files.keys():
        shelf.remove(key, numbers.pop(gone, ""))
    if most == 1 and files:
        shelf.clear(key)
    try:
        for identity, file in files.items():
            if identity not in numbers:
                numbers[identity] = _kept(file.name, file.getbuffer(), key).number
    except WriteError as error:
        st.session_state[f"{widget}_problem"] = error


def _kept(name: str, data: memoryview, key: str) -> BroughtFile:
    path = visit().folder / f"{key}-{secrets.token_hex(8)}"
    with written_whole(path) as draft:
        draft.write_bytes(data)
    return visit().shelf.put(key, name, path, hashlib.sha256(data).hexdigest())
