"""What an exercise came to in a clip: counted, judged, and what to do better, for pages and reports."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecore.errors import ExerciseError
from posecore.exercises.attempts import Attempt
from posecore.exercises.body_measures import Body, Side, SideTrust, measure
from posecore.exercises.exercise import Condition, Exercise, Fault, Signal
from posecore.exercises.exercise_files import exercise_names, load_exercise
from posecore.exercises.own_range import calibrate
from posecore.exercises.repetitions import Repetition, count_reps, followed, signal_values
from posecore.pose import PoseSequence, frame_rate

Line = Literal["rest", "turn", "above", "below"]
Which = Literal["left", "right", "both"]

_LOOK_RATE, _MOST_LOOKED = 10.0, 3000  # frames a second, and frames, in which other exercises are tried
_AROUND_S = 0.5  # before and after movements, in which somebody is at rest
_MOVEMENTS = 2  # in which somebody's own range is measured


@dataclass(frozen=True, eq=False)
class Review:
    """One person's exercise in a clip. Times are seconds of the clip.

    Attributes:
        exercise: with the thresholds by which was counted.
        standard: as the exercise's file has it; scores are always compared with it.
        attempts: what moved like the exercise and was not counted, with reasons.
        instead: another exercise that fits what is done, and how often; only where nothing was counted.
        unfinished: whether the clip ends in the middle of a movement, which is not counted.
        view_fits: whether the person is seen from where the exercise is best judged.
        own_range: the part of the clip in which the person's own range was measured; None with the standard's.
        shown: the exercise or the variant that was counted most.
        measure: what is drawn of that: its signal; of a position that is held, what it asks for first.
        lines: bounds of the measure that mean something: "rest", "turn", "above", "below".
        time: (T,) seconds.
        values: (T,) of the measure, NaN where unknown; left and right where they are counted each by itself.
    """

    exercise: Exercise
    standard: Exercise
    repetitions: Sequence[Repetition]
    attempts: Sequence[Attempt]
    instead: tuple[Exercise, int] | None
    unfinished: bool
    view_fits: bool
    own_range: tuple[float, float] | None
    shown: Exercise
    measure: str
    lines: Mapping[Line, float]
    time: NDArray[np.float64]
    values: Mapping[Which, NDArray[np.float64]]

    @property
    def held_s(self) -> float:
        """Seconds for which a position was held, all holds together."""
        return sum(one.end_s - one.start_s for one in self.repetitions) if self.exercise.kind == "hold" else 0.0

    @property
    def kinds(self) -> list[tuple[Exercise, int]]:
        """The exercise and its variants that were counted, each with how often, the first that was done first."""
        kinds: dict[str, tuple[Exercise, int]] = {}
        for one in self.repetitions:
            name = one.exercise.name
            kinds[name] = (one.exercise, kinds.get(name, (one.exercise, 0))[1] + 1)
        return list(kinds.values())

    @property
    def mean_score(self) -> int | None:
        """0 to 100; None without repetitions."""
        return round(mean(one.score for one in self.repetitions)) if self.repetitions else None

    @property
    def faults(self) -> list[tuple[Fault, list[Repetition]]]:
        """Each fault that was made and in which repetitions, that which costs most first."""
        made: dict[str, tuple[Fault, list[Repetition]]] = {}
        for one in self.repetitions:
            for fault in one.faults:
                made.setdefault(fault.name, (fault, []))[1].append(one)
        return sorted(made.values(), key=lambda entry: -entry[0].weight * len(entry[1]))

    @property
    def most_common_fault(self) -> tuple[Fault, list[Repetition]] | None:
        """The fault that was made most often, and where; None without any."""
        return max(self.faults, key=lambda entry: len(entry[1]), default=None)


def review_exercise(sequence: PoseSequence, person: int, exercise: Exercise, *, own_range: bool = False) -> Review:
    """Count and judge one person (from 0) in a clip.

    Args:
        own_range: take the thresholds from the person's own range instead, measured in the first two movements.

    Raises:
        ExerciseError: the own range is wanted and there is too little movement to measure it.
    """
    used, span = _in_own_range(sequence, person, exercise) if own_range else (exercise, None)
    counter = followed(sequence, person, used)
    attempts = counter.attempts if counter.attempts or counter.repetitions else list(counter.faint)
    kinds = Counter(one.exercise.name for one in counter.repetitions or attempts)
    most = kinds.most_common(1)[0][0] if kinds else used.name
    shown = next((variant for variant in used.variants if variant.name == most), used)
    return Review(
        exercise=used,
        standard=exercise,
        repetitions=counter.repetitions,
        attempts=attempts,
        instead=None if counter.repetitions else best_fit(sequence, person, exercise),
        unfinished=counter.moving(shown),
        view_fits=counter.view_fits,
        own_range=span,
        shown=shown,
        measure=_drawn(shown).measure,
        lines=_lines(shown),
        time=sequence.time,
        values=_values(sequence, person, shown),
    )


def reviews_of(sequence: PoseSequence, exercise: Exercise, *, everybody: bool) -> list[Review]:
    """`review_exercise` of everybody, or of whoever is in most frames; empty where there is nobody."""
    people = range(sequence.people) if everybody else [sequence.most_seen][: sequence.people]
    return [review_exercise(sequence, person, exercise) for person in people]


def best_fit(sequence: PoseSequence, person: int, other_than: Exercise) -> tuple[Exercise, int] | None:
    """Of the exercises of this package the one that counts most in a clip, and how many; None where none counts.

    Of long clips the first minutes, of quick ones not all frames: every exercise is tried.
    """
    rate = frame_rate(sequence.time)
    rows = np.arange(0, len(sequence.time), max(int(rate / _LOOK_RATE), 1))[:_MOST_LOOKED]
    sequence = sequence.at(sequence.frames[rows])
    names = [name for name in exercise_names() if name != other_than.name]
    counts = [(exercise, len(count_reps(sequence, person, exercise))) for exercise in map(load_exercise, names)]
    best = max(counts, key=lambda entry: entry[1])
    return best if best[1] else None


def _drawn(exercise: Exercise) -> Signal | Condition:
    return exercise.signal or exercise.requires[0]


def _lines(exercise: Exercise) -> dict[Line, float]:
    if exercise.signal:
        return {"rest": exercise.signal.rest, "turn": exercise.signal.turn}
    first = exercise.requires[0]
    bounds: dict[Line, float] = {"above": first.above, "below": first.below}
    return {name: bound for name, bound in bounds.items() if math.isfinite(bound)}


def _values(sequence: PoseSequence, person: int, exercise: Exercise) -> dict[Which, NDArray[np.float64]]:
    shown, trust = _drawn(exercise), SideTrust()
    sides: dict[Which, Side] = {"left": "left", "right": "right"} if shown.side == "each" else {"both": shown.side}
    values: dict[Which, list[float]] = {which: [] for which in sides}
    for row, time_s in enumerate(sequence.time.tolist()):
        body = Body.at(sequence, row, person)
        sure = trust.update(time_s, body)
        for which, side in sides.items():
            values[which].append(measure(body, sure, shown.measure, side, shown.space))
    return {which: np.array(those) for which, those in values.items()}


def _in_own_range(sequence: PoseSequence, person: int, exercise: Exercise) -> tuple[Exercise, tuple[float, float]]:
    """The exercise with the person's own thresholds, and the part of the clip in which they were measured."""
    counter = followed(sequence, person, exercise)
    counted = [(one.start_s, one.end_s) for one in counter.repetitions]
    moves = sorted(counted + [(one.start_s, one.end_s) for one in counter.attempts if one.half])
    if len(moves) < _MOVEMENTS:
        raise ExerciseError("calibration_small")
    begin, end = moves[0][0] - _AROUND_S, moves[_MOVEMENTS - 1][1] + _AROUND_S
    inside = (sequence.time >= begin) & (sequence.time <= end)
    measured = sequence.time[inside]
    values = signal_values(sequence, person, exercise)[inside]
    return calibrate(exercise, values), (float(measured[0]), float(measured[-1]))
