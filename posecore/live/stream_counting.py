"""Repetitions of a stream: counted by the standard, or by a person's own range, measured while they move."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from posecore.errors import ExerciseError
from posecore.exercises.body_measures import Body
from posecore.exercises.exercise import Exercise, Fault
from posecore.exercises.own_range import calibrate
from posecore.exercises.repetitions import RepCounter

Range = Literal["standard", "measuring", "failed", "own"]

_MOVEMENTS = 2  # in which the own range is measured
_MOST_VALUES = 10_000


@dataclass(frozen=True)
class LiveCount:
    """Of an exercise, up to now.

    Attributes:
        count, halves: repetitions that were completed, and attempts that did not go far enough.
        held_s: for how long a position has been held; 0 for exercises that repeat.
        score: of the newest repetition, 0 to 100; None before the first.
        fault: the heaviest of the newest repetition, or why the newest movement was not counted.
        view_fits: whether the person is seen from where the exercise is judged best.
        standard: the exercise as its file has it; `exercise` may have the person's own thresholds.
        range: by which range is counted, or how measuring the own one stands.
    """

    exercise: Exercise
    count: int
    halves: int
    held_s: float
    score: int | None
    fault: Fault | None
    view_fits: bool
    standard: Exercise
    range: Range


class LiveCounter:
    """Counts the exercise that is chosen at the time; another one begins at 0."""

    def __init__(self) -> None:
        self._exercise: Exercise | None = None
        self._counter: RepCounter | None = None
        self._range: Range = "standard"
        self._values: deque[float] = deque(maxlen=_MOST_VALUES)  # while the own range is measured

    @property
    def counted(self) -> LiveCount | None:
        """How it stands; None without an exercise."""
        counter = self._counter
        if counter is None or self._exercise is None:
            return None
        newest = counter.repetitions[-1] if counter.repetitions else None
        return LiveCount(
            counter.exercise,
            counter.count,
            counter.halves,
            counter.held_s,
            newest.score if newest else None,
            counter.newest_fault,
            counter.view_fits,
            self._exercise,
            self._range,
        )

    def update(self, exercise: Exercise | None, time_s: float, body: Body | None) -> None:
        """Take in a frame; None where nobody was found."""
        if exercise is not self._exercise:
            self._exercise = exercise
            self.use_standard()
        if self._counter:
            self._counter.update(time_s, body)
            if self._range == "measuring":
                self._measure(self._counter)

    def measure_range(self) -> None:
        """Measure the person's own range in the next two movements, whether they count or do not go far enough."""
        if self._exercise and self._exercise.signal:
            self._restart(self._exercise, "measuring")

    def use_standard(self) -> None:
        """Count by the exercise as its file has it, from 0."""
        self._restart(self._exercise, "standard")

    def _measure(self, counter: RepCounter) -> None:
        self._values.append(counter.value)
        if counter.count + counter.halves < _MOVEMENTS:
            return
        try:
            self._restart(calibrate(counter.exercise, list(self._values)), "own")
        except ExerciseError:
            self._restart(self._exercise, "failed")

    def _restart(self, exercise: Exercise | None, by: Range) -> None:
        self._counter = RepCounter(exercise) if exercise else None
        self._range = by
        self._values.clear()
