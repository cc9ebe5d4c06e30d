"""A number that goes to and fro: when it leaves rest, turns, and is back."""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import Literal, NamedTuple, Protocol

from posecore.exercises.exercise import Signal
from posecore.exercises.steady_signal import LONGEST_GAP_S, GapFiller, JumpGuard, Sample

Phase = Literal["unknown", "rest", "down", "turn", "up", "hold"]


class Span(Protocol):
    """Anything that lasts."""

    @property
    def start_s(self) -> float:
        """When it begins."""

    @property
    def end_s(self) -> float:
        """When it ends."""


_WINDOW = 0.095  # seconds of the median: 6 frames at 60 a second, 3 at 30, 1 at 5
_BEGUN = 0.3  # of the way that must be seen of a movement that was under way in the first frame
_ALMOST = 0.85  # of the way that is the turn where pictures come so seldom that they miss it
_SELDOM_S = 0.25


class Excursion(NamedTuple):
    """Away from rest and back. Seconds; `depth` is the extreme of the signal, `progress` the same with 1 the turn.

    `at_turn_s` is the time from the first to the last value beyond the turn. One that takes too long ends unfinished.
    It is not `whole` if it was at its turn already when it was first seen.
    """

    start_s: float
    turn_s: float
    end_s: float
    depth: float
    progress: float
    at_turn_s: float = 0.0
    whole: bool = True

    @property
    def duration_s(self) -> float:
        """Seconds from leaving rest to being back."""
        return self.end_s - self.start_s


class PhaseTracker:
    """A signal's way from rest to the turn and back. `update` gives each return to rest as an `Excursion`.

    The signal is made steady (`steady_signal`) and goes through a median over 0.1 s, dated back to the middle of its
    window, so that single wild values do nothing and slow ones come at their time. Where it crosses thresholds is
    found between frames. What was on its way to the turn when it was first seen counts from there.

    Attributes:
        phase: "unknown" until somebody was at rest.
        value: the signal after the median, NaN before there is one.
    """

    def __init__(self, signal: Signal, longest_s: float = math.inf, way_s: float = 0.0) -> None:
        self._signal = signal
        self._longest = longest_s
        self._guard, self._filler = JumpGuard(signal, way_s), GapFiller()
        self._window: deque[Sample] = deque()
        self.phase: Phase = "unknown"
        self.value = math.nan
        self._last: Sample | None = None  # the value is the progress
        self._seen = False  # whether there was ever a value
        self._start = math.nan
        self._first = -math.inf  # progress in which a movement began that was under way when it was first seen
        self._extreme = (math.nan, -math.inf, math.nan)  # seconds, progress, value
        self._turn = (math.nan, math.nan)  # seconds of the first and the last value beyond the turn
        self._newest = math.nan
        self._apart = 0.0  # the longest time between two frames of the movement

    @property
    def progress(self) -> float:
        """0 at the edge of rest, 1 at the edge of the turn; may lie outside."""
        return self._signal.progress(self.value)

    @property
    def since(self) -> float:
        """When the movement that is under way began; infinite at rest."""
        return self._start if self.phase in ("down", "turn", "up") else math.inf

    def update(self, time_s: float, value: float) -> Excursion | None:
        """Take in the signal of one frame; NaN where it is not known."""
        if not math.isfinite(value):
            return None
        gap = time_s - self._newest
        self._apart, self._newest = max(self._apart, gap), time_s
        return self._taken(self._guard.update(Sample(time_s, value)))

    def finish(self) -> Excursion | None:
        """At the end of a clip: what was still waiting for the next frame."""
        done = self._taken(self._guard.finish())
        return self._followed(self._filler.finish()) or done

    def _taken(self, sure: list[Sample]) -> Excursion | None:
        samples = [self._smoothed(sample) for sample in sure]
        return self._followed([filled for sample in samples for filled in self._filler.update(sample)])

    def _smoothed(self, sample: Sample) -> Sample:
        if self._window and sample.time_s - self._window[-1].time_s > LONGEST_GAP_S:
            self._window.clear()
        self._window.append(sample)
        while sample.time_s - self._window[0].time_s > _WINDOW:
            self._window.popleft()
        return Sample(median(one.time_s for one in self._window), median(one.value for one in self._window))

    def _followed(self, samples: list[Sample]) -> Excursion | None:
        done = None
        for time_s, self.value in samples:
            if self._last and time_s - self._last.time_s > LONGEST_GAP_S:
                self.phase, self._last = "unknown", None
            done = self._step(time_s) or done
            self._last, self._seen = Sample(time_s, self.progress), True
        return done

    def _step(self, time_s: float) -> Excursion | None:
        progress = self.progress
        if progress <= 0:
            moved = self.phase in ("down", "turn", "up") and (
                self._first >= 1 or self._extreme[1] >= self._first + _BEGUN
            )
            done = self._excursion(self._crossing(time_s)) if moved else None
            self.phase = "rest"
            return done
        if self.phase == "rest":
            self._begin(self._crossing(time_s))
        elif not self._seen:
            self._begin(time_s, progress)
        elif self.phase == "unknown":
            return None
        elif time_s - self._start > self._longest:
            self.phase = "unknown"
            return self._excursion(time_s)
        self._advance(time_s, progress)
        return None

    def _begin(self, time_s: float, first: float = -math.inf) -> None:
        self._start, self._first = time_s, first
        self._extreme = (math.nan, -math.inf, math.nan)
        self._turn = (math.nan, math.nan)
        self._apart = 0.0

    def _advance(self, time_s: float, progress: float) -> None:
        if progress > self._extreme[1]:
            self._extreme = (time_s, progress, self.value)
        if progress >= 1:
            self._turn = (time_s if math.isnan(self._turn[0]) else self._turn[0], time_s)
        self.phase = "turn" if progress >= 1 else "up" if self._extreme[1] >= 1 else "down"

    def _excursion(self, end_s: float) -> Excursion:
        turn_s, progress, depth = self._extreme
        if _ALMOST <= progress < 1 and self._apart > _SELDOM_S:
            progress = 1.0
        first, last = self._turn
        at_turn = 0.0 if math.isnan(first) else last - first
        return Excursion(self._start, turn_s, end_s, depth, progress, at_turn, self._first < 1)

    def _crossing(self, time_s: float) -> float:
        """When the edge of rest was crossed, on a straight line from the value before."""
        if self._last is None:
            return time_s
        before, progress = self._last
        return before + (time_s - before) * progress / (progress - self.progress)
