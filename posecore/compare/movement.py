"""What two movements are compared by: angles of joints in space, which know neither place, size nor direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecore.errors import PoseError
from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import BoolArray, PoseSequence

# Wrists and ankles are left out: they hang on hands and feet, which are seen worst.
COMPARED = tuple(name for name in ANGLES if not name.endswith(("wrist", "ankle")))
MIRRORED = tuple(
    COMPARED.index(name.replace("left", "*").replace("right", "left").replace("*", "right")) for name in COMPARED
)
_NUMBERS = [list(ANGLES).index(name) for name in COMPARED]
CLEANED = CleaningSettings(drop=False, longest_gap_s=1.0)
_LEAST_ROWS = 5

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Movement:
    """One person's angles at even times.

    Attributes:
        time: (T,) seconds in the clip.
        angles: (T, 8) degrees, in the order of `COMPARED`; never NaN, for what is unknown is filled in.
        seen: (T, 8) where they were not.
    """

    time: Array
    angles: Array
    seen: BoolArray

    @property
    def duration(self) -> float:
        """Seconds."""
        return float(self.time[-1] - self.time[0])

    def mirrored(self) -> Movement:
        """As in a mirror."""
        return Movement(self.time, self.angles[:, MIRRORED], self.seen[:, MIRRORED])

    def part(self, begin: int, end: int) -> Movement:
        """These rows."""
        return Movement(self.time[begin:end], self.angles[begin:end], self.seen[begin:end])


def movement_of(sequence: PoseSequence, person: int, rate: float) -> Movement:
    """A person's movement, cleaned, from when they are first seen to when they are last, at so many rows a second.

    Raises:
        PoseError: the person is seen too little.
    """
    there = np.flatnonzero(sequence.present[:, person])
    if len(there) < _LEAST_ROWS:
        raise PoseError("nobody_to_compare")
    sequence = sequence.part(int(there[0]), int(there[-1]) + 1)
    seen = sequence.seen[:, person]
    sequence = clean(sequence, CLEANED).sequence
    angles = joint_angles(sequence.world[:, person])[:, _NUMBERS].astype(np.float64)
    known = angles_seen(seen)[:, _NUMBERS] & np.isfinite(angles)
    time = np.arange(sequence.time[0], sequence.time[-1] + 0.5 / rate, 1 / rate)
    columns = [_filled(sequence.time, angles[:, k], known[:, k], time) for k in range(len(COMPARED))]
    return Movement(time, np.stack(columns, -1), known[_nearest(sequence.time, time)])


def _nearest(known: Array, wanted: Array) -> NDArray[np.int64]:
    after = np.clip(np.searchsorted(known, wanted), 1, len(known) - 1)
    return np.asarray(np.where(wanted - known[after - 1] < known[after] - wanted, after - 1, after))


def _filled(time: Array, values: Array, known: BoolArray, wanted: Array) -> Array:
    """Values at the wanted times; between known ones along a straight line, from guessed ones where none is known."""
    if known.sum() < _LEAST_ROWS:
        known = np.isfinite(values)
    if not known.any():
        return np.full(len(wanted), 180.0)
    return np.interp(wanted, time[known], values[known])
