"""Tables of TOML files from strangers: every value is checked, every error names its line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from posecore.errors import ExerciseError
from posecore.language import DEFAULT, LANGUAGES

_MOST_ENTRIES = 50

_Path = tuple[str | int, ...]


def _lines_of(text: str) -> dict[_Path, int]:
    """In which line each table and key stands; tomllib does not say."""
    lines: dict[_Path, int] = {}
    counts: dict[_Path, int] = {}
    here: _Path = ()

    def newest(parts: list[str]) -> _Path:
        """A key behind an array of tables means the newest of them."""
        path: _Path = ()
        for part in parts:
            path = (*path, part)
            path = (*path, counts[path] - 1) if path in counts else path
        return path

    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            *before, last = found[2].split(".")
            here = (*newest(before), last)
            if found[1] == "[[":
                counts[here] = counts.get(here, 0) + 1
                here = (*here, counts[here] - 1)
            lines.setdefault(here, number)
        elif found := re.match(r"\s*\"?([\w-]+)\"?\s*[=.]", line):
            lines.setdefault((*here, found[1]), number)
    return lines


class TomlTable:
    """A table of an exercise file that knows where it stands; every key may be asked for once, then none is left."""

    def __init__(self, values: Mapping[str, Any], lines: Mapping[_Path, int], path: _Path) -> None:
        self._left = dict(values)
        self._asked: list[str] = []
        self._lines, self._path = lines, path

    @classmethod
    def of(cls, values: Mapping[str, Any], text: str) -> TomlTable:
        """The whole of a file with this text."""
        return cls(values, _lines_of(text), ())

    def error(self, code: str, key: str, **values: object) -> ExerciseError:
        """The error about a key, with its line."""
        path = (*self._path, key)
        while path and path not in self._lines:
            path = path[:-1]
        return ExerciseError(code, line=self._lines.get(path, 1), key=key, **values)

    def has(self, key: str) -> bool:
        """Whether the key is there and was not asked for yet."""
        return key in self._left

    def done(self) -> None:
        """Raise if there is a key that means nothing."""
        for key in self._left:
            raise self.error("exercise_unknown_key", key, known=", ".join(self._asked))

    def _take(self, key: str) -> Any:
        self._asked.append(key)
        return self._left.pop(key, None)

    def _needed(self, key: str) -> Any:
        value = self._take(key)
        if value is None:
            raise self.error("exercise_missing", key)
        return value

    def table(self, key: str) -> TomlTable:
        """The table behind a key."""
        value = self._needed(key)
        if not isinstance(value, dict):
            raise self.error("exercise_table", key)
        return TomlTable(value, self._lines, (*self._path, key))

    def tables(self, key: str) -> list[TomlTable]:
        """The tables behind a key, none where it is missing."""
        value = self._take(key)
        value = [] if value is None else value
        if not isinstance(value, list) or len(value) > _MOST_ENTRIES or not all(isinstance(v, dict) for v in value):
            raise self.error("exercise_tables", key, most=_MOST_ENTRIES)
        return [TomlTable(entry, self._lines, (*self._path, key, number)) for number, entry in enumerate(value)]

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of several words."""
        value = self._needed(key) if default is None else self._take(key)
        value = default if value is None else value
        if value not in choices:
            raise self.error("exercise_choice", key, choices=", ".join(choices))
        return cast(str, value)

    def number(self, key: str, least: float = -math.inf, most: float = math.inf, default: float | None = None) -> float:
        """A finite number within bounds."""
        value = self._needed(key) if default is None else self._take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error("exercise_number", key)
        if not least <= value <= most:
            raise self.error("exercise_range", key, least=least, most=most)
        return float(value)

    def span(self, key: str) -> tuple[float, float]:
        """From and to, two rising numbers from 0 on; without them everything."""
        value = self._take(key)
        if value is None:
            return 0.0, math.inf
        numbers = isinstance(value, list) and all(type(v) in (int, float) for v in value)
        if not numbers or len(value) != 2 or not 0 <= value[0] < value[1]:
            raise self.error("exercise_span", key)
        return float(value[0]), float(value[1])

    def flag(self, key: str) -> bool:
        """True or false, which it is without the key."""
        value = self._take(key)
        if value not in (None, True, False):
            raise self.error("exercise_choice", key, choices="true, false")
        return bool(value)

    def word(self, key: str) -> str:
        """A name of small letters, digits and underscores."""
        value = self._needed(key)
        if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9_]{1,40}", value):
            raise self.error("exercise_word", key)
        return value

    def texts(self, key: str) -> dict[str, str]:
        """A text in every language; where one lacks, that of another. A plain string serves all."""
        value = self._needed(key)
        value = {DEFAULT: value} if isinstance(value, str) else value
        good = (
            isinstance(value, dict) and value and all(isinstance(v, str) and 0 < len(v) <= 300 for v in value.values())
        )
        if not good or not set(value) <= set(LANGUAGES):
            raise self.error("exercise_text", key, languages=", ".join(LANGUAGES))
        any_text = value.get(DEFAULT) or next(iter(value.values()))
        return {language: value.get(language, any_text) for language in LANGUAGES}
