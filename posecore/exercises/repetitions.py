"""Repetitions counted and judged, frame by frame, the same live and in a clip.

Everything is in seconds, so that 5 and 60 frames a second agree. A repetition is counted when it is complete: from
rest to the turn and back to rest.
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

from posecore.exercises.body_measures import Body, Side, SideTrust, measure
from posecore.exercises.exercise import OF_REPETITION, Condition, Exercise, Fault, View
from posecore.exercises.signal_phases import Excursion, Phase, PhaseTracker
from posecore.kinematics.clinical_angles import Facing, FacingVotes
from posecore.language import LANGUAGES, translate
from posecore.pose import PoseSequence

_REST_MEMORY = 1.0  # seconds before a repetition that count as rest
_AT_TURN = 0.85  # of the way that was gone; from there on somebody is at the turn
_HALF = 0.5  # of the way to the turn; from there on it was an attempt
_HOLD_GAP = 0.5  # seconds for which a held position may be lost or unseen
_VIEWS: dict[Facing, View] = {"left": "side", "right": "side", "front": "front", "back": "front"}
_MOST_FRAMES = 20_000
_UNJUDGED = Condition("", above=0)


@dataclass(frozen=True)
class Repetition:
    """One complete repetition, or one position held. Seconds of the clip.

    Attributes:
        number: from 1.
        depth: the extreme of the exercise's signal, in its unit; of a hold its seconds.
        side: which side moved, where left and right are counted each by itself.
        parts: points got for depth, tempo and faults; the most there are stand in `Exercise.score`.
    """

    number: int
    start_s: float
    turn_s: float
    end_s: float
    depth: float
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


class _Frame(NamedTuple):
    """What is kept of a frame until the repetition in which it lies is over."""

    time_s: float
    progress: tuple[float, ...]  # of each tracker's signal as it is; NaN unknown
    resting: tuple[bool, ...]
    values: Mapping[Condition, float]


class RepCounter:
    """Counts and judges the repetitions of one person in one exercise, from frames in the order of their time.

    Attributes:
        repetitions: all that were counted.
        attempts: those that did not go far enough to count.
        newest_fault: of the newest repetition or attempt the heaviest, None if it had none.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.repetitions: list[Repetition] = []
        self.attempts: list[Excursion] = []
        self.newest_fault: Fault | None = None
        self._trust, self._votes = SideTrust(), FacingVotes()
        signal = exercise.signal
        self._sides: tuple[Literal["left", "right"] | None, ...] = (
            () if signal is None else ("left", "right") if signal.side == "each" else (None,)
        )
        self._trackers = [PhaseTracker(signal, exercise.longest_s) for _ in self._sides if signal]
        conditions = [*exercise.requires, *(fault.condition for fault in exercise.faults)]
        self._conditions = [one for one in dict.fromkeys(conditions) if one.measure not in OF_REPETITION]
        self._frames: deque[_Frame] = deque(maxlen=_MOST_FRAMES)
        self._time = -math.inf
        self._hold = (math.inf, -math.inf)  # when it began and when it was last seen

    @property
    def count(self) -> int:
        """How many repetitions were completed."""
        return len(self.repetitions)

    @property
    def halves(self) -> int:
        """How many attempts did not go far enough."""
        return len(self.attempts)

    @property
    def phase(self) -> Phase:
        """Where in the movement the person is; of two sides, that of the one farther on."""
        if not self._trackers:
            return "hold" if self.held_s > 0 else "rest"
        return self._leading.phase

    @property
    def value(self) -> float:
        """The signal now, in its unit; seconds held for a hold."""
        return self._leading.value if self._trackers else self.held_s

    @property
    def progress(self) -> float:
        """0 at the edge of rest, 1 at the turn; NaN before anything is known."""
        return self._leading.progress if self._trackers else self.held_s / self.exercise.score.full

    @property
    def held_s(self) -> float:
        """How long the position has been held by now; 0 for exercises that repeat."""
        first, last = self._hold
        return last - first if self._time - last <= _HOLD_GAP else 0.0

    @property
    def facing(self) -> Facing | None:
        """The direction in which the person looks, by majority up to now."""
        return self._votes.winner

    @property
    def view_fits(self) -> bool:
        """Whether the person is seen from where the exercise is best judged; True while that is not known."""
        return self.facing is None or self.exercise.view in ("any", _VIEWS[self.facing])

    @property
    def _leading(self) -> PhaseTracker:
        return max(self._trackers, key=lambda one: one.progress if math.isfinite(one.progress) else -math.inf)

    def update(self, time_s: float, body: Body | None) -> list[Repetition]:
        """Take in one frame; returns what was completed with it. None where the person was not found."""
        if time_s <= self._time:
            return []
        self._time = time_s
        if body is None or not body.there:
            return self._end_hold() if self._held_too_long_ago() else []
        trust = self._trust.update(time_s, body)
        self._votes.add(body.guessed_xy)
        values = {one: measure(body, trust, one.measure, one.side, one.space) for one in self._conditions}
        if not self._trackers:
            return self._held(values)
        signals = [signal_value(self.exercise, body, trust, side) for side in self._sides]
        done = [tracker.update(time_s, value) for tracker, value in zip(self._trackers, signals, strict=True)]
        self._keep(time_s, signals, values)
        found = [
            repetition
            for place, excursion in enumerate(done)
            if excursion and (repetition := self._judged(excursion, place))
        ]
        self._drop_old()
        return found

    def finish(self) -> list[Repetition]:
        """At the end of a clip: a position that is still held counts up to here."""
        return self._end_hold()

    def _keep(self, time_s: float, signals: Iterable[float], values: Mapping[Condition, float]) -> None:
        signal = self.exercise.signal
        progress = tuple(signal.progress(value) for value in signals) if signal else ()
        resting = tuple(tracker.phase == "rest" for tracker in self._trackers)
        self._frames.append(_Frame(time_s, progress, resting, values))

    def _drop_old(self) -> None:
        needed = min(self._time, *(tracker.since for tracker in self._trackers)) - _REST_MEMORY
        while self._frames and self._frames[0].time_s < needed:
            self._frames.popleft()

    def _judged(self, way: Excursion, place: int) -> Repetition | None:
        """The repetition, if it is one."""
        duration = way.end_s - way.start_s
        if not self.exercise.shortest_s <= duration <= self.exercise.longest_s or way.progress < _HALF:
            return None
        complete = way.progress >= 1
        needed = [one for one in self.exercise.requires if complete or one.when != "turn"]
        periods = self._periods(way, place)
        if not all(self._elsewhere(one) or self._applies(one, periods, way) for one in needed):
            return None
        if not complete:
            self.attempts.append(way)
            self.newest_fault = half_fault()
            return None
        faults = tuple(fault for fault in self.exercise.faults if self._made(fault, periods, way))
        return self._add(way, self._sides[place], faults)

    def _add(self, way: Excursion, side: Literal["left", "right"] | None, faults: tuple[Fault, ...]) -> Repetition:
        parts = score_parts(self.exercise, way, faults)
        repetition = Repetition(self.count + 1, way.start_s, way.turn_s, way.end_s, way.depth, side, faults, parts)
        self.repetitions.append(repetition)
        self.newest_fault = max(faults, key=lambda fault: fault.weight, default=None)
        return repetition

    def _periods(self, way: Excursion, place: int) -> dict[str, list[_Frame]]:
        before = [frame for frame in self._frames if way.start_s - _REST_MEMORY <= frame.time_s < way.start_s]
        during = [frame for frame in self._frames if way.start_s <= frame.time_s <= way.end_s]
        edge = max(0.9, _AT_TURN * way.progress)
        turn = [frame for frame in during if frame.progress[place] >= edge]
        nearest = min(during, key=lambda frame: abs(frame.time_s - way.turn_s), default=None)
        return {
            "rest": [frame for frame in before if frame.resting[place]],
            "during": during,
            "turn": turn or ([nearest] if nearest else []),
        }

    def _elsewhere(self, condition: Condition) -> bool:
        """Whether the view is not one in which the condition can be judged."""
        if condition.view == "any":
            return False
        return self.facing is None or _VIEWS[self.facing] != condition.view

    def _made(self, fault: Fault, periods: Mapping[str, list[_Frame]], way: Excursion) -> bool:
        return not self._elsewhere(fault.condition) and self._applies(fault.condition, periods, way)

    def _applies(self, condition: Condition, periods: Mapping[str, list[_Frame]], way: Excursion) -> bool:
        """Whether a condition holds in its period; not where nothing is known."""
        if condition.measure in OF_REPETITION:
            return condition.holds(_of_repetition(condition.measure, way))
        values = _known(frame.values[condition] for frame in periods[condition.when])
        if condition.change:
            rest = _known(frame.values[condition] for frame in periods["rest"])
            values = [value - median(rest) for value in values] if rest else []
        if not values:
            return condition.if_seen
        return sum(map(condition.holds, values)) >= condition.share * len(values)

    def _held(self, values: Mapping[Condition, float]) -> list[Repetition]:
        ended = self._end_hold() if self._held_too_long_ago() else []
        if all(one.holds(values[one]) or (one.if_seen and math.isnan(values[one])) for one in self.exercise.requires):
            self._hold = (min(self._hold[0], self._time), self._time)
        if self._hold[0] < math.inf:
            self._frames.append(_Frame(self._time, (), (), values))
        return ended

    def _held_too_long_ago(self) -> bool:
        return self._hold[0] < math.inf and self._time - self._hold[1] > _HOLD_GAP

    def _end_hold(self) -> list[Repetition]:
        first, last = self._hold
        self._hold = (math.inf, -math.inf)
        during = [frame for frame in self._frames if frame.time_s <= last]
        self._frames.clear()
        if not last - first >= self.exercise.shortest_s:
            return []
        way = Excursion(first, (first + last) / 2, last, last - first, 1)
        periods = {"rest": [], "during": during, "turn": during}
        return [self._add(way, None, tuple(f for f in self.exercise.faults if self._made(f, periods, way)))]


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
    signal = exercise.signal
    if signal is None:
        return math.nan
    chosen: Side = side or ("better" if signal.side == "each" else signal.side)
    return measure(body, trust, signal.measure, chosen, signal.space)


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


def half_fault() -> Fault:
    """What is said of an attempt that did not go far enough."""
    return Fault("half", _UNJUDGED, 0.0, {language: translate(language, "coach.half") for language in LANGUAGES})


def _in_time(seconds: float, span: tuple[float, float]) -> float:
    least, most = span
    if seconds < least:
        return seconds / least
    return 1.0 if seconds <= most else max(0.0, 2 - seconds / most)


def _known(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _of_repetition(name: str, way: Excursion) -> float:
    return {
        "depth": way.depth,
        "down_s": way.turn_s - way.start_s,
        "up_s": way.end_s - way.turn_s,
        "duration_s": way.end_s - way.start_s,
    }[name]
