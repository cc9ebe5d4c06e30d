"""What is said of an exercise while it goes on, wherever it is shown."""

from __future__ import annotations

from typing import NamedTuple

from posecore.language import translate
from posecore.live.stream_counting import LiveCount
from posecore.visuals.exercise_report import measured


def count_words(counted: LiveCount, language: str) -> str:
    """How many, or for how long."""
    if counted.exercise.kind == "hold":
        return translate(language, "clips.seconds", seconds=f"{counted.held_s:.0f}")
    return str(counted.count)


def score_words(counted: LiveCount) -> str:
    """Of the newest repetition."""
    return "–" if counted.score is None else str(counted.score)


def remark_words(counted: LiveCount, language: str) -> str:
    """What would help most, or that all is well."""
    if not counted.view_fits:
        return translate(language, f"webcam.view_{counted.exercise.view}")
    return counted.fault.message(language) if counted.fault else translate(language, "webcam.no_fault")


class OwnRange(NamedTuple):
    """How counting by one's own range stands; `words` may be empty, `asks` names what a button can ask for."""

    words: str
    kind: str  # "info", "plain" or "warning"
    asks: str  # "range" or "standard"


def own_range(counted: LiveCount, language: str) -> OwnRange | None:
    """None where the exercise has no range."""
    own, standard = counted.exercise.signal, counted.standard.signal
    if own is None or standard is None:
        return None
    if counted.range == "measuring":
        words = translate(language, "coach.measuring", done=counted.count + counted.halves)
        return OwnRange(words, "info", "standard")
    if counted.range == "own":
        values = {
            "rest": own.rest,
            "turn": own.turn,
            "standard_rest": standard.rest,
            "standard_turn": standard.turn,
            "full": counted.standard.score.full,
        }
        shown = {name: measured(counted.exercise, value) for name, value in values.items()}
        return OwnRange(translate(language, "coach.own_range_live", **shown), "plain", "standard")
    failed = counted.range == "failed"
    return OwnRange(translate(language, "errors.calibration_small") if failed else "", "warning", "range")
