"""Metres from pixels, by the height that somebody says they have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import BoolArray, PoseSequence
from posecore.skeleton import INDEX

LEAST_HEIGHT_M, MOST_HEIGHT_M = 0.5, 2.5
_STRAIGHT = 160.0  # degrees, interior, from which hips and knees count as straight
_KEPT = (25, 75)  # percentiles between which frames are kept
# Where they are, as parts of the height (R. Drillis, R. Contini, Body Segment Parameters, 1966).
_SHOULDERS, EYES = 0.818, 0.936
_HEAD = (1 - _SHOULDERS) / (EYES - _SHOULDERS)
_SEGMENTS = (("heel", "ankle"), ("ankle", "knee"), ("knee", "hip"), ("hip", "shoulder"))


def pixel_height(sequence: PoseSequence, person: int) -> float:
    """Height of one person in the picture in pixels, from the sole to the crown.

    The sum of foot, shank, thigh, trunk and head, left and right averaged, in frames in which hips and knees are nearly
    straight; the mean of the middle half of these. NaN where nobody stands whole and straight in any frame.
    """
    points = sequence.xy[:, person].astype(np.float64)
    seen = sequence.seen[:, person]
    lengths = np.full(len(points), np.nan)
    both = np.stack([_side_length(points, seen, side) for side in ("left", "right")])
    usable = np.isfinite(both).any(0)
    lengths[usable] = np.nanmean(both[:, usable], axis=0)
    lengths += _HEAD * np.linalg.norm(_middle(points, "eye") - _middle(points, "shoulder"), axis=-1)
    known = lengths[np.isfinite(lengths)]
    if not len(known):
        return float("nan")
    low, high = np.percentile(known, _KEPT)
    return float(known[(known >= low) & (known <= high)].mean())


def metres_per_pixel(sequence: PoseSequence, person: int, height_m: float) -> float:
    """How long a pixel is at the person's distance, for movement parallel to the picture; NaN where it is not known.

    Holds as long as the person stays as far from the camera as while standing straight.

    Args:
        height_m: of the person, in metres, `LEAST_HEIGHT_M` to `MOST_HEIGHT_M`.
    """
    if not LEAST_HEIGHT_M <= height_m <= MOST_HEIGHT_M:
        raise ValueError(f"height_m is {height_m}, not {LEAST_HEIGHT_M} to {MOST_HEIGHT_M}")
    return height_m / pixel_height(sequence, person)


def _side_length(points: NDArray[np.float64], seen: BoolArray, side: str) -> NDArray[np.float64]:
    """(T,) pixels from the sole to the shoulder along one side; NaN where it is bent or not seen."""
    columns = [list(ANGLES).index(f"{side}_{joint}") for joint in ("hip", "knee")]
    straight = (joint_angles(points)[:, columns] >= _STRAIGHT).all(-1) & angles_seen(seen)[:, columns].all(-1)
    straight &= seen[:, INDEX[f"{side}_heel"]]
    total = sum(
        np.linalg.norm(points[:, INDEX[f"{side}_{a}"]] - points[:, INDEX[f"{side}_{b}"]], axis=-1) for a, b in _SEGMENTS
    )
    return np.where(straight, total, np.nan)


def _middle(points: NDArray[np.float64], part: str) -> NDArray[np.float64]:
    return (points[:, INDEX[f"left_{part}"]] + points[:, INDEX[f"right_{part}"]]) / 2
