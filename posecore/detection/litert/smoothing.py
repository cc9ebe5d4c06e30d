"""Landmarks of one person smoothed over time as MediaPipe does."""

from __future__ import annotations

import math

from posecore.pose import FloatArray

_SPEED_CUTOFF = 1.0  # Hz


class OneEuro:
    """The One-Euro filter: the quicker a value moves, the less it is smoothed.

    Casiez, Roussel, Vogel: 1 € filter, CHI 2012, https://doi.org/10.1145/2207676.2208639.
    """

    def __init__(self, min_cutoff: float, beta: float) -> None:
        """Hz at rest, and how much more for each unit a second."""
        self._min_cutoff, self._beta = min_cutoff, beta
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._last: tuple[float, FloatArray, FloatArray, FloatArray] | None = None

    def smooth(self, values: FloatArray, time_s: float, scale: float = 1.0) -> FloatArray:
        """The values at a moment, smoothed; speeds are counted in `scale` of the values' units a second."""
        if self._last is None:
            self._last = time_s, values, 0 * values, values
            return values
        before, raw, speed, smoothed = self._last
        seconds = time_s - before
        if seconds <= 0:
            return values
        change = (values - raw) * (scale / seconds)
        speed = speed + _share(_SPEED_CUTOFF, seconds) * (change - speed)
        cutoff = self._min_cutoff + self._beta * abs(speed)
        smoothed = smoothed + _share(cutoff, seconds) * (values - smoothed)
        self._last = time_s, values, speed, smoothed
        return smoothed


class LowPass:
    """The same share of every new value."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._smoothed: FloatArray | None = None

    def smooth(self, values: FloatArray) -> FloatArray:
        """The next values, smoothed."""
        last = values if self._smoothed is None else self._smoothed
        self._smoothed = last + self._share * (values - last)
        return self._smoothed


def _share(cutoff: FloatArray | float, seconds: float) -> FloatArray | float:
    """Of a new value in the smoothed one, so many seconds after the last."""
    weight = 2 * math.pi * seconds * cutoff
    return weight / (1 + weight)
