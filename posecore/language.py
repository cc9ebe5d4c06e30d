"""Every sentence that a person reads, in English and Chinese, from one catalogue a language.

The catalogues are posecore/catalogues/*.toml. Keys are dotted paths; `{name}` stands for a value.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = {"en": "English", "zh": "中文"}
DEFAULT = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by dotted key."""
    text = (files("posecore") / "catalogues" / f"{language}.toml").read_text("utf-8")
    return _flat(tomllib.loads(text))


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            texts.update(_flat(value, f"{prefix}{key}."))
        else:
            texts[prefix + key] = value
    return texts


def translate(language: str, key: str, /, **values: object) -> str:
    """The text of `key` with its values filled in.

    With a value `count` of exactly 1 the key `<key>_one` is used if there is one.

    Raises:
        KeyError: no such key or language; a test keeps the catalogues complete.
    """
    texts = catalogue(language)
    if values.get("count") == 1:
        key = f"{key}_one" if f"{key}_one" in texts else key
    return texts[key].format(**values) if values else texts[key]


def language_for(locale: str | None) -> str:
    """The language that serves a browser's locale such as "zh-CN" best."""
    code = (locale or DEFAULT).replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT
