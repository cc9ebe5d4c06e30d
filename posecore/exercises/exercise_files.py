"""Exercises as data: one TOML file each, read and checked. Nothing in a file is ever executed.

The files of this package are posecore/exercises/library/*.toml; `squat.toml` explains every key.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast, get_args

from posecore.errors import ExerciseError
from posecore.exercises.body_measures import MEASURES, SIDES, SPACES, Side, Space
from posecore.exercises.exercise import OF_REPETITION, Condition, Exercise, Fault, Kind, Score, Signal, View, When
from posecore.exercises.toml_table import TomlTable
from posecore.limits import EXERCISE_LIMITS

LARGEST_BYTES = EXERCISE_LIMITS.kilobytes << 10
_WAY_S = 0.015  # hands of quick jumping jacks take twice that
_SHARES: dict[When, float] = {"turn": 0.5, "during": 0.2, "rest": 0.5}


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


def _parse(text: str, name: str) -> Exercise:
    if len(text.encode("utf-8", "replace")) > LARGEST_BYTES:
        raise ExerciseError("exercise_too_large", most=LARGEST_BYTES >> 10)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else max(len(text.splitlines()), 1)
        raise ExerciseError("exercise_syntax", line=line) from error
    return _exercise(TomlTable.of(table, text), name)


def _exercise(top: TomlTable, name: str) -> Exercise:
    kind = cast(Kind, top.choice("kind", get_args(Kind), "repetitions"))
    signal = _signal(top.table("signal")) if kind == "repetitions" else None
    times = _times(top.table("time"))
    result = Exercise(
        name=name,
        titles=top.texts("name"),
        kind=kind,
        view=_view(top, "any"),
        signal=signal,
        shortest_s=times[0],
        longest_s=times[1],
        way_s=times[2],
        requires=[_requirement(entry, kind) for entry in top.tables("requires")],
        faults=[_fault(entry) for entry in top.tables("faults")],
        score=_score(top.table("score"), signal),
    )
    if kind == "hold" and not result.requires:
        raise top.error("exercise_missing", "requires")
    result = replace(result, variants=[_variant(entry, result) for entry in top.tables("variants")])
    top.done()
    return result


def _variant(table: TomlTable, exercise: Exercise) -> Exercise:
    """A variant is the exercise but for what it says itself."""
    signal = _signal(table.table("signal")) if exercise.signal and table.has("signal") else exercise.signal
    times = _times(table.table("time")) if table.has("time") else None
    requires = [_requirement(entry, exercise.kind) for entry in table.tables("requires")]
    on_top = exercise.requires if table.flag("also") or not requires else ()
    result = replace(
        exercise,
        name=table.word("id"),
        titles=table.texts("name"),
        view=_view(table, exercise.view),
        signal=signal,
        requires=[*on_top, *requires],
        faults=[_fault(entry) for entry in table.tables("faults")] if table.has("faults") else exercise.faults,
        score=_score(table.table("score"), signal) if table.has("score") else exercise.score,
    )
    result = replace(result, shortest_s=times[0], longest_s=times[1], way_s=times[2]) if times else result
    if signal != exercise.signal and result.score is exercise.score:
        raise table.error("exercise_missing", "score")
    table.done()
    return result


def _view(table: TomlTable, default: View) -> View:
    return cast(View, table.choice("view", get_args(View), default))


def _times(table: TomlTable) -> tuple[float, float, float]:
    """From and to, and the least from rest to the turn."""
    shortest, longest = table.number("shortest_s", 0, 3600), table.number("longest_s", 0, 36000, 36000.0)
    way = table.number("way_s", 0.001, 3600, _WAY_S)
    table.done()
    if longest <= shortest:
        raise table.error("exercise_order", "longest_s", other="shortest_s")
    return shortest, longest, way


def _signal(table: TomlTable) -> Signal:
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


def _requirement(table: TomlTable, kind: Kind) -> Condition:
    result = replace(
        _condition(table, MEASURES if kind == "hold" else (*MEASURES, *OF_REPETITION)),
        if_seen=table.flag("if_seen"),
        why=table.texts("why") if table.has("why") else None,
        tip=table.texts("tip") if table.has("tip") else None,
    )
    table.done()
    return result


def _condition(table: TomlTable, measures: Sequence[str]) -> Condition:
    """The keys of a condition, out of a table that may hold more."""
    when = cast(When, table.choice("when", get_args(When), "turn"))
    result = Condition(
        measure=table.choice("measure", measures),
        side=cast(Side, table.choice("side", SIDES, "better")),
        space=cast(Space, table.choice("space", SPACES, "picture")),
        when=when,
        above=table.number("above", default=-math.inf),
        below=table.number("below", default=math.inf),
        change=table.flag("change"),
        share=table.number("share", 0, 1, _SHARES[when]),
        view=_view(table, "any"),
    )
    if math.isinf(result.above) and math.isinf(result.below):
        raise table.error("exercise_missing", "above")
    if result.above >= result.below:
        raise table.error("exercise_order", "below", other="above")
    return result


def _fault(table: TomlTable) -> Fault:
    fault = Fault(
        name=table.word("id"),
        condition=_condition(table, (*MEASURES, *OF_REPETITION)),
        weight=table.number("weight", 0, 1),
        messages=table.texts("message"),
    )
    table.done()
    return fault


def _score(table: TomlTable, signal: Signal | None) -> Score:
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
