"""Repetitions counted and judged, frame by frame, the same live and in a clip.

Everything is in seconds, so that 5 and 60 frames a second agree. A repetition is counted when it is complete: from
rest to the turn and back to rest. What moves like one and is not counted is an attempt, with its reasons.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.exercises.attempts import Attempt, Reason, not_counted, of_condition, of_movement, unseen
from posecore.exercises.body_measures import Body, Side, SideTrust, measure, surest
from posecore.exercises.exercise import Condition, Exercise, Fault, Signal
from posecore.exercises.holding import Held, HoldTracker
from posecore.exercises.judging import (
    REST_MEMORY,
    Frame,
    Periods,
    Quantity,
    periods,
    quantities,
    verdict,
    view_of,
)
from posecore.exercises.signal_phases import Excursion, Phase, PhaseTracker, Span
from posecore.kinematics.clinical_angles import Facing, FacingVotes
from posecore.language import LANGUAGES
from posecore.pose import PoseSequence

_LEAST_TRUST = 0.4  # how well what moves must be seen
_HALF = 0.5  # of the way to the turn; from there on it was an attempt
_RHYTHM = 0.4  # of the person's own usual time, less than which no repetition takes
_OWN_TIMES = 3  # repetitions from which on there is a usual time
_NOISE = 0.5  # of the shortest time; what takes less is no movement
_SAME = 0.5  # of the shorter of two movements that lies in the other, from which on they are one
_MOST_FRAMES = 20_000
_MOST_FAINT = 20
_UNJUDGED = Condition("", above=0)


@dataclass(frozen=True)
class Repetition:
    """One complete repetition, or one position held. Seconds of the clip.

    Attributes:
        number: from 1.
        depth: the extreme of the exercise's signal, in its unit; of a hold its seconds.
        exercise: as what it counts: the exercise itself or one of its variants.
        side: which side moved, where left and right are counted each by itself.
        parts: points got for depth, tempo and faults; the most there are stand in `Exercise.score`.
    """

    number: int
    start_s: float
    turn_s: float
    end_s: float
    depth: float
    exercise: Exercise
    side: Literal["left", "right"] | None
    faults: tuple[Fault, ...]
    parts: Mapping[str, float]

    @property
    def down_s(self) -> float:
        """Seconds from rest to the turn."""
        return self.turn_s - self.start_s

    @property
    def up_s(self) -> float:
        """Seconds from the turn back to rest."""
        return self.end_s - self.turn_s

    @property
    def score(self) -> int:
        """0 to 100."""
        return round(sum(self.parts.values()))


class _Followed(NamedTuple):
    """A signal that is followed, and what may count by it, variants first."""

    signal: Signal
    side: Literal["left", "right"] | None
    tracker: PhaseTracker
    judges: tuple[Exercise, ...]


class RepCounter:
    """Counts and judges the repetitions of one person in one exercise, from frames in the order of their time.

    Attributes:
        repetitions: all that were counted.
        attempts: what moved like the exercise and was not counted.
        faint: what moved a little like it; only of interest where there is nothing else.
        newest: the newest of both.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.repetitions: list[Repetition] = []
        self.attempts: list[Attempt] = []
        self.faint: deque[Attempt] = deque(maxlen=_MOST_FAINT)
        self.newest: Repetition | Attempt | None = None
        self._trust, self._votes = SideTrust(), FacingVotes()
        self._judges = (*exercise.variants, exercise)
        self._followed = _followed_signals(self._judges)
        conditions = [one for judge in self._judges for one in _conditions(judge)]
        self._quantities = quantities(conditions)
        self._frames: deque[Frame] = deque(maxlen=_MOST_FRAMES)
        self._time = -math.inf
        self._hold = HoldTracker(exercise) if exercise.kind == "hold" else None

    @property
    def count(self) -> int:
        """How many repetitions were completed."""
        return len(self.repetitions)

    @property
    def halves(self) -> int:
        """How many attempts only did not go far enough."""
        return sum(attempt.half for attempt in self.attempts)

    @property
    def newest_fault(self) -> Fault | None:
        """The heaviest of the newest repetition, or why the newest movement was not counted; None if all was well."""
        if isinstance(self.newest, Attempt):
            name = "half" if self.newest.half else "not_counted"
            messages = {language: not_counted(self.newest, language) for language in LANGUAGES}
            return Fault(name, _UNJUDGED, 0.0, messages)
        faults = self.newest.faults if self.newest else ()
        return max(faults, key=lambda fault: fault.weight, default=None)

    @property
    def phase(self) -> Phase:
        """Where in the movement the person is; of two sides, that of the one farther on."""
        if not self._own:
            return "hold" if self.held_s > 0 else "rest"
        return self._leading.phase

    @property
    def value(self) -> float:
        """The signal now, in its unit; seconds held for a hold."""
        return self._leading.value if self._own else self.held_s

    @property
    def progress(self) -> float:
        """0 at the edge of rest, 1 at the turn; NaN before anything is known."""
        return self._leading.progress if self._own else self.held_s / self.exercise.score.full

    @property
    def held_s(self) -> float:
        """How long the position has been held by now; 0 for exercises that repeat."""
        return self._hold.held_s(self._time) if self._hold else 0.0

    @property
    def facing(self) -> Facing | None:
        """The direction in which the person looks, by majority up to now."""
        return self._votes.winner

    @property
    def view_fits(self) -> bool:
        """Whether the person is seen from where the exercise is best judged; True while that is not known."""
        return self.facing is None or self.exercise.view in ("any", view_of(self.facing))

    def moving(self, exercise: Exercise) -> bool:
        """Whether the signal of the exercise or of one of its variants is on its way."""
        return any(
            one.tracker.phase in ("down", "turn", "up") for one in self._followed if one.signal == exercise.signal
        )

    @property
    def _own(self) -> list[PhaseTracker]:
        return [one.tracker for one in self._followed if one.signal == self.exercise.signal]

    @property
    def _leading(self) -> PhaseTracker:
        return max(self._own, key=lambda one: one.progress if math.isfinite(one.progress) else -math.inf)

    def update(self, time_s: float, body: Body | None) -> list[Repetition]:
        """Take in one frame; returns what was completed with it. None where the person was not found."""
        if time_s <= self._time:
            return []
        self._time = time_s
        if body is None or not body.there:
            return self._held(self._hold.update(time_s, None)) if self._hold else []
        trust = self._trust.update(time_s, body)
        self._votes.add(body.guessed_xy)
        values = {one: measure(body, trust, *one) for one in self._quantities}
        if self._hold:
            return self._held(self._hold.update(time_s, values))
        followed = [_signal_quantity(one.signal, one.side) for one in self._followed]
        signals = [measure(body, trust, *one) for one in followed]
        done = [one.tracker.update(time_s, value) for one, value in zip(self._followed, signals, strict=True)]
        progress = [one.signal.progress(value) for one, value in zip(self._followed, signals, strict=True)]
        sure = tuple(surest(trust, name, side) for name, side, _ in followed)
        self._frames.append(Frame(time_s, tuple(progress), values, sure))
        found = self._all_judged(done)
        self._drop_old()
        return found

    def finish(self) -> list[Repetition]:
        """At the end of a clip: a position that is still held counts up to here."""
        if self._hold:
            return self._held(self._hold.end())
        return self._all_judged([one.tracker.finish() for one in self._followed])

    def _drop_old(self) -> None:
        needed = min(self._time, *(one.tracker.since for one in self._followed)) - REST_MEMORY
        while self._frames and self._frames[0].time_s < needed:
            self._frames.popleft()

    def _all_judged(self, done: list[Excursion | None]) -> list[Repetition]:
        return [
            repetition for place, way in enumerate(done) if way and (repetition := self._judged(way, place)) is not None
        ]

    def _judged(self, way: Excursion, place: int) -> Repetition | None:
        """The repetition, if it is one; else what it was is kept as an attempt."""
        followed = self._followed[place]
        if way.progress < _HALF or self._counted_already(way, followed):
            return None
        within = periods(self._frames, way, place)
        trust = [frame.trust[place] for frame in within["during"]]
        unsure = [unseen(followed.signal.measure)] if trust and median(trust) < _LEAST_TRUST else []
        refused: list[tuple[Exercise, list[Reason]]] = []
        for judge in followed.judges:
            reasons = [*unsure, *self._reasons(judge, within, way)]
            if not reasons:
                return self._add(judge, way, followed.side, within)
            refused.append((judge, reasons))
        nearest, reasons = min(reversed(refused), key=lambda entry: len(entry[1]))
        self._refuse(nearest, way, reasons)
        return None

    def _counted_already(self, way: Excursion, followed: _Followed) -> bool:
        """Whether it was counted by another signal."""
        return any(_one_movement(way, one) for one in self.repetitions[-4:] if one.exercise.signal != followed.signal)

    def _reasons(self, judge: Exercise, within: Periods, way: Excursion) -> list[Reason]:
        """Why it is none; the movement as a whole first."""
        complete = way.progress >= 1
        reasons = [] if complete else [of_movement("half")]
        if not way.whole:
            reasons.append(of_movement("begun"))
        if way.duration_s < max(judge.shortest_s, self._shortest_of_rhythm(judge)):
            reasons.append(of_movement("quick"))
        if way.duration_s > judge.longest_s:
            reasons.append(of_movement("slow"))
        for condition in judge.requires:
            if (complete or condition.when != "turn") and not self._elsewhere(condition):
                found = verdict(condition, within, way)
                if found != "holds":
                    reasons.append(of_condition(condition, seen=found == "fails"))
        return reasons

    def _shortest_of_rhythm(self, judge: Exercise) -> float:
        times = [one.end_s - one.start_s for one in self.repetitions if one.exercise.signal == judge.signal]
        return _RHYTHM * median(times) if len(times) >= _OWN_TIMES else 0.0

    def _refuse(self, nearest: Exercise, way: Excursion, reasons: list[Reason]) -> None:
        attempt = Attempt.of(nearest, way, reasons)
        own = nearest.signal == self.exercise.signal
        if not own and any(_other_signal(one, attempt) for one in self.attempts[-4:]):
            return
        # By the signal of a variant only what nearly is one: a hand near its shoulder is no push-up at a wall.
        slight = way.progress < 1 and not attempt.half
        other = not own and len(reasons) > 1
        if slight or other or way.duration_s < _NOISE * nearest.shortest_s:
            self.faint.append(attempt)
            return
        if own:
            self.attempts = [one for one in self.attempts if not _other_signal(one, attempt)]
        self.attempts.append(attempt)
        self.newest = attempt

    def _add(
        self, judge: Exercise, way: Excursion, side: Literal["left", "right"] | None, within: Periods
    ) -> Repetition:
        faults = tuple(fault for fault in judge.faults if self._made(fault, within, way))
        parts = score_parts(judge, way, faults)
        times = (way.start_s, way.turn_s, way.end_s)
        repetition = Repetition(self.count + 1, *times, way.depth, judge, side, faults, parts)
        self.attempts = [one for one in self.attempts if not _other_signal(one, repetition)]
        self.repetitions.append(repetition)
        self.newest = repetition
        return repetition

    def _elsewhere(self, condition: Condition) -> bool:
        """Whether the view is not one in which the condition can be judged."""
        return condition.view not in ("any", view_of(self.facing))

    def _made(self, fault: Fault, within: Periods, way: Excursion) -> bool:
        return not self._elsewhere(fault.condition) and verdict(fault.condition, within, way) == "holds"

    def _held(self, held: Held | None) -> list[Repetition]:
        if self._hold and len(self._hold.attempts) > len(self.attempts):
            self.attempts = list(self._hold.attempts)
            self.newest = self.attempts[-1]
        if held is None:
            return []
        within: Periods = {"rest": [], "during": held.frames, "turn": held.frames}
        return [self._add(held.exercise, held.way, None, within)]


