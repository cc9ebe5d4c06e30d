"""Exercises as data: one TOML file each, read and checked. Nothing in a file is ever executed.

The files of this package are posecore/exercises/library/*.toml; `squat.toml` explains every key.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from posecore.errors import ExerciseError
from posecore.exercises.body_measures import MEASURES, SIDES, SPACES, Side, Space
from posecore.language import DEFAULT, LANGUAGES

View = Literal["any", "side", "front"]
When = Literal["turn", "during", "rest"]
Kind = Literal["repetitions", "hold"]

# What a condition may measure besides the body: the repetition itself.
OF_REPETITION = ("depth", "down_s", "up_s", "duration_s")
LARGEST_BYTES = 64 << 10
_MOST_ENTRIES = 50
_SHARES: dict[When, float] = {"turn": 0.5, "during": 0.2, "rest": 0.5}
# How far into their own range a person must come back, and go, to be at rest and at the turn.
_OWN_REST, _OWN_TURN = 0.25, 0.7
_LEAST_OF_STANDARD = 0.5


@dataclass(frozen=True)
class Signal:
    """The number that goes to and fro: at rest on the far side of `rest`, turning beyond `turn`.

    Between the two nothing is decided, so noise counts nothing. `side` "each" counts left and right by themselves.
    """

    measure: str
    side: Side | Literal["each"]
    space: Space
    rest: float
    turn: float

    def progress(self, value: float) -> float:
        """0 at the edge of rest, 1 at the edge of the turn."""
        return (value - self.rest) / (self.turn - self.rest)


@dataclass(frozen=True)
class Condition:
    """What holds where a measure lies between `above` and `below` in at least `share` of the frames of a period.

    With `change` it is the difference to the value at rest before. `view` is the view in which it can be judged; with
    `if_seen` it is not judged either where nothing it needs was seen, which else fails.
    """

    measure: str
    side: Side = "better"
    space: Space = "picture"
    when: When = "turn"
    above: float = -math.inf
    below: float = math.inf
    change: bool = False
    share: float = 0.5
    view: View = "any"
    if_seen: bool = False

    def holds(self, value: float) -> bool:
        """For one value; NaN never does."""
        return self.above < value < self.below


@dataclass(frozen=True)
class Fault:
    """What can be done wrong: `weight` is the part of the points for faults that it takes, 0 to 1."""

    name: str
    condition: Condition
    weight: float
    messages: Mapping[str, str] = field(repr=False)

    def message(self, language: str = DEFAULT) -> str:
        """One sentence that says what to do better."""
        return self.messages[language]


@dataclass(frozen=True)
class Score:
    """How 100 points are made: of depth (or of time held), tempo and faults.

    Attributes:
        rest, full: where the points of `depth` begin, and where all are reached: in the signal's unit, or in
            seconds held. Those of the standard, also where somebody's own range was measured.
        down_s, up_s: seconds, from and to, that the way to the turn and the way back may take.
    """

    depth: float
    tempo: float
    faults: float
    rest: float
    full: float
    down_s: tuple[float, float] = (0.0, math.inf)
    up_s: tuple[float, float] = (0.0, math.inf)


@dataclass(frozen=True)
class Exercise:
    """One exercise; see `load_exercise`."""

    name: str
    titles: Mapping[str, str]
    kind: Kind
    view: View
    signal: Signal | None
    shortest_s: float
    longest_s: float
    requires: Sequence[Condition]
    faults: Sequence[Fault]
    score: Score

    def title(self, language: str = DEFAULT) -> str:
        """Its name for people."""
        return self.titles[language]


def exercise_names() -> list[str]:
    """Names of the exercises that come with this package."""
    folder = files("posecore.exercises") / "library"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_exercise(source: str | Path) -> Exercise:
    """An exercise by its name, from a file, or from the text of one (anything with more than one line).

    Raises:
        ExerciseError: there is none, or the text is wrong; the sentence names the line.
    """
    if isinstance(source, str) and "\n" in source:
        return _parse(source, "own")
    if isinstance(source, str) and source in exercise_names():
        return _built_in(source)
    path = Path(source)
    try:
        if not path.is_file():
            raise ExerciseError("unknown_exercise", name=source, exercises=", ".join(exercise_names()))
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        return _parse(content.decode("utf-8-sig"), path.stem)
    except (OSError, ValueError) as error:  # also a name that cannot be a path, and text that is no UTF-8
        raise ExerciseError("exercise_unreadable") from error


def exercise_text(name: str) -> str:
    """The file of an exercise that comes with this package, to start one's own from."""
    return (files("posecore.exercises") / "library" / f"{name}.toml").read_text("utf-8")


