"""Angles as clinicians give them: signed, zero at the anatomical position; segments against the horizontal; and the
direction in which somebody looks, on which the signs depend.

Definitions and signs are those of Sports2D (D. Pagnon, H. Kim, Journal of Open Source Software 9(101), 2024).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.kinematics.joint_angles import JOINTS
from posecore.pose import FloatArray, Pose, PoseSequence
from posecore.skeleton import INDEX, MIRROR

Facing = Literal["left", "right", "front", "back"]

_HIP, _NECK = 33, 34  # middles of the hips and of the shoulders, put after the 33 landmarks
_MIDDLES = ((INDEX["left_hip"], INDEX["right_hip"]), (INDEX["left_shoulder"], INDEX["right_shoulder"]))


class _Joint(NamedTuple):
    points: tuple[int, ...]
    offset: float
    scale: int


# For the right side. Three points a, b, c: u = a - b, v = c - b; four: u = p1 - p0, v = p3 - p2.
_RIGHT_JOINTS = {
    "elbow": _Joint((16, 14, 12), 180, -1),
    "shoulder": _Joint((14, 12, _HIP, _NECK), 0, -1),
    "hip": _Joint((26, 24, _HIP, _NECK), 0, -1),
    "knee": _Joint((28, 26, 24), -180, 1),
    "ankle": _Joint((26, 28, 32, 30), 90, 1),
    "wrist": _Joint((14, 16, 20), -180, 1),
}
# End and beginning of each segment, for the right side.
_RIGHT_SEGMENTS = {"foot": (32, 30), "shank": (28, 26), "thigh": (26, 24), "arm": (14, 12), "forearm": (16, 14)}
_MIDDLE_SEGMENTS = {"trunk": (_NECK, _HIP), "pelvis": (23, 24), "shoulders": (11, 12)}


def _other_side(points: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(MIRROR[i] if i < _HIP else i for i in points)


CLINICAL = {
    f"{side}_{joint}": _RIGHT_JOINTS[joint]._replace(
        points=_RIGHT_JOINTS[joint].points if side == "right" else _other_side(_RIGHT_JOINTS[joint].points)
    )
    for joint in JOINTS
    for side in ("left", "right")
}
SEGMENTS = {
    f"{side}_{name}": ends if side == "right" else _other_side(ends)
    for name, ends in _RIGHT_SEGMENTS.items()
    for side in ("left", "right")
} | _MIDDLE_SEGMENTS

_WIDE = 0.4  # shoulders at least this wide, in lengths of the trunk, are seen from the front or from behind


def clinical_angles(points: NDArray[Any], facing: Facing | None = "right") -> FloatArray:
    """Signed joint angles in the picture in degrees, -180 to below 180, 0 at the anatomical position.

    Flexion and dorsiflexion are positive, extension negative; a raised arm is at +90 forward, at -180 overhead. They
    mean something where the movement is seen from the side.

    Args:
        points: (..., 33, 2) pixels, y down. Never coordinates divided by width and height.
        facing: decided once for a person and clip, see `facing`; for "left" x is negated first.

    Returns:
        (..., 12) in the order of `CLINICAL`, the names of `ANGLES`; NaN where a point is missing or two fall together.
    """
    body = _body(points, facing)
    columns = []
    for joint in CLINICAL.values():
        places = [body[..., i, :] for i in joint.points]
        if len(places) == 3:
            u, v = places[0] - places[1], places[2] - places[1]
        else:
            u, v = places[1] - places[0], places[3] - places[2]
        columns.append((-_turn(u, v) + joint.offset) * joint.scale)
    return _wrapped(np.stack(columns, -1))


def segment_angles(points: NDArray[Any], facing: Facing | None = "right") -> FloatArray:
    """Angles of segments against the horizontal in the picture in degrees, counter-clockwise, -180 to below 180.

    An upright trunk is at +90, a hanging arm and a straight leg at -90, a flat foot at 0; pelvis and shoulders point
    from right to left.

    Args:
        points, facing: as for `clinical_angles`.

    Returns:
        (..., 13) in the order of `SEGMENTS`; NaN where a point is missing or two fall together.
    """
    body = _body(points, facing)
    ends = np.array(list(SEGMENTS.values()))
    along = body[..., ends[:, 0], :] - body[..., ends[:, 1], :]
    return _wrapped(-_turn(np.broadcast_to([1.0, 0.0], along.shape), along))


def facing_of(points: NDArray[Any]) -> Facing | None:
    """The direction in which one person (33, 2) looks in one frame, None where it cannot be told.

    "left" and "right" are those of the picture for somebody upright. Measured against the trunk and the shank,
    not the picture, so it holds for pictures that are turned and people who lie. NaN is what is not known.
    """
    body = _body(points, None)
    up = body[_NECK] - body[_HIP]
    length = float(np.hypot(*up))
    if not length > 0:
        return None
    across = _across(up, body[11] - body[12]) / length
    if abs(across) > _WIDE:
        return "front" if across > 0 else "back"
    shank = (body[25] + body[26] - body[27] - body[28]) / 2
    signs = [_across(up, body[0] - (body[7] + body[8]) / 2), _across(shank, body[31] + body[32] - body[29] - body[30])]
    forward = sum(sign / length for sign in signs if np.isfinite(sign))
    return None if forward == 0 else "right" if forward > 0 else "left"


class FacingVotes:
    """The direction of view by majority, frame after frame; for live use, where the clip has no end yet."""

    def __init__(self) -> None:
        self._votes: Counter[Facing] = Counter()

    def add(self, points: NDArray[Any]) -> None:
        """Count what one frame (33, 2) says."""
        vote = facing_of(points)
        if vote is not None:
            self._votes[vote] += 1

    @property
    def winner(self) -> Facing | None:
        """What most frames say so far; side or front first, then which of the two."""
        if not self._votes:
            return None
        sides: tuple[Facing, Facing] = ("left", "right")
        ends: tuple[Facing, Facing] = ("front", "back")
        sideways = sum(self._votes[name] for name in sides) > sum(self._votes[name] for name in ends)
        pair = sides if sideways else ends
        return max(pair, key=lambda name: self._votes[name])


def facing(owner: Pose | PoseSequence, person: int) -> Facing | None:
    """The direction of view of one person, once for the whole clip or picture: by majority over the frames.

    Only seen landmarks count, where there are enough of them; signs must not change from frame to frame.
    """
    places = owner.xy[..., person, :, :].reshape(-1, len(MIRROR), 2)
    seen = owner.seen[..., person, :].reshape(-1, len(MIRROR), 1)
    for points in (np.where(seen, places, np.nan), places):
        votes = FacingVotes()
        for frame in points:
            votes.add(frame)
        if votes.winner:
            return votes.winner
    return None


def _body(points: NDArray[Any], facing: Facing | None) -> NDArray[np.float64]:
    """(..., 35, 2): mirrored if need be, with the middles of hips and shoulders at the end."""
    body = np.asarray(points, np.float64)
    if facing == "left":
        body = body * [-1, 1]
    middles = [(body[..., a, :] + body[..., b, :]) / 2 for a, b in _MIDDLES]
    return np.concatenate([body, np.stack(middles, -2)], -2)


def _turn(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees from u to v, clockwise on the screen; NaN where one has no length."""
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    dot = (u * v).sum(-1)
    return np.where((cross == 0) & (dot == 0), np.nan, np.degrees(np.arctan2(cross, dot)))


def _wrapped(degrees: NDArray[np.float64]) -> FloatArray:
    # Rounded first, so that -180.0000001 and 180 become the same number.
    return ((np.round(degrees, 6) + 180) % 360 - 180).astype(np.float32)


def _across(up: NDArray[np.float64], vector: NDArray[np.float64]) -> float:
    """How far a vector goes to the right of `up`, in pixels."""
    return float((vector * [-up[1], up[0]]).sum() / np.hypot(*up))
