"""What is told of a body at one moment: numbers that know neither its place, size nor direction, nor whose it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecore.skeleton import INDEX

Array = NDArray[np.float64]

_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_SIDES = ("left", "right")
USED = (INDEX["nose"], *(INDEX[f"{side}_{part}"] for side in _SIDES for part in _PARTS))
_PLACE = {name: number for number, name in enumerate(["nose", *(f"{s}_{p}" for s in _SIDES for p in _PARTS)])}
TRUNK = tuple(_PLACE[f"{side}_{part}"] for side in _SIDES for part in ("shoulder", "hip"))  # used even where guessed

_JOINTS = {
    "elbow": ("shoulder", "elbow", "wrist"),
    "shoulder": ("hip", "shoulder", "elbow"),
    "hip": ("shoulder", "hip", "knee"),
    "knee": ("hip", "knee", "ankle"),
}
_LIMBS = {
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
}
_AXES = ("along", "outward", "forward", "up")
_MOVED = ("elbow", "wrist", "knee", "ankle")
_LEAST_M = 0.05  # of a trunk, so that nothing is divided by 0

_SIDED = (
    *(f"{joint}_angle" for joint in _JOINTS),
    *(f"{limb}_{axis}" for limb in _LIMBS for axis in _AXES),
    "hand_to_head",
    "hip_height",
)
_WHOLE = ("trunk_upright", "trunk_back", "trunk_aside", "hands_apart", "feet_apart")
SIGNALS = (*(f"{side}_{name}" for side in _SIDES for name in _SIDED), *_WHOLE)
SPEEDS = tuple(f"{side}_{part}_speed" for side in _SIDES for part in _MOVED)
_TURNED = {"trunk_aside"}  # change their sign in a mirror


def mirror_of(names: tuple[str, ...]) -> tuple[NDArray[np.intp], Array]:
    """Order and signs that make of numbers by these names those of the mirror image."""
    swap = {"left": "right", "right": "left"}
    swapped = ["_".join(swap.get(part, part) for part in name.split("_")) for name in names]
    signs = [-1.0 if name in _TURNED else 1.0 for name in names]
    return np.array([names.index(name) for name in swapped]), np.array(signs)


def body_signals(points: Array) -> Array:
    """Numbers of the size of a radian, a direction or a length of trunk or leg.

    Args:
        points: (n, 13, 3) metres, of `USED`: y down, the camera upright; NaN where unknown.

    Returns:
        (n, S) in the order of `SIGNALS`.
    """
    axes = _body_axes(points)
    trunk = trunk_length(points)
    columns = [value for side in _SIDES for value in _of_side(points, side, axes, trunk)]
    along, outward, forward, up = axes
    whole = [
        (along * up).sum(-1),
        (forward * up).sum(-1),
        (outward * up).sum(-1),
        _apart(points, "wrist") / trunk,
        _apart(points, "ankle") / trunk,
    ]
    return np.stack([*columns, *whole], -1)


def trunk_length(points: Array) -> Array:
    """(n,) metres from the middle of the hips to that of the shoulders."""
    return np.asarray(
        np.maximum(np.linalg.norm(_middle(points, "shoulder") - _middle(points, "hip"), axis=-1), _LEAST_M)
    )


def limb_places(points: Array) -> Array:
    """(n, 8, 3) where elbows, wrists, knees and ankles are, in trunks from the middle of the hips; see `SPEEDS`."""
    chosen = [_PLACE[f"{side}_{part}"] for side in _SIDES for part in _MOVED]
    return np.asarray((points[:, chosen] - _middle(points, "hip")[:, None]) / trunk_length(points)[:, None, None])


def _at(points: Array, side: str, part: str) -> Array:
    return np.asarray(points[:, _PLACE[f"{side}_{part}"]])


def _middle(points: Array, part: str) -> Array:
    return (_at(points, "left", part) + _at(points, "right", part)) / 2


def _apart(points: Array, part: str) -> Array:
    return np.asarray(np.linalg.norm(_at(points, "left", part) - _at(points, "right", part), axis=-1))


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6))


def across(points: Array) -> Array:
    """(n, 3) from the body's right to its left, by hips and shoulders alike."""
    ways = (_unit(_at(points, "left", part) - _at(points, "right", part)) for part in ("hip", "shoulder"))
    return np.asarray(sum(ways))


def _body_axes(points: Array) -> tuple[Array, Array, Array, Array]:
    """(n, 3) along the trunk, to the body's left, to its front; and upwards in the room."""
    along = _unit(_middle(points, "shoulder") - _middle(points, "hip"))
    aside = across(points)
    left = _unit(aside - (aside * along).sum(-1, keepdims=True) * along)
    up = np.broadcast_to(np.array([0.0, -1.0, 0.0]), along.shape)
    return along, left, _cross(left, along), up


def _of_side(points: Array, side: str, axes: tuple[Array, Array, Array, Array], trunk: Array) -> list[Array]:
    along, left, forward, up = axes
    outward = left if side == "left" else -left
    values = [_angle(*(_at(points, side, part) for part in parts)) for parts in _JOINTS.values()]
    for first, second in _LIMBS.values():
        limb = _unit(_at(points, side, second) - _at(points, side, first))
        values += [(limb * axis).sum(-1) for axis in (along, outward, forward, up)]
    hip, knee, ankle = (_at(points, side, part) for part in ("hip", "knee", "ankle"))
    leg = np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)
    to_head = np.linalg.norm(_at(points, side, "wrist") - points[:, _PLACE["nose"]], axis=-1)
    return [*values, to_head / trunk, (ankle - hip)[:, 1] / np.maximum(leg, _LEAST_M)]


def _angle(a: Array, b: Array, c: Array) -> Array:
    """Radians at b, pi straight."""
    u, v = a - b, c - b
    return np.asarray(np.arctan2(np.linalg.norm(_cross(u, v), axis=-1), (u * v).sum(-1)))


def _cross(u: Array, v: Array) -> Array:
    """As `np.cross`, in a fifth of the time for few vectors."""
    (a, b, c), (d, e, f) = u.T, v.T
    return np.stack([b * f - c * e, c * d - a * f, a * e - b * d], -1)
