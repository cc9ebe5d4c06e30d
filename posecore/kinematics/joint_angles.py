"""Joint angles of poses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecore.pose import BoolArray, FloatArray
from posecore.skeleton import INDEX, MIRROR

# The angle at the middle one of three landmarks, for the left side.
_LEFT_JOINTS = {
    "elbow": ("left_shoulder", "left_elbow", "left_wrist"),
    "shoulder": ("left_hip", "left_shoulder", "left_elbow"),
    "hip": ("left_shoulder", "left_hip", "left_knee"),
    "knee": ("left_hip", "left_knee", "left_ankle"),
    "ankle": ("left_knee", "left_ankle", "left_foot_index"),
    "wrist": ("left_elbow", "left_wrist", "left_index"),
}
JOINTS = tuple(_LEFT_JOINTS)


def _numbers(names: tuple[str, str, str], side: str) -> tuple[int, int, int]:
    a, b, c = (INDEX[name] for name in names)
    return (a, b, c) if side == "left" else (MIRROR[a], MIRROR[b], MIRROR[c])


# Name of each angle and the numbers of its three landmarks, in the order of every table of angles.
ANGLES = {
    f"{side}_{joint}": _numbers(names, side) for joint, names in _LEFT_JOINTS.items() for side in ("left", "right")
}
_TRIPLES = np.array(list(ANGLES.values()))


def joint_angles(points: NDArray[Any]) -> FloatArray:
    """Interior angles in degrees, 0 to 180, 180 for a straight limb.

    The angle at b is the one between a - b and c - b, atan2(|u x v|, u . v), which stays exact near 0 and 180.

    Args:
        points: (..., 33, 2) pixels or (..., 33, 3) metres. Never coordinates divided by width and height: unless
            the picture is square they give wrong angles.

    Returns:
        (..., 12) in the order of `ANGLES`; NaN where a point is missing or two fall together.
    """
    a, b, c = np.moveaxis(np.asarray(points, np.float64)[..., _TRIPLES, :], -2, 0)
    u, v = a - b, c - b
    dot = (u * v).sum(-1)
    if u.shape[-1] == 2:
        cross = np.abs(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])
    else:
        cross = np.linalg.norm(np.cross(u, v), axis=-1)
    degrees = np.degrees(np.arctan2(cross, dot))
    return np.where((cross == 0) & (dot == 0), np.nan, degrees).astype(np.float32)


def angles_seen(seen: BoolArray) -> BoolArray:
    """(..., 33) whether each landmark was seen -> (..., 12) whether all three of each angle were."""
    return np.asarray(seen[..., _TRIPLES].all(-1))


def angle_spread(xy: NDArray[Any], spread: NDArray[Any]) -> FloatArray:
    """How far angles in the picture may be off in degrees, by half the distance of two looks from each other.

    First order: sqrt((s_a / |u|)^2 + (s_c / |v|)^2 + (s_b / |u| + s_b / |v|)^2) for the half distances s of the three
    points; infinite where only one look found the person.

    Args:
        xy: (..., 33, 2) pixels.
        spread: (..., 33) pixels, see `Pose`.

    Returns:
        (..., 12) in the order of `ANGLES`; NaN where there was one look.
    """
    a, b, c = np.moveaxis(np.asarray(xy, np.float64)[..., _TRIPLES, :], -2, 0)
    s_a, s_b, s_c = np.moveaxis(np.asarray(spread, np.float64)[..., _TRIPLES] / 2, -1, 0)
    u, v = (np.maximum(np.linalg.norm(end - b, axis=-1), 1e-6) for end in (a, c))
    radians = np.sqrt((s_a / u) ** 2 + (s_c / v) ** 2 + (s_b / u + s_b / v) ** 2)
    return np.asarray(np.degrees(radians), np.float32)
