"""What every page has: its title, the menu and the choice of language."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from structlog.contextvars import bind_contextvars

from pages.shared.visit import visit
from pages.shared.widget_texts import localise_widgets
from posecore.errors import PoseError
from posecore.language import LANGUAGES, language_for, translate
from posecore.media.atomic_files import disk_is_full
from posecore.serving.log import log
from posecore.serving.metrics import failed

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
MENU = {
    "home": "app.py",
    "photos": "pages/image.py",
    "webcam": "pages/webcam.py",
    "video": "pages/video.py",
    "compare": "pages/compare.py",
    "teach": "pages/teach.py",
    "feasibility": "pages/feasibility.py",
}
ICONS = {
    "home": ":material/home:",
    "photos": ":material/image:",
    "webcam": ":material/videocam:",
    "video": ":material/movie:",
    "compare": ":material/compare:",
    "teach": ":material/school:",
    "feasibility": ":material/speed:",
}
LANGUAGE_PARAMETER = "lang"


@dataclass(frozen=True)
class Page:
    """What a page needs to speak and where its settings go."""

    text: Callable[..., str]
    language: str
    settings: DeltaGenerator


def run_page(name: str, show: Callable[[Page], None]) -> None:
    """Show the page that the menu calls `name`; what nobody foresaw ends in a sentence and the log."""
    bind_contextvars(visit=visit().number)
    page = _open_page(name)
    try:
        show(page)
    except PoseError as error:
        st.error(error.message(page.language), icon=":material/error:")
    except Exception as error:  # noqa: BLE001  (a visitor must never read a traceback)
        failed(None)
        log.exception("page failed", page=name)
        words = "errors.disk_full" if disk_is_full(error) else "errors.unexpected"
        st.error(page.text(words), icon=":material/error:")


def _open_page(name: str) -> Page:
    """Begin a page: page config, style, menu, language, title."""
    st.set_page_config(page_title="PoseLab", page_icon=str(ASSETS / "logo.svg"), layout="wide")
    menu, settings = st.sidebar.container(), st.sidebar.container()
    language = _choose_language(st.sidebar.container())
    text = partial(translate, language)
    with menu:
        st.html(f'<div class="brand"><img src="{_logo()}" alt=""><span>PoseLab</span></div>')
        address = {LANGUAGE_PARAMETER: language}
        for key, page in MENU.items():
            st.page_link(page, label=text(f"menu.{key}"), icon=ICONS[key], width="stretch", query_params=address)
    st.html(ASSETS / "style.css")
    localise_widgets(text, name)
    st.title(text(f"titles.{name}"), anchor=False)
    return Page(text, language, settings)


def _choose_language(place: DeltaGenerator) -> str:
    """The browser's language until the visitor chooses; the address carries it, so it survives a reload."""
    if "visitor_language" not in st.session_state:
        asked = st.query_params.get(LANGUAGE_PARAMETER)
        st.session_state["visitor_language"] = asked if asked in LANGUAGES else language_for(st.context.locale)
    language = str(st.session_state["visitor_language"])
    st.session_state["language"] = language  # a widget's own state ends with its page
    place.segmented_control(
        "Language / 语言",
        list(LANGUAGES),
        format_func=lambda key: f" {LANGUAGES[key]}",  # the space spares Streamlit a search for emojis, 65 ms
        required=True,
        key="language",
        on_change=_keep_language,
        label_visibility="collapsed",
    )
    st.query_params[LANGUAGE_PARAMETER] = language
    return language


def _keep_language() -> None:
    st.session_state["visitor_language"] = st.session_state["language"]


def kept(name: str, default: str) -> str:
    """A choice as the visitor last made it.

    Radio buttons and select boxes send their words, so they need a key a language; their choice is kept beside them.
    """
    return str(st.session_state.get(f"kept_{name}", default))


def keep(name: str, value: str) -> None:
    """Keep a choice for the visit, over languages and pages."""
    st.session_state[f"kept_{name}"] = value


def base_path() -> str:
    """What stands before all addresses of the app, where it does not begin at the top."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def plain(words: str) -> str:
    """Words that are not ours, such as a file's name, so that Markdown shows them as they are."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])", r"\\\1", words)


@cache
def _logo() -> str:
    return "data:image/svg+xml;base64," + base64.b64encode((ASSETS / "logo.svg").read_bytes()).decode()
