"""What two movements have in common and where they part: joint by joint, in time, and as a score that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label, uniform_filter1d

from posecore.compare.alignment import Alignment, align
from posecore.compare.movement import COMPARED, MIRRORED, Array, Movement, movement_of
from posecore.errors import PoseError
from posecore.pose import BoolArray, PoseSequence

Part = Literal["posture", "timing", "range", "sides"]
PARTS: tuple[Part, ...] = get_args(Part)
ERROR_DEG = 10.0  # what two looks at the same moment are apart: less is called equal
_MOST_ROWS = 4000  # of a movement: half a gigabyte of memory for the fit of two of ten minutes
_MOST_RATE = 30.0
_STEADY_S, _LEAST_S = 0.3, 0.3
_WEIGHTS: dict[Part, float] = {"posture": 0.5, "timing": 0.1, "range": 0.3, "sides": 0.1}
_HALF: dict[Part, float] = {"posture": 15.0, "timing": 0.25, "range": 30.0, "sides": 20.0}  # at which half is left


@dataclass(frozen=True)
class Difference:
    """A joint that is bent otherwise for a while.

    Attributes:
        joint: as in `ANGLES`; with the second movement mirrored it is the first one's.
        start_s, end_s: in the first clip.
        degrees: the second one's angle less the first one's, at the mean; below 0 it is bent more.
        most_s, other_s: when it is largest, in the first clip and in the second.
    """

    joint: str
    start_s: float
    end_s: float
    degrees: float
    most_s: float
    other_s: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two movements in step.

    Attributes:
        time: (T,) seconds in the first clip, of the part that both have.
        other_time: (T,) the same moments in the second clip.
        first, second: (T, 8) degrees, in the order of `COMPARED`; of the second as in a mirror where it is mirrored.
        apart: (T, 8) degrees, the second less the first, without what is shorter than an eye sees.
        seen: (T, 8) where both were seen.
        mirrored: whether left and right were exchanged for it.
        differences: the gravest first; empty where all is equal within what can be measured.
        scores: 0 to 100 for each part.
    """

    time: Array
    other_time: Array
    first: Array
    second: Array
    apart: Array
    seen: BoolArray
    mirrored: bool
    differences: list[Difference]
    scores: dict[Part, float]

    @property
    def score(self) -> float:
        """0 to 100, of all parts."""
        return sum(_WEIGHTS[part] * self.scores[part] for part in PARTS)

    def moments(self, most: int = 3) -> list[Difference]:
        """The gravest differences, each at another time: the other side's joint often differs with one."""
        chosen: list[Difference] = []
        for one in self.differences:
            if len(chosen) < most and all(abs(one.most_s - other.most_s) > _LEAST_S for other in chosen):
                chosen.append(one)
        return chosen


def compare(
    first: PoseSequence, second: PoseSequence, first_person: int = 0, second_person: int = 0, *, may_mirror: bool = True
) -> Comparison:
    """Put a person's movement beside another's.

    Raises:
        PoseError: one of them is seen too little, or no joint is seen in both.
    """
    longest = max(float(one.time[-1] - one.time[0]) for one in (first, second))
    rate = min(_MOST_RATE, _MOST_ROWS / max(longest, 1e-6))
    one, other = movement_of(first, first_person, rate), movement_of(second, second_person, rate)
    fit = align(one, other, may_mirror=may_mirror)
    other = other.mirrored() if fit.mirrored else other
    time, rows, others = _in_step(one, other, fit)
    angles = np.stack([np.interp(others, other.time, column) for column in other.angles.T], -1)
    seen = one.seen[rows] & other.seen[np.clip(np.searchsorted(other.time, others), 0, len(other.time) - 1)]
    if seen.sum(0).max() < _LEAST_S * rate:
        raise PoseError("nothing_to_compare")
    apart = _steady(angles - one.angles[rows], rate)
    differences = _differences(apart, seen, time, others, rate)
    scores = _scores(one.angles[rows], angles, seen, time, others)
    return Comparison(time, others, one.angles[rows], angles, apart, seen, fit.mirrored, differences, scores)


def _in_step(one: Movement, other: Movement, fit: Alignment) -> tuple[Array, NDArray[np.int64], Array]:
    """Times and rows of the first movement, and the times of the second that belong to them, rising."""
    apart = np.abs(one.angles[fit.rows[:, 0]] - other.angles[fit.rows[:, 1]]).sum(-1)
    nearest = np.lexsort((apart, fit.rows[:, 0]))  # of several moments that fit, the one that fits best
    rows, first = np.unique(fit.rows[nearest, 0], return_index=True)
    return one.time[rows], rows, other.time[fit.rows[nearest[first], 1]]


def _steady(apart: Array, rate: float) -> Array:
    """Without what is shorter than an eye sees."""
    return np.asarray(uniform_filter1d(apart, max(1, round(_STEADY_S * rate)), axis=0, mode="nearest"))


def _differences(apart: Array, seen: BoolArray, time: Array, others: Array, rate: float) -> list[Difference]:
    found: list[tuple[float, Difference]] = []
    for number, joint in enumerate(COMPARED):
        values = np.where(seen[:, number], apart[:, number], 0)
        for sign in (1, -1):
            runs, count = label(sign * values > ERROR_DEG)
            for run in range(1, count + 1):
                rows = np.flatnonzero(runs == run)
                if len(rows) < _LEAST_S * rate:
                    continue
                most = rows[np.abs(values[rows]).argmax()]
                size = float(values[rows].mean())
                moments = float(time[rows[0]]), float(time[rows[-1]])
                one = Difference(joint, *moments, size, float(time[most]), float(others[most]))
                found.append((abs(size) * len(rows), one))
    return [one for _, one in sorted(found, key=lambda entry: -entry[0])]


def _scores(first: Array, second: Array, seen: BoolArray, time: Array, others: Array) -> dict[Part, float]:
    known = seen.any(0)
    posture = _excess(np.abs(second - first)[seen])
    ranges = [np.ptp(np.percentile(angles, [5, 95], axis=0), axis=0)[known] for angles in (first, second)]
    sides = [angles - angles[:, MIRRORED] for angles in (first, second)]
    values: dict[Part, float] = {
        "posture": posture,
        "timing": _unevenness(time, others),
        "range": _excess(np.abs(ranges[0] - ranges[1])),
        "sides": _excess(np.abs(sides[1] - sides[0]).mean(0)[known]) / 2,
    }
    return {part: 100 * 0.5 ** (value / _HALF[part]) for part, value in values.items()}


def _excess(degrees: Array) -> float:
    """What is above the measuring error, at the mean."""
    return float(np.maximum(degrees - ERROR_DEG, 0).mean())


def _unevenness(time: Array, others: Array) -> float:
    """How far moments are from an even pace, as a part of the whole; a pace of its own is no difference."""
    if len(time) < 3:
        return 0.0
    even = np.polyval(np.polyfit(time, others, 1), time)
    return float(np.abs(others - even).mean() / max(float(np.ptp(others)), 1e-6))