@cache
def _built_in(name: str) -> Exercise:
    return _parse(exercise_text(name), name)


def calibrate(exercise: Exercise, values: Sequence[float] | NDArray[np.float64]) -> Exercise:
    """The exercise with thresholds in a person's own range; its score stays that of the standard.

    Args:
        values: of the exercise's signal (`RepCounter.value`, `signal_values`) during two slow repetitions.

    Raises:
        ExerciseError: they hardly move: less than half as far as from rest to turn.
    """
    signal = exercise.signal
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if signal is None or len(known) < 2:
        raise ExerciseError("calibration_small")
    low, high = np.percentile(known, (5, 95)).tolist()
    rest, turn = (low, high) if signal.turn > signal.rest else (high, low)
    if high - low < _LEAST_OF_STANDARD * abs(signal.turn - signal.rest):
        raise ExerciseError("calibration_small")
    own = replace(signal, rest=rest + _OWN_REST * (turn - rest), turn=rest + _OWN_TURN * (turn - rest))
    return replace(exercise, signal=own)


def _parse(text: str, name: str) -> Exercise:
    if len(text.encode("utf-8", "replace")) > LARGEST_BYTES:
        raise ExerciseError("exercise_too_large", most=LARGEST_BYTES >> 10)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else max(len(text.splitlines()), 1)
        raise ExerciseError("exercise_syntax", line=line) from error
    return _exercise(_Table(table, _lines_of(text), ()), name)


def _exercise(top: _Table, name: str) -> Exercise:
    kind = cast(Kind, top.choice("kind", get_args(Kind), "repetitions"))
    time = top.table("time")
    signal = _signal(top.table("signal")) if kind == "repetitions" else None
    result = Exercise(
        name=name,
        titles=top.texts("name"),
        kind=kind,
        view=cast(View, top.choice("view", get_args(View), "any")),
        signal=signal,
        shortest_s=time.number("shortest_s", 0, 3600),
        longest_s=time.number("longest_s", 0, 36000, 36000.0),
        requires=[_condition(entry, body_only=True) for entry in top.tables("requires")],
        faults=[_fault(entry) for entry in top.tables("faults")],
        score=_score(top.table("score"), signal),
    )
    time.done()
    top.done()
    if kind == "hold" and not result.requires:
        raise top.error("exercise_missing", "requires")
    if result.longest_s <= result.shortest_s:
        raise time.error("exercise_order", "longest_s", other="shortest_s")
    return result


def _signal(table: _Table) -> Signal:
    result = Signal(
        measure=table.choice("measure", MEASURES),
        side=cast(Side, table.choice("side", (*SIDES, "each"), "better")),
        space=cast(Space, table.choice("space", SPACES, "picture")),
        rest=table.number("rest"),
        turn=table.number("turn"),
    )
    if result.rest == result.turn:
        raise table.error("exercise_order", "turn", other="rest")
    table.done()
    return result


def _condition(table: _Table, body_only: bool) -> Condition:
    """The keys of a condition, out of a table that may hold more."""
    when = cast(When, table.choice("when", get_args(When), "turn"))
    result = Condition(
        measure=table.choice("measure", MEASURES if body_only else (*MEASURES, *OF_REPETITION)),
        side=cast(Side, table.choice("side", SIDES, "better")),
        space=cast(Space, table.choice("space", SPACES, "picture")),
        when=when,
        above=table.number("above", default=-math.inf),
        below=table.number("below", default=math.inf),
        change=table.flag("change"),
        share=table.number("share", 0, 1, _SHARES[when]),
        view=cast(View, table.choice("view", get_args(View), "any")),
        if_seen=body_only and table.flag("if_seen"),
    )
    if math.isinf(result.above) and math.isinf(result.below):
        raise table.error("exercise_missing", "above")
    if result.above >= result.below:
        raise table.error("exercise_order", "below", other="above")
    if body_only:
        table.done()
    return result


