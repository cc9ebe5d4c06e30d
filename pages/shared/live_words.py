"""What is said of an exercise while it goes on, wherever it is shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from posecore.language import translate
from posecore.live.following import Followed
from posecore.live.stream_counting import LiveCount
from posecore.visuals.exercise_report import measured

if TYPE_CHECKING:
    from posecore.live.labelling import Labelled


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


class FollowWords(NamedTuple):
    """How following a reference stands: what to do now, and how alike the newest round and the best were."""

    now: str
    newest: str
    best: str
    remark: str


def follow_words(followed: Followed, language: str) -> FollowWords:
    """Before the first round scores are dashes."""
    phase, rounds = followed.phase_s, followed.rounds
    if phase is None:
        now = translate(language, "follow.step_in")
    elif phase < 0 or phase > followed.reference.duration:
        wait = -phase if phase < 0 else followed.reference.period - phase
        now = translate(language, "follow.ready", seconds=f"{max(1, math.ceil(wait))}")
    else:
        now = translate(language, "follow.go", number=len(rounds) + 1)
    if not rounds:
        return FollowWords(now, "–", "–", "")
    from posecore.compare.words import short_difference_words  # brings SciPy, which few visits need

    gravest = rounds[-1].gravest
    remark = short_difference_words(gravest, language) if gravest else translate(language, "compare.equal")
    return FollowWords(now, f"{rounds[-1].score:.0f}", f"{max(one.score for one in rounds):.0f}", remark)


class LabelWords(NamedTuple):
    """What is done now, how sure that is, and how often each movement was done."""

    name: str
    sure: str
    counts: list[tuple[str, int]]


def label_words(labelled: Labelled, language: str) -> LabelWords:
    """What is unknown is said, too."""
    seen = labelled.seen
    name = translate(language, "teach.none") if seen.name is None else seen.name
    sure = "" if seen.name is None else translate(language, "teach.sure", percent=f"{seen.confidence:.0%}")
    return LabelWords(name, sure, list(labelled.counts.items()))


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
