"""What whoever runs the app has set."""

from __future__ import annotations

import os

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError


def setting(name: str) -> str:
    """From the environment, or else from Streamlit's secrets; empty where there is none."""
    if name in os.environ:
        return os.environ[name]
    try:
        return str(st.secrets.get(name, ""))
    except StreamlitSecretNotFoundError:
        return ""
