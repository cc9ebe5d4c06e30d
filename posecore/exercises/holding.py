"""A position that is held: how long, and what was missing where it nearly was."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from posecore.exercises.attempts import Attempt, of_condition, of_movement
from posecore.exercises.exercise import Condition, Exercise
from posecore.exercises.judging import Frame, Quantity, quantity
from posecore.exercises.signal_phases import Excursion

_GAP = 0.5  # seconds for which a position may be lost or unseen
_MOSTLY = 0.5  # of the frames in which something was missing
_MOST_FRAMES = 20_000


class Held(NamedTuple):
    """A position that was held, as the exercise itself or one of its variants; and its frames."""

    exercise: Exercise
    way: Excursion
    frames: list[Frame]


class _Stretch:
    """Frames one after another of which something holds, with short gaps, and how often what was so."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.tally: Counter[int | Condition] = Counter()

    @property
    def seconds(self) -> float:
        return self.frames[-1].time_s - self.frames[0].time_s if self.frames else 0.0

    def add(self, frame: Frame, so: Sequence[int | Condition]) -> None:
        if len(self.frames) < _MOST_FRAMES:
            self.frames.append(frame)
        else:
            self.frames[-1] = frame
        self.tally.update(so)

    def over(self, time_s: float) -> bool:
        return bool(self.frames) and time_s - self.frames[-1].time_s > _GAP

    @property
    def way(self) -> Excursion:
        first, last = self.frames[0].time_s, self.frames[-1].time_s
        return Excursion(first, (first + last) / 2, last, last - first, 1, last - first)


class HoldTracker:
    """Follows a position: it is held while everything that the exercise or one variant requires holds.

    Where only its first requirement holds for as long as counts, that was an attempt.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._judges = [*exercise.variants, exercise]
        self._held, self._near = _Stretch(), _Stretch()
        self.attempts: list[Attempt] = []

    def held_s(self, time_s: float) -> float:
        """How long the position has been held by now."""
        return 0.0 if self._held.over(time_s) else self._held.seconds

    def update(self, time_s: float, values: Mapping[Quantity, float] | None) -> Held | None:
        """Take in one frame, None where nobody was found; what ended with it if it was long enough to count."""
        ended = self.finish() if self._held.over(time_s) else None
        if self._near.over(time_s):
            self._end_near()
        if values is None:
            return ended
        frame = Frame(time_s, (), values)
        unmet = [[one for one in judge.requires if not _holds(one, values)] for judge in self._judges]
        if fitting := [place for place, missing in enumerate(unmet) if not missing]:
            self._held.add(frame, fitting)
        elif self._exercise.requires[0] not in unmet[-1]:
            self._near.add(frame, min(reversed(unmet), key=lambda missing: len(missing)))
        return ended

    def finish(self) -> Held | None:
        """At the end of a clip: what is still held counts up to here."""
        held, self._held = self._held, _Stretch()
        if held.seconds >= self._exercise.shortest_s:
            most = [judge for k, judge in enumerate(self._judges) if held.tally[k] >= _MOSTLY * len(held.frames)]
            return Held((most or self._judges[-1:])[0], held.way, held.frames)
        if held.seconds >= _GAP:
            self.attempts.append(Attempt.of(self._exercise, held.way, [of_movement("short")]))
        return None

    def end(self) -> Held | None:
        """At the end of a clip, with attempts that last to it."""
        self._end_near()
        return self.finish()

    def _end_near(self) -> None:
        near, self._near = self._near, _Stretch()
        if near.seconds < self._exercise.shortest_s:
            return
        missing = [one for one, times in near.tally.most_common() if times >= _MOSTLY * len(near.frames)]
        missing = missing or [near.tally.most_common(1)[0][0]]
        reasons = [of_condition(one, seen=_seen(one, near.frames)) for one in missing if isinstance(one, Condition)]
        self.attempts.append(Attempt.of(self._exercise, near.way, reasons))


def _holds(condition: Condition, values: Mapping[Quantity, float]) -> bool:
    value = values[quantity(condition)]
    return condition.holds(value) or (condition.if_seen and math.isnan(value))


def _seen(condition: Condition, frames: list[Frame]) -> bool:
    known = sum(math.isfinite(frame.values[quantity(condition)]) for frame in frames)
    return known >= _MOSTLY * len(frames)
