"""A number that goes to and fro: when it leaves rest, turns, and is back."""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import Literal, NamedTuple

from posecore.exercises.exercise import Signal

Phase = Literal["unknown", "rest", "down", "turn", "up", "hold"]

_WINDOW = 0.095  # seconds of the median: 6 frames at 60 a second, 3 at 30, 1 at 5
_LONGEST_GAP = 1.5  # seconds without a value after which nothing is known about the movement any more


class Excursion(NamedTuple):
    """Away from rest and back. Seconds; `depth` is the extreme of the signal, `progress` the same with 1 the turn."""

    start_s: float
    turn_s: float
    end_s: float
    depth: float
    progress: float


class PhaseTracker:
    """A signal's way from rest to the turn and back. `update` gives each return to rest as an `Excursion`.

    The signal goes through a median over 0.1 s, dated back to the middle of its window, so that single wild values
    do nothing and slow ones come at their time. Where it crosses thresholds is found between frames.

    Attributes:
        phase: "unknown" until somebody was at rest.
        value: the signal after the median, NaN before there is one.
    """

    def __init__(self, signal: Signal, longest_s: float = math.inf) -> None:
        self._signal = signal
        self._longest = longest_s
        self._window: deque[tuple[float, float]] = deque()
        self.phase: Phase = "unknown"
        self.value = math.nan
        self._last: tuple[float, float] | None = None  # seconds and progress
        self._start = math.nan
        self._extreme = (math.nan, -math.inf, math.nan)  # seconds, progress, value

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
        if self._window and time_s - self._window[-1][0] > _LONGEST_GAP:
            self._forget()
        self._window.append((time_s, value))
        while time_s - self._window[0][0] > _WINDOW:
            self._window.popleft()
        time_s = median(moment for moment, _ in self._window)
        self.value = median(value for _, value in self._window)
        done = self._step(time_s)
        self._last = (time_s, self.progress)
        return done

    def _forget(self) -> None:
        self.phase, self._last = "unknown", None
        self._window.clear()

    def _step(self, time_s: float) -> Excursion | None:
        progress = self.progress
        if progress <= 0:
            done = self._back(time_s) if self.phase in ("down", "turn", "up") else None
            self.phase = "rest"
            return done
        if self.phase == "rest":
            self._start = self._crossing(time_s)
            self._extreme = (math.nan, -math.inf, math.nan)
        elif self.phase == "unknown" or time_s - self._start > self._longest:
            self.phase = "unknown"
            return None
        if progress > self._extreme[1]:
            self._extreme = (time_s, progress, self.value)
        self.phase = "turn" if progress >= 1 else "up" if self._extreme[1] >= 1 else "down"
        return None

    def _back(self, time_s: float) -> Excursion:
        turn_s, progress, depth = self._extreme
        return Excursion(self._start, turn_s, self._crossing(time_s), depth, progress)

    def _crossing(self, time_s: float) -> float:
        """When the edge of rest was crossed, on a straight line from the value before."""
        if self._last is None:
            return time_s
        before, progress = self._last
        return before + (time_s - before) * progress / (progress - self.progress)
