"""What callers ask for in an address, checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import cast

from posecore.clips.analysis import AnalysisSettings
from posecore.detection.detector_settings import CLOSER, MOST_PEOPLE, DetectorSettings
from posecore.detection.engines import Closer
from posecore.detection.models import QUALITIES
from posecore.errors import AskedError
from posecore.exercises.exercise import Exercise
from posecore.exercises.exercise_files import exercise_names, load_exercise

_ON, _OFF = ("1", "true"), ("0", "false")


def detector_settings(query: Mapping[str, str], people: int = DetectorSettings.people) -> DetectorSettings:
    """How people are to be looked for.

    Raises:
        AskedError: a value is wrong.
    """
    return DetectorSettings(
        _one_of(query, "model", QUALITIES, DetectorSettings.model),
        _whole(query, "people", 1, MOST_PEOPLE, people),
        _number(query, "min_confidence", 0, 1, DetectorSettings.min_confidence),
        closer=cast("Closer", _one_of(query, "closer", CLOSER, DetectorSettings.closer)),
        mirrored=_one_of(query, "mirrored", (*_ON, *_OFF), _OFF[0]) in _ON,
    )


def analysis_settings(query: Mapping[str, str]) -> AnalysisSettings:
    """How a clip is to be looked at.

    Raises:
        AskedError: a value is wrong.
    """
    end = _number(query, "end", 0, math.inf, math.inf)
    return AnalysisSettings(
        detector_settings(query, 1),
        _number(query, "start", 0, math.inf, 0.0),
        None if math.isinf(end) else end,
        _whole(query, "every", 1, 1000, 1),
    )


def exercise(query: Mapping[str, str]) -> Exercise | None:
    """Which one is to be counted; none where none is named.

    Raises:
        AskedError: there is no such exercise.
    """
    if "exercise" not in query:
        return None
    return load_exercise(_one_of(query, "exercise", exercise_names(), ""))


def _one_of(query: Mapping[str, str], name: str, values: Iterable[str], default: str) -> str:
    choices = list(values)
    value = query.get(name, default)
    if name in query and value not in choices:
        raise AskedError("asked_one_of", name=name, choices=", ".join(choices))
    return value


def _whole(query: Mapping[str, str], name: str, least: int, most: int, default: int) -> int:
    value = _number(query, name, least, most, default)
    if value != int(value):
        raise AskedError("asked_number", name=name, least=least, most=most)
    return int(value)


def _number(query: Mapping[str, str], name: str, least: float, most: float, default: float) -> float:
    if name not in query:
        return default
    try:
        value = float(query[name])
    except ValueError:
        value = math.nan
    if not least <= value <= most or (math.isinf(value)):
        raise AskedError("asked_number", name=name, least=f"{least:g}", most=f"{most:g}")
    return value
