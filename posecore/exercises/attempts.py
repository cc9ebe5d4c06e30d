"""Movements like an exercise's that were not counted: why, and what helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from posecore.exercises.body_measures import parts_of
from posecore.exercises.exercise import Condition, Exercise, Texts
from posecore.exercises.signal_phases import Excursion
from posecore.language import DEFAULT, LANGUAGES, translate

Cause = Literal["begun", "half", "quick", "slow", "short", "unseen", "unmet"]
_SHOWN = {"wrist": "hands", "elbow": "elbows", "hip": "hips", "knee": "knees", "shoulder": "shoulders"}


@dataclass(frozen=True)
class Reason:
    """Why a movement was not counted, in words: a clause, and a sentence that helps where there is one."""

    cause: Cause
    why: Texts = field(repr=False)
    tip: Texts | None = field(default=None, repr=False)

    def message(self, language: str = DEFAULT) -> str:
        """The clause alone, such as "your body was not level"."""
        return self.why[language]

    def advice(self, language: str = DEFAULT) -> str:
        """What helps; empty where nothing is known to."""
        return self.tip[language] if self.tip else ""


@dataclass(frozen=True)
class Attempt:
    """A movement that was not counted. Seconds of the clip.

    Attributes:
        exercise: what it came nearest to, the exercise itself or one of its variants.
        depth: the extreme of the signal, in its unit; of a position its seconds.
        reasons: the weightiest first; at least one.
    """

    exercise: Exercise
    start_s: float
    turn_s: float
    end_s: float
    depth: float
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, exercise: Exercise, way: Excursion, reasons: Sequence[Reason]) -> Attempt:
        """A way that was not counted."""
        return cls(exercise, way.start_s, way.turn_s, way.end_s, way.depth, tuple(reasons))

    @property
    def half(self) -> bool:
        """Whether it only did not go far enough."""
        return all(reason.cause == "half" for reason in self.reasons)


def of_movement(cause: Literal["begun", "half", "quick", "slow", "short"]) -> Reason:
    """A reason that lies in the movement as a whole."""
    tip = _texts(f"coach.tip_{cause}") if cause in ("half", "quick") else None
    return Reason(cause, _texts(f"coach.why_{cause}"), tip)


def unseen(measure: str) -> Reason:
    """What a measure needs was not seen, or too badly."""
    shown = _SHOWN.get(parts_of(measure)[-1], "feet")
    return Reason("unseen", _texts(f"coach.why_unseen_{shown}"), _texts("coach.tip_unseen"))


def of_condition(condition: Condition, *, seen: bool) -> Reason:
    """A condition that did not hold, or could not be judged because what it needs was not seen."""
    if not seen:
        return unseen(condition.measure)
    why = condition.why or {
        language: translate(language, "coach.why_unmet", measure=translate(language, f"measures.{condition.measure}"))
        for language in LANGUAGES
    }
    return Reason("unmet", why, condition.tip)


def not_counted(attempt: Attempt, language: str = DEFAULT) -> str:
    """What is said while somebody moves: the first reason, and what helps."""
    first = attempt.reasons[0]
    return translate(language, "coach.not_counted", why=first.message(language), tip=first.advice(language)).strip()


def _texts(key: str) -> Texts:
    return {language: translate(language, key) for language in LANGUAGES}
