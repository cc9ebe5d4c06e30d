"""A movement as a ghost in the picture of another: of one size with it, turned the same way, hips on hips."""

from __future__ import annotations

import numpy as np

from posecore.compare.comparison import Comparison
from posecore.compare.movement import CLEANED, Array
from posecore.kinematics.cleaning import clean
from posecore.pose import FloatArray, PoseSequence
from posecore.skeleton import INDEX, MIRROR

_PAIRS = {part: (INDEX[f"left_{part}"], INDEX[f"right_{part}"]) for part in ("shoulder", "hip")}

_EDGE_S = 0.05  # beside what both have in common, for frames do not fall on its moments


def ghost(
    first: PoseSequence, second: PoseSequence, first_person: int, second_person: int, found: Comparison
) -> FloatArray:
    """The second movement in the first one's picture, a row for each of its frames.

    Bodies in space are turned about the vertical by one angle for the whole movement, made as long in the trunk,
    and put where the first one's hips are.

    Returns:
        (T, 33, 2) pixels of the first clip; NaN outside of what both have in common.
    """
    at = np.flatnonzero((first.time > found.time[0] - _EDGE_S) & (first.time < found.time[-1] + _EDGE_S))
    result = np.full((len(first.time), len(MIRROR), 2), np.nan, np.float32)
    if not len(at):
        return result
    one, other = (clean(sequence, CLEANED).sequence for sequence in (first, second))
    pixels = one.xy[at, first_person].astype(np.float64)
    space = one.world[at, first_person].astype(np.float64)
    moments = np.interp(first.time[at], found.time, found.other_time)
    bodies = _at(other.time, other.world[:, second_person].astype(np.float64), moments)
    if found.mirrored:
        bodies = bodies[:, MIRROR] * (-1, 1, 1)
    bodies = _turned(bodies, _turn(space) - _turn(bodies)) * (_trunk(space) / _trunk(bodies))
    hips = pixels[:, _PAIRS["hip"]].mean(1, keepdims=True)
    result[at] = hips + _pixels_a_metre(pixels, space) * bodies[..., :2]
    return result


def _at(time: Array, values: Array, moments: Array) -> Array:
    """Values between frames, along straight lines; NaN where a neighbour is missing."""
    after = np.clip(np.searchsorted(time, moments), 1, len(time) - 1)
    share = ((moments - time[after - 1]) / (time[after] - time[after - 1]))[:, None, None]
    return np.asarray(values[after - 1] * (1 - share) + values[after] * share)


def _turn(bodies: Array) -> float:
    """Radians about the vertical that a body is turned by, from its shoulders and hips; the mean over all moments."""
    left, right = (bodies[:, [_PAIRS["shoulder"][side], _PAIRS["hip"][side]]].sum(1) for side in (0, 1))
    across = left - right
    known = across[np.isfinite(across).all(-1)]
    return float(np.arctan2(known[:, 2].sum(), known[:, 0].sum()))


def _turned(bodies: Array, angle: float) -> Array:
    cos, sin = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(bodies, -1, 0)
    return np.stack([cos * x - sin * z, y, sin * x + cos * z], -1)


def _trunk(bodies: Array) -> float:
    """Metres from the middle of the hips to that of the shoulders, the median."""
    up = bodies[:, _PAIRS["shoulder"]].mean(1) - bodies[:, _PAIRS["hip"]].mean(1)
    return float(np.nanmedian(np.linalg.norm(up, axis=-1)))


def _pixels_a_metre(pixels: Array, space: Array) -> float:
    """How large the body is in the picture, by the spread of its points there and in space; the median."""

    def spread(points: Array) -> Array:
        return np.asarray(np.sqrt(np.nansum((points - np.nanmean(points, 1, keepdims=True)) ** 2, (1, 2))))

    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.nanmedian(spread(pixels) / spread(space[..., :2])))
