"""What the home page says: what PoseLab is, a result at one click, what stays private."""

import streamlit as st

from pages.shared.home.example import show_example
from pages.shared.home.facts import show_facts
from pages.shared.page import ICONS, LANGUAGE_PARAMETER, MENU, Page
from pages.shared.photos.inputs import use_sample

PHOTO_PAGE = MENU["photos"]
SAMPLE = "two_people"
WAYS = ("photos", "webcam", "video", "compare", "teach", "feasibility")
_IN_A_ROW = 3  # in more the names do not fit


def welcome(page: Page) -> None:
    st.markdown(page.text("home.lead"), width=720)
    with st.container(horizontal=True):
        if st.button(page.text("home.try_sample"), type="primary", icon=":material/play_arrow:"):
            use_sample(SAMPLE)
            st.switch_page(PHOTO_PAGE)
        if st.button(page.text("home.own_photos"), icon=":material/upload:"):
            st.session_state["photo_source"] = "upload"
            st.switch_page(PHOTO_PAGE)


def show_ways(page: Page) -> None:
    """A card for every page."""
    st.header(page.text("home.ways_title"), anchor=False)
    columns = [*st.columns(_IN_A_ROW), *st.columns(_IN_A_ROW)]
    for column, name in zip(columns, WAYS, strict=True):
        with column.container(border=True, height="stretch"):
            st.page_link(
                MENU[name],
                label=f"**{page.text(f'menu.{name}')}**",
                icon=ICONS[name],
                query_params={LANGUAGE_PARAMETER: page.language},
            )
            st.markdown(page.text(f"home.way_{name}"))


def explain_privacy(page: Page) -> None:
    st.header(page.text("home.private_title"), anchor=False)
    icons = {"local": ":material/home_pin:", "offline": ":material/wifi_off:", "proof": ":material/verified_user:"}
    for column, (key, icon) in zip(st.columns(3), icons.items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{icon} {page.text(f'home.private_{key}_title')}**")
            st.markdown(page.text(f"home.private_{key}"))


def show(page: Page) -> None:
    """All of it."""
    welcome(page)
    show_example(page)
    show_ways(page)
    explain_privacy(page)
    show_facts(page)
