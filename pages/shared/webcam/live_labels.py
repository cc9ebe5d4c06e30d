"""What is recognised live, of what was taught."""

from __future__ import annotations

import streamlit as st

from pages.shared.live_words import label_words
from pages.shared.page import Page, plain
from posecore.live.labelling import Labelled


def show_labels(page: Page, labelled: Labelled) -> None:
    """What is done now, and how often each was done."""
    words = label_words(labelled, page.language)
    st.metric(page.text("teach.now"), plain(words.name))
    st.caption(words.sure or " ")
    with st.container(horizontal=True, gap="large", key="label_counts"):
        for name, count in words.counts:
            st.metric(plain(name), count, width="content")
