"""A reference that is followed, as it stands."""

from __future__ import annotations

import streamlit as st

from pages.shared.live_words import follow_words
from pages.shared.page import Page, plain
from posecore.live.following import Followed


def show_following(page: Page, followed: Followed) -> None:
    """What to do now, how alike the newest round and the best were, and what differed most."""
    words = follow_words(followed, page.language)
    st.markdown(f"**{plain(followed.reference.name)}**")
    st.info(words.now, icon=":material/directions_run:")
    with st.container(horizontal=True, gap="large", key="follow_numbers"):
        st.metric(page.text("follow.alike"), words.newest, width="content")
        st.metric(page.text("follow.best"), words.best, width="content")
    if words.remark:
        st.caption(words.remark)
