"""Where live pictures are looked at: by the server, in the visitor's own browser, or one by one; and why there."""

from __future__ import annotations

import ipaddress
from typing import Literal, NamedTuple, cast
from urllib.parse import urlsplit

import streamlit as st

from pages.shared.page import Page
from pages.shared.resources import gate
from pages.shared.segmented_choice import choose_one
from pages.shared.service.server import is_serving
from pages.shared.webcam.connection import ice_servers

Name = Literal["server", "browser", "snapshot"]

_ICONS = {
    "auto": ":material/wand_stars:",
    "server": ":material/dns:",
    "browser": ":material/devices:",
    "snapshot": ":material/photo_camera:",
}
_CHOICE, _NO_ROUTE, _UNABLE = "webcam_way", "webcam_no_route", "webcam_browser_unable"
_AT_HOME = {"localhost", ""}


class Way(NamedTuple):
    """Where pictures are looked at, and the end of the name of the sentence that says why it was chosen; "" where the
    visitor chose it."""

    name: Name
    why: str

    @property
    def may_leave(self) -> bool:
        """Whether the server is likely to serve where this browser is slow."""
        return self.why == "hosted"


def choose_way(page: Page) -> Way:
    """As the visitor says, else the first that works: the server, this browser, snapshots."""
    there = [name for name in _ICONS if is_serving() or name in ("server", "snapshot")]
    ways = {name: f"{_ICONS[name]} {page.text(f'webcam.way_{name}')}" for name in there}
    chosen = choose_one(page.text("webcam.way"), ways, _CHOICE)
    way = _by_itself() if chosen == "auto" else Way(cast("Name", chosen), "")
    line = st.empty()  # there in any case, for what stands below would begin anew if it moved up: a stream would end
    if way.why:
        line.caption(page.text(f"webcam.why_{way.why}"))
    return way


def _by_itself() -> Way:
    full = gate().streams >= gate().most and "webcam_stream" not in st.session_state
    hosted = not _is_near() and not ice_servers()
    why = "no_route" if _NO_ROUTE in st.session_state else "full" if full else "hosted" if hosted else ""
    if not why:
        return Way("server", "server")
    if not st.session_state.get(_UNABLE):
        return Way("browser", why)
    name: Name = "snapshot" if why == "no_route" else "server"
    return Way(name, f"unable_{name}")


def give_up_route(*, pressed: bool) -> None:
    """No picture comes through to the server: from now on another way is chosen.

    Args:
        pressed: whether the visitor has pressed start, and waits.
    """
    st.session_state[_NO_ROUTE] = pressed


def can_give_up() -> bool:
    """Whether there is another way that the visitor left to us."""
    return is_serving() and st.session_state.get(_CHOICE, "auto") == "auto" and not st.session_state.get(_UNABLE)


def pressed_in_vain() -> bool:
    """Whether the visitor has pressed start where no picture came through."""
    return bool(st.session_state.get(_NO_ROUTE))


def note_unable() -> None:
    """This browser cannot look at pictures itself, or not fast enough."""
    st.session_state[_UNABLE] = True


def choose_snapshots() -> None:
    """Single pictures from now on."""
    st.session_state[_CHOICE] = "snapshot"


def _is_near() -> bool:
    """Whether the page was opened on this machine or in its network, where pictures usually find their way."""
    host = urlsplit(str(st.context.url or "")).hostname or ""
    if host in _AT_HOME:
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith(".local")
