"""How landmarks and angles move: speed, range of motion, left against right."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from posecore.kinematics.joint_angles import ANGLES, JOINTS, joint_angles
from posecore.pose import BoolArray, FloatArray, PoseSequence

_RANGE = ("joint", "side", "min", "min_time_s", "max", "max_time_s", "mean", "range", "known")


def clip_angles(sequence: PoseSequence, person: int, *, in_space: bool = False) -> FloatArray:
    """(T, 12) interior angles in degrees of one person, in the picture or in space; NaN where a point is missing."""
    return joint_angles((sequence.world if in_space else sequence.xy)[:, person])


def speed(places: FloatArray, time: NDArray[np.float64], breaks: BoolArray | None = None) -> FloatArray:
    """(T,) how fast a point moves, in its unit a second, by central differences; NaN beside gaps and breaks.

    Args:
        places: (T, axes), for instance pixels.
        time: (T,) seconds, rising.
        breaks: (T,) where the point is not that of the row before, see `cleaning.jumps`.
    """
    if len(time) < 2:
        return np.full(len(time), np.nan, np.float32)
    velocity = np.gradient(np.asarray(places, np.float64), time, axis=0)
    result = np.asarray(np.linalg.norm(velocity, axis=-1), np.float32)
    if breaks is not None:
        result[breaks | np.append(breaks[1:], False)] = np.nan
    return result


def range_of_motion(angles: FloatArray, time: NDArray[np.float64]) -> pd.DataFrame:
    """A row per angle: min, max, mean, range in degrees, and at what time min and max are.

    Args:
        angles: (T, 12) degrees, NaN where unknown; what is unknown throughout has no row.
    """
    rows = []
    for name, values in zip(ANGLES, np.asarray(angles, np.float64).T, strict=True):
        if not np.isfinite(values).any():
            continue
        lowest, highest = int(np.nanargmin(values)), int(np.nanargmax(values))
        side, joint = name.split("_", 1)
        rows.append(
            {
                "joint": joint,
                "side": side,
                "min": values[lowest],
                "min_time_s": time[lowest],
                "max": values[highest],
                "max_time_s": time[highest],
                "mean": float(np.nanmean(values)),
                "range": values[highest] - values[lowest],
                "known": float(np.isfinite(values).mean()),
            }
        )
    return pd.DataFrame(
        rows, columns=["joint", "side", "min", "min_time_s", "max", "max_time_s", "mean", "range", "known"]
    )


def symmetry(angles: FloatArray) -> pd.DataFrame:
    """A row per joint that is known on both sides at the same time: range left and right, and the mean of left minus
    right, all in degrees; and the symmetry index of the ranges, |L - R| / mean(L, R) in percent, 0 for equal sides
    (R. O. Robinson et al., Journal of Manipulative and Physiological Therapeutics 10, 1987).
    """
    names = list(ANGLES)
    rows = []
    for joint in JOINTS:
        left, right = (np.asarray(angles[:, names.index(f"{side}_{joint}")], np.float64) for side in ("left", "right"))
        both = np.isfinite(left) & np.isfinite(right)
        if both.sum() < 2:
            continue
        left_range, right_range = float(np.ptp(left[both])), float(np.ptp(right[both]))
        middle = (left_range + right_range) / 2
        rows.append(
            {
                "joint": joint,
                "left_range": left_range,
                "right_range": right_range,
                "mean_difference": float((left - right)[both].mean()),
                "index": abs(left_range - right_range) / middle * 100 if middle else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=["joint", "left_range", "right_range", "mean_difference", "index"])
