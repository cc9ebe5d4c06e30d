"""Plotly figures on a page."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from posecore.palette import INK_SOFT


def show_chart(figure: go.Figure, key: str, alt: str, *, height: int | None = None) -> None:
    """A chart in the page's theme; `alt` says in words what it shows."""
    if height:
        figure.update_layout(height=height)
    if st.context.theme.type != "dark":  # Streamlit's grey for light pages is too pale to read (3.7 to 1)
        figure.update_xaxes(tickfont_color=INK_SOFT, title_font_color=INK_SOFT)
        figure.update_yaxes(tickfont_color=INK_SOFT, title_font_color=INK_SOFT)
        figure.update_traces(textfont_color=INK_SOFT, selector={"type": "bar"})
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})
