"""What all visitors share."""

from __future__ import annotations

import ctypes
import platform

import streamlit as st

from posecore.detector import ImageDetector
from posecore.workers import Workers

_M_ARENA_MAX = -8  # in glibc's malloc.h


@st.cache_resource(show_spinner=False, on_release=ImageDetector.close)
def image_detector() -> ImageDetector:
    """The one detector for pictures; it serves many threads at once."""
    _share_heaps()
    return ImageDetector()


@st.cache_resource(show_spinner=False, on_release=Workers.close)
def workers() -> Workers:
    """The processes that work on everybody's clips, in turn."""
    return Workers()


def _share_heaps() -> None:
    """Let all threads use two heaps.

    glibc gives each its own, and what one has freed stays there: 60 MB more after three visits with 90 photos each.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
