"""A row of things to take home.

Our own server makes each on the disk when it is asked for and sends it from there. Without it (see `service.server`)
Streamlit's buttons keep it in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared.page import ASSETS, Page, base_path
from pages.shared.service.brought_files import Offered
from pages.shared.service.file_routes import PATH
from pages.shared.service.server import is_serving
from pages.shared.visit import visit

# File name, MIME type, and what makes the content, or a file that holds it, when it is asked for.
Offer = tuple[str, str, Callable[[], str | bytes | Path]]


_MOST_IN_A_ROW = 4  # with more, all but the primary one stand in a menu
_HTML = '<div class="offers"></div><p role="alert"></p>'


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    css, js = ((ASSETS / f"downloads.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return st.components.v2.component("poselab_downloads", html=_HTML, css=css, js=js)


def show_offers(
    page: Page, offers: Mapping[str, Offer], primary: str | None = None, audiences: Mapping[str, str] | None = None
) -> None:
    """A button for each; the keys name the words under `downloads` in the catalogues.

    `audiences` says whom some of them are for, by the end of the name of a heading there; the others stand before them.
    """
    if not is_serving():
        _show_built_in(page, offers, primary)
        return
    here = visit()
    for kind, (name, mime, make) in offers.items():
        here.shelf.offer(kind, Offered(name, mime, make))
    _component()(
        key=f"downloads_{next(iter(offers))}",
        data={
            "address": f"{base_path()}{PATH}/{here.secret}",
            "language": page.language,
            "menu": page.text("downloads.more") if primary and len(offers) > _MOST_IN_A_ROW else "",
            "busy": page.text("downloads.making"),
            "failed": page.text("downloads.failed"),
            "offers": [
                {
                    "key": kind,
                    "label": page.text(f"downloads.{kind}"),
                    "help": page.text(f"downloads.{kind}_help"),
                    "primary": kind == primary,
                    "audience": page.text(f"downloads.for_{whom}") if (whom := (audiences or {}).get(kind)) else "",
                }
                for kind in offers
            ],
        },
    )


def _show_built_in(page: Page, offers: Mapping[str, Offer], primary: str | None) -> None:
    with st.container(horizontal=True):
        for kind, (name, mime, make) in offers.items():
            st.download_button(
                page.text(f"downloads.{kind}"),
                partial(_content, make),
                name,
                mime,
                key=f"download_{kind}",
                type="primary" if kind == primary else "secondary",
                icon=":material/download:",
                help=page.text(f"downloads.{kind}_help"),
                on_click="ignore",
            )


def _content(make: Callable[[], str | bytes | Path]) -> str | bytes:
    made = make()
    return made.read_bytes() if isinstance(made, Path) else made
