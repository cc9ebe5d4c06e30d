"""A row of things to take home."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.shared.page import Page

# File name, MIME type, and what makes the content when it is asked for.
Offer = tuple[str, str, Callable[[], str | bytes]]


def show_offers(page: Page, offers: Mapping[str, Offer], primary: str | None = None) -> None:
    """A button for each; the keys name the words under `downloads` in the catalogues."""
    with st.container(horizontal=True):
        for kind, (name, mime, make) in offers.items():
            st.download_button(
                page.text(f"downloads.{kind}"),
                make,
                name,
                mime,
                key=f"download_{kind}",
                type="primary" if kind == primary else "secondary",
                icon=":material/download:",
                help=page.text(f"downloads.{kind}_help"),
                on_click="ignore",
            )
