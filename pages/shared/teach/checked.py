"""How well it is recognised: by leaving examples out, with what is mixed up and what would help."""

from __future__ import annotations

import streamlit as st

from pages.shared.page import Page
from pages.shared.plots import show_chart
from pages.shared.teach.taught import checked, teaching
from posecore.recognise.words import check_words
from posecore.visuals.teaching_charts import confusion_chart


def show_check(page: Page) -> None:
    """Accuracy, matrix, and sentences."""
    found = checked(page)
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(horizontal=True, gap="large", key="teach_numbers"):
            st.metric(page.text("teach.accuracy"), f"{found.accuracy:.0%}", width="content")
            if found.clip_accuracy is not None:
                st.metric(page.text("teach.clip_accuracy"), f"{found.clip_accuracy:.0%}", width="content")
        first, *others = check_words(found, teaching(), page.language)
        st.markdown(first)
        for sentence in others:
            st.warning(sentence, icon=":material/lightbulb:")
        st.caption(page.text("teach.check_note"))
    with right:
        st.markdown(f"**{page.text('teach.matrix')}**")
        show_chart(confusion_chart(found, language=page.language), "teach_confusion", page.text("teach.matrix_alt"))
