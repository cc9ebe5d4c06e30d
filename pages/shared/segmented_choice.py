"""One of several ways, all of them in sight; lasts for the visit."""

from collections.abc import Mapping

import streamlit as st


def choose_one(
    label: str, options: Mapping[str, str], key: str, *, label_shown: bool = False, first: str | None = None
) -> str:
    """Which of the options, each with its words; `first`, or that which stands first, until another one is chosen."""
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        default=None if key in st.session_state else first or next(iter(options)),  # not besides what the state holds
        required=True,
        key=key,
        persist_state="session",
        label_visibility="visible" if label_shown else "collapsed",
    )
    return str(chosen)
