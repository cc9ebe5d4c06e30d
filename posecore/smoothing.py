"""Landmarks of one person smoothed over time as MediaPipe does, to the last bit.

It computes in float64 and keeps float32.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posecore.pose import FloatArray

_FIRST_RATE = 30.0  # Hz, until two frames are known
_SPEED_CUTOFF = 1.0  # Hz


class OneEuro:
    """The One-Euro filter: the quicker a value moves, the less it is smoothed.

    Casiez, Roussel, Vogel: 1 € filter, CHI 2012, https://doi.org/10.1145/2207676.2208639.
    """

    def __init__(self, min_cutoff: float, beta: float) -> None:
        """Hz at rest, and how much more for each unit a second."""
        self._min_cutoff = float(np.float32(min_cutoff))
        self._beta = float(np.float32(beta))
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._time_ns, self._rate = -1, _FIRST_RATE
        self._raw: FloatArray | None = None
        self._smooth = self._speed = np.zeros(0, np.float32)

    def smooth(self, values: FloatArray, time_ns: int, scale: float = 1.0) -> FloatArray:
        """The values at a moment, smoothed; speeds are counted in `scale` of the values' units a second."""
        if time_ns <= self._time_ns:
            return values
        if self._time_ns > 0:
            self._rate = 1.0 / ((time_ns - self._time_ns) * 1e-9)
        self._time_ns = time_ns
        if self._raw is None:
            self._speed, self._smooth = np.zeros_like(values), values
        else:
            change = (values.astype(np.float64) - self._raw) * scale * self._rate
            self._speed = _mixed(self._share(np.float64(_SPEED_CUTOFF)), change.astype(np.float32), self._speed)
            cutoff = self._min_cutoff + self._beta * np.abs(self._speed.astype(np.float64))
            self._smooth = _mixed(self._share(cutoff), values, self._smooth)
        self._raw = values
        return self._smooth

    def _share(self, cutoff: NDArray[np.float64] | np.float64) -> FloatArray | np.float32:
        """Of the new value in the smoothed one."""
        seconds = 1.0 / self._rate
        lag = 1.0 / (2 * math.pi * cutoff)
        return (1.0 / (1.0 + lag / seconds)).astype(np.float32)


class LowPass:
    """The same share of every new value."""

    def __init__(self, share: float) -> None:
        self._share = np.float32(share)
        self._smooth: FloatArray | None = None

    def smooth(self, values: FloatArray) -> FloatArray:
        """The next values, smoothed."""
        self._smooth = values if self._smooth is None else _mixed(self._share, values, self._smooth)
        return self._smooth


def _mixed(share: FloatArray | np.float32, new: FloatArray, old: FloatArray) -> FloatArray:
    return ((share * new).astype(np.float64) + (1.0 - share.astype(np.float64)) * old).astype(np.float32)
