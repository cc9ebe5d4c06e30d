"""Whoever was found, to be chosen by a press on them in the picture or on their portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime import get_instance

from pages.shared.page import ASSETS, Page
from posecore.media.picture_files import Frame, encode_image, jpeg_address
from posecore.pose import FloatArray

_FOLDER = ASSETS / "people"


@dataclass(frozen=True)
class Pressable:
    """A picture in which people can be pressed.

    Attributes:
        frame: (H, W, 3) with what is drawn on it.
        boxes: (P, 4) of the people, left, top, right, bottom in parts of the picture; NaN for those not in it.
    """

    frame: Frame
    alt: str
    boxes: FloatArray


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css, js = ((_FOLDER / f"people.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("poselab_people", html=html, css=css, js=js)


def chosen_person(key: str, people: int) -> int:
    """Who of so many is chosen, from 0; the first until somebody else is."""
    chosen = int(st.session_state.get(_name(key), 0))
    return chosen if chosen < people else 0


def choose_from_now_on(key: str, person: int) -> None:
    """Choose somebody in a callback, before the page is drawn."""
    st.session_state[_name(key)] = person


def offer_people(
    page: Page, key: str, portraits: Sequence[bytes], notes: Sequence[str], picture: Pressable | None = None
) -> None:
    """The portraits, JPEG, in a row with a note each, below the picture if there is one."""

    def take() -> None:
        choose_from_now_on(key, int(st.session_state[widget].person))

    widget = f"people_{key}"
    _component()(
        key=widget,
        data={
            "picture": _address(picture.frame, widget) if picture else None,
            "alt": picture.alt if picture else "",
            "boxes": [_box(box) for box in picture.boxes.tolist()] if picture else [],
            "people": [
                {
                    "src": jpeg_address(portrait),
                    "number": str(number),
                    "note": note,
                    "name": page.text("people.portrait", number=number, note=note).strip(" ·"),
                }
                for number, (portrait, note) in enumerate(zip(portraits, notes, strict=True), 1)
            ],
            "chosen": chosen_person(key, len(portraits)),
            "label": page.text("people.choose"),
        },
        on_person_change=take,
    )


def _name(key: str) -> str:
    return f"person_of_{key}"


def _box(box: list[float]) -> list[float] | None:
    return box if np.isfinite(box).all() else None


def _address(frame: Frame, coordinates: str) -> str:
    """Where the browser gets the picture from."""
    return str(get_instance().media_file_mgr.add(encode_image(frame, "jpg", 90), "image/jpeg", coordinates))


def choose_number(page: Page, key: str, people: int) -> int:
    """Whose curves and numbers are shown, of those who have been followed; nothing to choose where it is one."""
    if people < 2:
        return 0
    chosen = st.pills(
        page.text("people.column"),
        range(people),
        format_func=lambda number: person_name(page, number),
        default=min(chosen_number(key), people - 1),
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return int(chosen or 0)


def chosen_number(key: str) -> int:
    """Who was chosen at the last look, from 0."""
    return int(st.session_state.get(key) or 0)


def person_name(page: Page, number: int) -> str:
    """How one of the people is called, from 0."""
    return f"{page.text('people.column')} {number + 1}"