def _fault(table: _Table) -> Fault:
    fault = Fault(
        name=table.word("id"),
        condition=_condition(table, body_only=False),
        weight=table.number("weight", 0, 1),
        messages=table.texts("message"),
    )
    table.done()
    return fault


def _score(table: _Table, signal: Signal | None) -> Score:
    parts = {name: table.number(name, 0, 100, 0.0) for name in ("depth", "tempo", "faults")}
    if round(sum(parts.values()), 6) != 100:
        raise table.error("exercise_score", "depth")
    score = Score(
        **parts,
        rest=signal.rest if signal else 0.0,
        full=table.number("full_depth") if signal else table.number("full_s", 0.1, 36000),
        down_s=table.span("down_s"),
        up_s=table.span("up_s"),
    )
    table.done()
    if score.full == score.rest:
        raise table.error("exercise_order", "full_depth", other="rest")
    return score


_Path = tuple[str | int, ...]


def _lines_of(text: str) -> dict[_Path, int]:
    """In which line each table and key stands; tomllib does not say."""
    lines: dict[_Path, int] = {}
    counts: dict[str, int] = {}
    here: _Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[\[\s*([\w.-]+)\s*\]\]", line):
            here = (found[1], counts.setdefault(found[1], 0))
            counts[found[1]] += 1
            lines[here] = number
        elif found := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            here = (found[1],)
            lines.setdefault(here, number)
        elif found := re.match(r"\s*\"?([\w-]+)\"?\s*[=.]", line):
            lines.setdefault((*here, found[1]), number)
    return lines


class _Table:
    """A table of an exercise file that knows where it stands; every key may be asked for once, then none is left."""

    def __init__(self, values: Mapping[str, Any], lines: Mapping[_Path, int], path: _Path) -> None:
        self._left = dict(values)
        self._asked: list[str] = []
        self._lines, self._path = lines, path

    def error(self, code: str, key: str, **values: object) -> ExerciseError:
        path = (*self._path, key)
        while path and path not in self._lines:
            path = path[:-1]
        return ExerciseError(code, line=self._lines.get(path, 1), key=key, **values)

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

    def table(self, key: str) -> _Table:
        value = self._needed(key)
        if not isinstance(value, dict):
            raise self.error("exercise_table", key)
        return _Table(value, self._lines, (*self._path, key))

    def tables(self, key: str) -> list[_Table]:
        value = self._take(key)
        value = [] if value is None else value
        if not isinstance(value, list) or len(value) > _MOST_ENTRIES or not all(isinstance(v, dict) for v in value):
            raise self.error("exercise_tables", key, most=_MOST_ENTRIES)
        return [_Table(entry, self._lines, (*self._path, key, number)) for number, entry in enumerate(value)]

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self._needed(key) if default is None else self._take(key)
        value = default if value is None else value
        if value not in choices:
            raise self.error("exercise_choice", key, choices=", ".join(choices))
        return cast(str, value)

    def number(self, key: str, least: float = -math.inf, most: float = math.inf, default: float | None = None) -> float:
        value = self._needed(key) if default is None else self._take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error("exercise_number", key)
        if not least <= value <= most:
            raise self.error("exercise_range", key, least=least, most=most)
        return float(value)

    def span(self, key: str) -> tuple[float, float]:
        value = self._take(key)
        if value is None:
            return 0.0, math.inf
        numbers = isinstance(value, list) and all(type(v) in (int, float) for v in value)
        if not numbers or len(value) != 2 or not 0 <= value[0] < value[1]:
            raise self.error("exercise_span", key)
        return float(value[0]), float(value[1])

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if value not in (None, True, False):
            raise self.error("exercise_choice", key, choices="true, false")
        return bool(value)

    def word(self, key: str) -> str:
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
