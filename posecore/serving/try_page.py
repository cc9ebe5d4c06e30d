"""A page to try the service on, with nothing in it from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from posecore.detection.models import DEFAULT_MODEL, QUALITIES
from posecore.exercises.exercise_files import exercise_names, load_exercise
from posecore.language import translate

_TEMPLATE = Path(__file__).with_name("try_page.html")
_TEXTS = ("title", "lead", "file", "model", "people", "exercise", "no_exercise", "key", "send", "working", "drawn")
_SCRIPT_TEXTS = ("working", "found", "frames", "repetitions", "unreachable")


def try_page(language: str, *, keyed: bool) -> str:
    """HTML in a language; with a field for the key where one is asked for."""
    words = {name: translate(language, f"service.{name}") for name in (*_TEXTS, *_SCRIPT_TEXTS)}
    models = [(name, translate(language, f"models.{name}")) for name in QUALITIES]
    exercises = [(name, load_exercise(name).title(language)) for name in exercise_names()]
    fields = {
        "language": language,
        "models": _options(models, DEFAULT_MODEL),
        "exercises": _options([("", words["no_exercise"]), *exercises], ""),
        "hidden": "" if keyed else "hidden",
        "script_words": json.dumps({name: words[name] for name in _SCRIPT_TEXTS}).replace("<", "\\u003c"),
        **{f"service.{name}": escape(text) for name, text in words.items()},
    }
    page = _TEMPLATE.read_text("utf-8")
    for name, text in fields.items():
        page = page.replace(f"[[{name}]]", text)
    return page


def _options(choices: Sequence[tuple[str, str]], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in choices
    )
