"""What every page has: its title, the menu and the choice of language."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared.widget_texts import localise_widgets
from posecore.language import LANGUAGES, language_for, translate

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
MENU = {"home": "app.py", "photos": "pages/image.py"}
ICONS = {"home": ":material/home:", "photos": ":material/image:"}


@dataclass(frozen=True)
class Page:
    """What a page needs to speak and where its settings go."""

    text: Callable[..., str]
    language: str
    settings: DeltaGenerator


def open_page(name: str) -> Page:
    """Begin the page that the menu calls `name`: page config, style, menu, language."""
    st.set_page_config(page_title="PoseLab", page_icon=str(ASSETS / "logo.svg"), layout="wide")
    menu, settings = st.sidebar.container(), st.sidebar.container()
    language = _choose_language(st.sidebar.container())
    text = partial(translate, language)
    with menu:
        st.html(f'<div class="brand"><img src="{_logo()}" alt=""><span>PoseLab</span></div>')
        for key, page in MENU.items():
            st.page_link(page, label=text(f"menu.{key}"), icon=ICONS[key], width="stretch")
    st.html(ASSETS / "style.css")
    localise_widgets(text)
    st.title(text(f"titles.{name}"), anchor=False)
    return Page(text, language, settings)


def _choose_language(place: DeltaGenerator) -> str:
    chosen = place.segmented_control(
        "Language / 语言",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        default=language_for(st.context.locale),
        required=True,
        key="language",
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(chosen)


@cache
def _logo() -> str:
    return "data:image/svg+xml;base64," + base64.b64encode((ASSETS / "logo.svg").read_bytes()).decode()
