"""Plotly figures on a page."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from posecore.palette import ACCENT, ACCENT_ON_DARK, INK_SOFT

# What the bar over a chart may hold; its words are English, and most of its tools are for engineers.
_ALL_BUT_CAMERA = [
    *("zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"),
    *("hoverClosestCartesian", "hoverCompareCartesian", "toggleSpikelines"),
]


def show_chart(figure: go.Figure, key: str, alt: str, *, height: int | None = None, camera: bool = False) -> None:
    """A chart in the page's theme; `alt` says in words what it shows; with a `camera` it can be saved as PNG."""
    if height:
        figure.update_layout(height=height)
    if st.context.theme.type != "dark":  # Streamlit's grey for light pages is too pale to read (3.7 to 1)
        figure.update_xaxes(tickfont_color=INK_SOFT, title_font_color=INK_SOFT)
        figure.update_yaxes(tickfont_color=INK_SOFT, title_font_color=INK_SOFT)
        figure.update_annotations(font_color=INK_SOFT)
        figure.update_traces(textfont_color=INK_SOFT, selector={"type": "bar"})
    else:  # where the accent of light pages cannot be told from the ground
        figure.update_traces(line_color=ACCENT_ON_DARK, selector={"line.color": ACCENT})
        figure.update_shapes(fillcolor=ACCENT_ON_DARK, opacity=0.2, selector={"fillcolor": ACCENT})
    config = {
        "displayModeBar": camera,
        "displaylogo": False,
        "modeBarButtonsToRemove": _ALL_BUT_CAMERA,
        "toImageButtonOptions": {"filename": key, "scale": 2},
    }
    st.plotly_chart(figure, key=key, alt=alt, config=config)
