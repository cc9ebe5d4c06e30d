"""The words inside Streamlit's own widgets, in the visitor's language.

Streamlit 1.67 cannot translate them, so a style sheet hides its words and shows ours. The selectors are guarded by
the browser tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

_UPLOADER = '[data-testid="stFileUploader"]'
_CAMERA = '[data-testid="stCameraInput"]'

# catalogue key under `widgets`: the element whose words it replaces
_REPLACED = {
    "upload": f'{_UPLOADER} [data-testid="stFileUploaderDropzone"] > span button p',
    "upload_hint": f'{_UPLOADER} [data-testid="stFileUploaderDropzoneInstructions"] span',
    "take_photo": f'{_CAMERA} [data-testid="stCameraInputWebcamComponent"] [data-testid="stCameraInputButton"]',
    "retake_photo": f'{_CAMERA} [data-testid="stCameraInputButton"] > span',
    "no_camera": f'{_CAMERA} [data-testid="stCameraInputWebcamComponent"] p',
}
# The same words where an exercise's file is uploaded.
_EXERCISE = ".st-key-own_exercise"
_UPLOADS = {"upload", "upload_hint"}  # have other words on these pages
_OWN_WORDS = {"video": "clip", "feasibility": "survey"}
# A link to pages outside, and tool bars that only know English words.
_HIDDEN = f'{_CAMERA} p a, [data-testid="stElementToolbar"] {{ display: none }}'


def localise_widgets(text: Callable[..., str], page: str) -> None:
    """Show the words of file uploader and camera in the page's language."""
    rules = [_HIDDEN]
    for key, selector in _REPLACED.items():
        own = key in _UPLOADS and page in _OWN_WORDS
        rules += _replaced(selector, text(f"widgets.{key}_{_OWN_WORDS[page]}" if own else f"widgets.{key}"))
    for key in ("upload", "upload_hint"):
        rules += _replaced(f"{_EXERCISE} {_REPLACED[key]}", text(f"widgets.{key}_exercise"))
    st.html(f"<style>{' '.join(rules)}</style>")


def _replaced(selector: str, words: str) -> list[str]:
    content = json.dumps(words, ensure_ascii=False)
    return [
        f"{selector} {{ font-size: 0 !important }}",
        f"{selector}::after {{ content: {content}; font-size: 0.875rem }}",
    ]
