"""Feet that stand: when, and the way of the hips through the room that keeps them where they stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_opening, gaussian_filter1d

from posecore.figure.joints import Array
from posecore.pose import BoolArray, frame_rate
from posecore.skeleton import INDEX

SIDES = ("left", "right")
_SOLE = ("heel", "foot_index", "ankle")
_STILL = 0.8  # torso lengths a second in the picture, below which a foot may stand
_LOW = 0.25  # torso lengths above the lowest sole within which it may
_SHORTEST_S, _GAP_S = 0.12, 0.1
_STEADY_S = 0.1  # over which places in the picture are made steady, for speeds
_STRETCHED = 0.9999  # of a leg's length, at most, for a straight one has no plane
_ROUNDS = 8  # of coming nearer to two places
_NEAR_S = 0.25  # within which a leg comes to where its foot stands, and leaves it


def standing(pixels: Array, soles: Array, time: Array, torso_px: float, torso_m: float) -> BoolArray:
    """(T, 2) whether the left and the right foot stand: still in the picture, and low.

    Args:
        pixels: (T, 33, 2) in the picture of a camera that stands too.
        soles: (T, 2) metres, the height of each foot's lower end.
    """
    result = np.zeros(soles.shape, np.bool_)
    lowest = soles.min(1)
    rate = frame_rate(time)
    for number, side in enumerate(SIDES):
        places = pixels[:, [INDEX[f"{side}_{part}"] for part in _SOLE]]
        places = gaussian_filter1d(places, _STEADY_S * rate, axis=0, mode="nearest")
        speed = np.linalg.norm(_slope(places, time), axis=-1).max(1) / torso_px
        stands = (speed < _STILL) & (soles[:, number] < lowest + _LOW * torso_m)
        gap, shortest = round(_GAP_S * rate), max(round(_SHORTEST_S * rate), 1)
        stands = binary_closing(np.pad(stands, gap, mode="edge"), np.ones(gap + 1))[gap : gap + len(time)]
        padded = np.pad(stands, shortest, mode="edge")
        result[:, number] = binary_opening(padded, np.ones(shortest))[shortest : shortest + len(time)]
    return result


def way_of_hips(ankles: Array, stands: BoolArray, shown: Array) -> tuple[Array, Array]:
    """Where the hips are so that standing feet stay, and (T, 2, 3) where the feet then stand; NaN where they do not.

    Args:
        ankles: (T, 2, 3) metres from the hips.
        shown: (T, 3) metres, the way of the hips as the picture shows it, for when no foot stands.
    """
    held = np.asarray(stands[1:] & stands[:-1])
    moved = _mean_where(held, -np.diff(ankles, axis=0))
    steps = np.where(np.any(held, 1, keepdims=True), moved, np.diff(shown, axis=0))
    hips = shown[0] + np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    begins = stands & ~np.concatenate([np.zeros((1, 2), np.bool_), stands[:-1]])
    since = np.maximum.accumulate(np.where(begins, np.arange(len(hips))[:, None], 0))
    places = hips[since] + np.take_along_axis(ankles, since[..., None], 0)
    # Two feet that stand do not move quite alike: the hips are between what one and the other say.
    off = _mean_where(stands, places - ankles - hips[:, None])
    rows = np.flatnonzero(stands.any(1))
    if len(rows):
        hips += np.stack([np.interp(np.arange(len(hips)), rows, axis[rows]) for axis in off.T], -1)
    return hips, np.where(stands[..., None], places, np.nan)


def eased(offsets: Array, known: BoolArray, time: Array) -> Array:
    """(T, ...) offsets where they are known, fading to nothing within a quarter of a second before and after.

    Args:
        known: (T,) where.
    """
    rows = np.flatnonzero(known)
    if not len(rows):
        return np.zeros_like(offsets)
    after = np.searchsorted(rows, np.arange(len(known)))
    later, earlier = rows[np.minimum(after, len(rows) - 1)], rows[np.maximum(after - 1, 0)]
    earlier = np.where(known, np.arange(len(known)), earlier)
    weights = [np.clip(1 - np.abs(time - time[near]) / _NEAR_S, 0, 1) for near in (earlier, later)]
    total = np.maximum(weights[0] + weights[1], 1.0)
    shape = (-1, *[1] * (offsets.ndim - 1))
    first, second = (np.reshape(weight / total, shape) for weight in weights)
    return np.asarray(first * offsets[earlier] + second * offsets[later])


def bent_leg(hip: Array, target: Array, lengths: tuple[float, float], ahead: Array) -> tuple[Array, Array]:
    """Knee and ankle of a leg whose ankle comes as near to the target as its length lets it.

    Args:
        hip, target: (T, 3) metres.
        lengths: of thigh and shank, metres.
        ahead: (T, 3) about where the knee points.
    """
    thigh, shank = lengths
    way = target - hip
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = way / np.maximum(length, 1e-9)
    length = np.clip(length, abs(thigh - shank) + 1e-3, (thigh + shank) * _STRETCHED)
    aside = ahead - (ahead * way).sum(-1, keepdims=True) * way
    aside /= np.maximum(np.linalg.norm(aside, axis=-1, keepdims=True), 1e-9)
    along = (thigh**2 - shank**2 + length**2) / (2 * length)
    height = np.sqrt(np.maximum(thigh**2 - along**2, 0))
    return hip + along * way + height * aside, hip + length * way


def within_reach(hips: Array, places: Array, stands: BoolArray, reach: float) -> Array:
    """(T, 3) how far the hips have to move so that legs of a length come to where their feet stand.

    By turns for one foot and the other, the shortest way where both are too far (projections onto convex sets).

    Args:
        hips: (T, 2, 3) where the legs begin, metres.
        places: (T, 2, 3) of the ankles of standing feet.
    """
    moved = np.zeros((len(hips), 3))
    for foot in (0, 1) * _ROUNDS:
        way = np.where(stands[:, [foot]], places[:, foot] - hips[:, foot] - moved, 0)
        length = np.linalg.norm(way, axis=-1, keepdims=True)
        moved += way * np.maximum(1 - reach * _STRETCHED / np.maximum(length, 1e-9), 0)
    return moved


def _mean_where(feet: BoolArray, values: Array) -> Array:
    """(T, 3) of (T, 2, 3), over those feet; 0 where there are none."""
    total = np.where(np.expand_dims(feet, -1), values, 0).sum(1)
    return np.asarray(total / np.maximum(feet.sum(1), 1)[:, None])


def _slope(values: Array, time: NDArray[np.float64]) -> Array:
    if len(time) < 2:
        return np.zeros_like(values)
    return np.asarray(np.gradient(values, time, axis=0))