def _conditions(exercise: Exercise) -> list[Condition]:
    return [*exercise.requires, *(fault.condition for fault in exercise.faults)]


def _followed_signals(judges: tuple[Exercise, ...]) -> list[_Followed]:
    """Each signal once, that of the exercise itself first."""
    followed = []
    for signal in dict.fromkeys(judge.signal for judge in reversed(judges) if judge.signal):
        mine = tuple(judge for judge in judges if judge.signal == signal)
        longest, way = max(judge.longest_s for judge in mine), min(judge.way_s for judge in mine)
        sides: tuple[Literal["left", "right"] | None, ...] = ("left", "right") if signal.side == "each" else (None,)
        followed += [_Followed(signal, side, PhaseTracker(signal, longest, way), mine) for side in sides]
    return followed


def _signal_quantity(signal: Signal, side: Literal["left", "right"] | None) -> Quantity:
    chosen: Side = side or ("better" if signal.side == "each" else signal.side)
    return signal.measure, chosen, signal.space


def _other_signal(one: Attempt, other: Attempt | Repetition) -> bool:
    """Whether they are the same movement, seen by different signals."""
    return one.exercise.signal != other.exercise.signal and _one_movement(one, other)


def _one_movement(first: Span, second: Span) -> bool:
    """Whether two spans of time are mostly the same."""
    shared = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    return shared > _SAME * min(first.end_s - first.start_s, second.end_s - second.start_s)


