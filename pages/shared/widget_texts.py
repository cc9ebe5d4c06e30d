"""The words inside Streamlit's own widgets, in the visitor's language.

Streamlit 1.67 cannot translate them, so a style sheet hides its words and shows ours. The selectors are guarded by
the browser tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from posecore.limits import CLIP_LIMITS, EXERCISE_LIMITS, VISIT_LIMITS
from posecore.media.kinds import FileKind, most_megabytes
from posecore.serving.shares import most_megabytes_in_memory

_UPLOADER = '[data-testid="stFileUploader"]'
_CAMERA = '[data-testid="stCameraInput"]'

_BUTTON = '[data-testid="stFileUploaderDropzone"] > span button p'
_HINT = '[data-testid="stFileUploaderDropzoneInstructions"] span'
# Catalogue key under `widgets`: the element whose words it replaces.
_CAMERA_WORDS = {
    "take_photo": f'{_CAMERA} [data-testid="stCameraInputWebcamComponent"] [data-testid="stCameraInputButton"]',
    "retake_photo": f'{_CAMERA} [data-testid="stCameraInputButton"] > span',
    "no_camera": f'{_CAMERA} [data-testid="stCameraInputWebcamComponent"] p',
}
# What is brought on a page; an exercise's file everywhere.
_UPLOADS = {
    "home": "photos",
    "photos": "photos",
    "webcam": "photos",
    "video": "clip",
    "compare": "clip",
    "teach": "clip",
    "feasibility": "survey",
}
_LARGEST: dict[str, FileKind] = {"photos": "picture", "clip": "clip", "survey": "archive"}
_EXERCISE = ".st-key-own_exercise"
# A link to pages outside, and tool bars that only know English words.
_HIDDEN = f'{_CAMERA} p a, [data-testid="stElementToolbar"] {{ display: none }}'


def upload_hint(text: Callable[..., str], kind: str, megabytes: int, most: int) -> str:
    """What may be brought and the limits that hold; `kind` is a key under `uploads` in the catalogues."""
    limits = {"minutes": CLIP_LIMITS.minutes, "kilobytes": EXERCISE_LIMITS.kilobytes}
    return text(f"uploads.{kind}_hint", megabytes=megabytes, most=most, **limits)


def localise_widgets(text: Callable[..., str], page: str) -> None:
    """Show the words of file uploader and camera in the page's language."""
    rules = [_HIDDEN]
    for key, selector in _CAMERA_WORDS.items():
        rules += _replaced(selector, text(f"widgets.{key}"))
    for kind, within in ((_UPLOADS[page], _UPLOADER), ("exercise", f"{_EXERCISE} {_UPLOADER}")):
        rules += _replaced(f"{within} {_BUTTON}", text(f"uploads.{kind}"))
        megabytes = min(most_megabytes(_LARGEST.get(kind, "clip")), most_megabytes_in_memory())
        hint = upload_hint(text, kind, megabytes, VISIT_LIMITS.photos)
        rules += _replaced(f"{within} {_HINT}", hint)
    st.html(f"<style>{' '.join(rules)}</style>")


def _replaced(selector: str, words: str) -> list[str]:
    content = json.dumps(words, ensure_ascii=False)
    return [
        f"{selector} {{ font-size: 0 !important }}",
        f"{selector}::after {{ content: {content}; font-size: 0.875rem }}",
    ]
