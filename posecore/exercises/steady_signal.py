"""A signal made fit to be followed: values that nobody can reach are held back, slow ones get values between them."""

from __future__ import annotations

from typing import NamedTuple

from posecore.exercises.exercise import Signal

_LEAST_JUMP = 0.6  # ways from rest to turn
_BACK = 0.5  # ways from the last sure value, within which a value is believed again
_DOUBT_S = 0.6  # for which values after a jump are held back; then they are believed
_SLOW_S = 0.1  # seconds between values from which on there are values between them
_STEP_S = 0.05
_BEYOND = 0.25  # of the range of the samples around, by which a value between two may lie outside them
LONGEST_GAP_S = 1.5  # after which nothing is known about the movement any more


class Sample(NamedTuple):
    """A value of the signal at a time in seconds."""

    time_s: float
    value: float


class JumpGuard:
    """Holds back what follows a jump that no limb can make, as when a hand hides the elbow for some frames.

    Values come out late: when they come back to where they were, those between are gone; when they stay, all are
    believed. Nobody gets from rest to the turn in less than `way_s`.
    """

    def __init__(self, signal: Signal, way_s: float) -> None:
        self._signal, self._way_s = signal, way_s
        self._sure: Sample | None = None
        self._newest: Sample | None = None
        self._doubtful: list[Sample] = []

    def update(self, sample: Sample) -> list[Sample]:
        """What is sure with this sample, in the order of time."""
        before, self._newest = self._newest, sample
        if before is None or self._sure is None or sample.time_s - before.time_s > LONGEST_GAP_S:
            return self._believed([*self._doubtful, sample])
        if self._doubtful:
            if abs(self._way(self._sure, sample)) < _BACK:
                return self._believed([sample])
            self._doubtful.append(sample)
            late = sample.time_s - self._doubtful[0].time_s >= _DOUBT_S
            return self._believed(self._doubtful) if late else []
        way = abs(self._way(before, sample))
        if way > _LEAST_JUMP and way * self._way_s > sample.time_s - before.time_s:
            self._doubtful.append(sample)
            return []
        return self._believed([sample])

    def finish(self) -> list[Sample]:
        """What was held back when nothing more comes."""
        left, self._doubtful = self._doubtful, []
        return left

    def _believed(self, samples: list[Sample]) -> list[Sample]:
        self._sure, self._doubtful = samples[-1], []
        return samples

    def _way(self, first: Sample, last: Sample) -> float:
        return self._signal.progress(last.value) - self._signal.progress(first.value)


class GapFiller:
    """Puts values between samples that are more than 0.1 s apart, on a cubic through them (Catmull-Rom, uneven times).

    The turning point of a quick movement lies between the pictures of a slow stream. What lies between two samples
    needs the one after them, so samples come out one later.
    """

    def __init__(self) -> None:
        self._samples: list[Sample] = []  # the newest three
        self._waiting = False  # whether the newest has not come out yet

    def update(self, sample: Sample) -> list[Sample]:
        """What comes out with this sample."""
        out = [*self._between(sample), self._samples[-1]] if self._waiting else []
        apart = sample.time_s - self._samples[-1].time_s if self._samples else 0.0
        self._samples = [*self._samples[-2:], sample]
        self._waiting = _SLOW_S < apart <= LONGEST_GAP_S
        return out if self._waiting else [*out, sample]

    def finish(self) -> list[Sample]:
        """What has not come out yet when nothing more comes."""
        left = self._samples[-1:] if self._waiting else []
        self._waiting = False
        return left

    def _between(self, after: Sample) -> list[Sample]:
        first, last = self._samples[-2:]
        before = self._samples[0] if len(self._samples) > 2 else first
        span = last.time_s - first.time_s
        slopes = [_slope(before, first, last) * span, _slope(first, last, after) * span]
        steps = [k * _STEP_S / span for k in range(1, int(span / _STEP_S) + 1)]
        around = [one.value for one in (before, first, last, after)]
        beyond = _BEYOND * (max(around) - min(around))
        low, high = min(first.value, last.value) - beyond, max(first.value, last.value) + beyond
        values = [min(max(_hermite(u, first.value, last.value, *slopes), low), high) for u in steps]
        return [Sample(first.time_s + u * span, value) for u, value in zip(steps, values, strict=True) if u < 1]


def _slope(first: Sample, middle: Sample, last: Sample) -> float:
    """Of the parabola through three samples, at the middle one; of the line where two are the same."""
    left, right = middle.time_s - first.time_s, last.time_s - middle.time_s
    if not left > 0 or left > LONGEST_GAP_S:
        return (last.value - middle.value) / right
    if right > LONGEST_GAP_S:
        return (middle.value - first.value) / left
    before, after = (middle.value - first.value) / left, (last.value - middle.value) / right
    return (before * right + after * left) / (left + right)


def _hermite(u: float, first: float, last: float, slope_first: float, slope_last: float) -> float:
    """The cubic from one value to the other with these slopes, at 0 to 1 of the way."""
    rest = 1 - u
    return (
        (1 + 2 * u) * rest**2 * first + u * rest**2 * slope_first + u**2 * (3 - 2 * u) * last - u**2 * rest * slope_last
    )