def count_reps(sequence: PoseSequence, person: int, exercise: Exercise) -> list[Repetition]:
    """The repetitions of one person (from 0) in a clip, as `RepCounter` counts them."""
    return followed(sequence, person, exercise).repetitions


def followed(sequence: PoseSequence, person: int, exercise: Exercise) -> RepCounter:
    """The counter after one person (from 0) has been followed through a clip to its end."""
    counter = RepCounter(exercise)
    for row, time_s in enumerate(sequence.time.tolist()):
        counter.update(time_s, Body.at(sequence, row, person))
    counter.finish()
    return counter


def signal_value(
    exercise: Exercise, body: Body, trust: NDArray[np.float64], side: Literal["left", "right"] | None = None
) -> float:
    """The exercise's signal in one frame, of one side where the sides count each by itself; NaN if there is none."""
    return measure(body, trust, *_signal_quantity(exercise.signal, side)) if exercise.signal else math.nan


def signal_values(sequence: PoseSequence, person: int, exercise: Exercise) -> NDArray[np.float64]:
    """(T,) the exercise's signal in a clip, unfiltered, for charts and `calibrate`; NaN where it is not known."""
    trust = SideTrust()
    bodies = [Body.at(sequence, row, person) for row in range(len(sequence.time))]
    values = [
        signal_value(exercise, body, trust.update(time_s, body))
        for time_s, body in zip(sequence.time.tolist(), bodies, strict=True)
    ]
    return np.array(values, np.float64)


def score_parts(exercise: Exercise, way: Excursion, faults: Iterable[Fault]) -> dict[str, float]:
    """Points for depth, tempo and faults.

    Depth: its part of the way from the standard's rest to `full`. Tempo: each way full within its seconds, less in
    proportion outside. Faults: what their weights leave.
    """
    score = exercise.score
    depth = (way.depth - score.rest) / (score.full - score.rest)
    tempo = (_in_time(way.turn_s - way.start_s, score.down_s) + _in_time(way.end_s - way.turn_s, score.up_s)) / 2
    kept = 1 - sum(fault.weight for fault in faults)
    return {
        "depth": score.depth * min(max(depth, 0.0), 1.0),
        "tempo": score.tempo * tempo,
        "faults": score.faults * max(kept, 0.0),
    }


def _in_time(seconds: float, span: tuple[float, float]) -> float:
    least, most = span
    if seconds < least:
        return seconds / least
    return 1.0 if seconds <= most else max(0.0, 2 - seconds / most)
