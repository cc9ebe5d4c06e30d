"""What exercise files can ask for: one number about a body in one frame, each with a name.

Each works on one person, from one frame alone, so that it is the same live and in a clip.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from posecore.kinematics.joint_angles import JOINTS
from posecore.pose import SEEN, FloatArray, Pose, PoseSequence
from posecore.skeleton import INDEX, MIRROR

Side = Literal["left", "right", "better", "mean", "lowest", "highest"]
Space = Literal["picture", "world", "both"]
SIDES, SPACES = get_args(Side), get_args(Space)

Points = NDArray[np.float64]
_Sided = Callable[[Points, str], float]

# Less than SEEN: a joint that the body hides half is tracked well enough to follow a movement, if not to be measured.
_LEAST_VISIBILITY = 0.3
_ALIKE = 0.2  # a side whose visibility is less than the other's by this much has no say
_TRUNK_BY_SHOULDERS = 1.4  # its length in widths of the shoulders
_MEMORY = 0.5  # seconds over which visibility is averaged, so that sides do not take turns from frame to frame


@dataclass(frozen=True, eq=False)
class Body:
    """One person in one frame; a landmark that cannot be used is NaN.

    Attributes:
        xy: (33, 2) pixels, y down.
        world: (33, 3) metres, y down.
        visibility: (33,) 0 to 1.
        guessed_xy: (33, 2) pixels of all landmarks, also those that cannot be used.
    """

    xy: Points
    world: Points
    visibility: Points
    guessed_xy: Points

    @classmethod
    def of(cls, pose: Pose, person: int = 0) -> Body:
        """One of the people of a frame."""
        return cls._from(pose, (person,))

    @classmethod
    def at(cls, sequence: PoseSequence, frame: int, person: int = 0) -> Body:
        """The same from a clip: row `frame` of it."""
        return cls._from(sequence, (frame, person))

    @classmethod
    def _from(cls, owner: Pose | PoseSequence, place: tuple[int, ...]) -> Body:
        def part(values: FloatArray) -> Points:
            return np.asarray(values[place], np.float64)

        xy, visibility, presence = part(owner.xy), part(owner.visibility), part(owner.presence)
        with np.errstate(invalid="ignore"):
            inside = ((xy >= 0) & (xy < owner.size)).all(-1)
            usable = inside & (visibility >= _LEAST_VISIBILITY) & (presence >= SEEN)
        kept = usable[:, None]
        known = np.where(np.isfinite(visibility) & usable, visibility, 0.0)
        return cls(np.where(kept, xy, np.nan), np.where(kept, part(owner.world), np.nan), known, xy)

    @property
    def there(self) -> bool:
        """Whether any landmark can be used."""
        return bool(np.isfinite(self.xy).any())


class SideTrust:
    """How well each landmark was seen lately: its visibility, averaged over about half a second."""

    def __init__(self) -> None:
        self._value = np.zeros(len(MIRROR))
        self._time = -math.inf

    def update(self, time_s: float, body: Body) -> Points:
        """(33,) the average up to this frame."""
        weight = math.exp(-(time_s - self._time) / _MEMORY)
        self._value = weight * self._value + (1 - weight) * body.visibility
        self._time = time_s
        return self._value


def _point(points: Points, side: str, part: str) -> Points:
    return np.asarray(points[INDEX[f"{side}_{part}"]])


def _length(points: Points, side: str, first: str, second: str) -> float:
    return math.dist(_point(points, side, first), _point(points, side, second))


def _angle(u: Points, v: Points) -> float:
    """Degrees between two directions, 0 to 180."""
    size = math.hypot(*u) * math.hypot(*v)
    return math.degrees(math.acos(min(max(float(u @ v) / size, -1), 1))) if size > 0 else math.nan


def _up(points: Points) -> Points:
    return np.array([0.0, -1.0, 0.0][: points.shape[-1]])


def _interior(first: str, joint: str, last: str) -> _Sided:
    """The interior angle at a joint: 180 straight."""

    def value(points: Points, side: str) -> float:
        middle = _point(points, side, joint)
        return _angle(_point(points, side, first) - middle, _point(points, side, last) - middle)

    return value


def _lean(lower: str, upper: str) -> _Sided:
    """Degrees between a part of the body and the vertical: 0 upright, 90 lying, 180 upside down."""

    def value(points: Points, side: str) -> float:
        return _angle(_point(points, side, upper) - _point(points, side, lower), _up(points))

    return value


def _height(part: str, over: str) -> _Sided:
    """How far a part is above another, in lengths of the trunk; negative below."""

    def value(points: Points, side: str) -> float:
        trunk = _length(points, side, "shoulder", "hip")
        rise = _point(points, side, over)[1] - _point(points, side, part)[1]
        return float(rise / trunk) if trunk > 0 else math.nan

    return value


def _lift(part: str) -> _Sided:
    """How far a part is above the shoulder along the trunk's own line, in its lengths: the same lying and standing."""

    def value(points: Points, side: str) -> float:
        shoulder = _point(points, side, "shoulder")
        trunk = shoulder - _point(points, side, "hip")
        square = float(trunk @ trunk)
        return float((_point(points, side, part) - shoulder) @ trunk) / square if square > 0 else math.nan

    return value


def _reach(points: Points, side: str) -> float:
    """Distance of the hand from the shoulder, in lengths of the trunk: about 1.1 with a straight arm."""
    trunk = _length(points, side, "shoulder", "hip")
    return _length(points, side, "shoulder", "wrist") / trunk if trunk > 0 else math.nan


def _hip_height(points: Points, side: str) -> float:
    """Height of the hip over the ankle, in lengths of the leg: 1 standing, 0.5 or less at the bottom of a squat."""
    leg = _length(points, side, "hip", "knee") + _length(points, side, "knee", "ankle")
    rise = _point(points, side, "ankle")[1] - _point(points, side, "hip")[1]
    return float(rise / leg) if leg > 0 else math.nan


def _hip_sag(points: Points, side: str) -> float:
    """How far the hip hangs below the line from shoulder to ankle, in its lengths; negative where it sticks up."""
    shoulder = _point(points, side, "shoulder")
    line = _point(points, side, "ankle") - shoulder
    length = math.hypot(*line)
    if not length > 0:
        return math.nan
    hip, line = _point(points, side, "hip") - shoulder, line / length
    return float(-_up(points) @ (hip - (hip @ line) * line)) / length


def _foot_pitch(points: Points, side: str) -> float:
    """Degrees by which the foot points down, heel above toes."""
    foot = _point(points, side, "foot_index") - _point(points, side, "heel")
    return math.degrees(math.atan2(foot[1], math.hypot(*np.delete(foot, 1))))


def _trunk(points: Points) -> float:
    return sum(_length(points, side, "shoulder", "hip") for side in ("left", "right")) / 2


def _legs(points: Points) -> float:
    lengths = [
        _length(points, side, "hip", "knee") + _length(points, side, "knee", "ankle") for side in ("left", "right")
    ]
    return sum(lengths) / 2


def _stride(points: Points) -> float:
    """How far one foot is in front of the other, in lengths of the leg; needs metres."""
    hips = _point(points, "right", "hip") - _point(points, "left", "hip")
    feet = _point(points, "right", "ankle") - _point(points, "left", "ankle")
    size, leg = math.hypot(hips[0], hips[-1]), _legs(points)
    if not (size > 0 and leg > 0):
        return math.nan
    return abs(float(feet[0] * hips[-1] - feet[-1] * hips[0])) / size / leg


def _spread(part: str) -> Callable[[Points], float]:
    """Distance between left and right, in lengths of the trunk."""

    def value(points: Points) -> float:
        trunk = _trunk(points)
        apart = math.dist(_point(points, "left", part), _point(points, "right", part))
        return apart / trunk if trunk > 0 else math.nan

    return value


def _hands_below(points: Points) -> float:
    """How far the hands are below the shoulders, in widths of the shoulders; for whoever is seen from the front."""
    width = math.dist(_point(points, "left", "shoulder"), _point(points, "right", "shoulder"))
    drops = [_point(points, side, "wrist")[1] - _point(points, side, "shoulder")[1] for side in ("left", "right")]
    return float(sum(drops) / 2 / width) if width > 0 else math.nan


def _hip_rise(points: Points) -> float:
    """Height of the hips over the ankles, in lengths of the trunk; where that leans to the camera, by the shoulders."""
    both = [(_point(points, side, "hip"), _point(points, side, "ankle")) for side in ("left", "right")]
    trunk = _trunk(points)
    size = max(
        trunk, _TRUNK_BY_SHOULDERS * math.dist(*(_point(points, side, "shoulder") for side in ("left", "right")))
    )
    return float(sum(ankle[1] - hip[1] for hip, ankle in both) / 2 / size) if size > 0 else math.nan


def _knees_in(points: Points) -> float:
    """Distance of the knees from each other as a part of that of the ankles, both sideways: 1 knees over feet."""
    knees = abs(_point(points, "left", "knee")[0] - _point(points, "right", "knee")[0])
    ankles = abs(_point(points, "left", "ankle")[0] - _point(points, "right", "ankle")[0])
    return float(knees / ankles) if ankles > 0 else math.nan


# Measures of one side: the landmarks they need, without the side, and the number.
_SIDED: dict[str, tuple[tuple[str, ...], _Sided]] = {
    "elbow": (("shoulder", "elbow", "wrist"), _interior("shoulder", "elbow", "wrist")),
    "shoulder": (("hip", "shoulder", "elbow"), _interior("hip", "shoulder", "elbow")),
    "hip": (("shoulder", "hip", "knee"), _interior("shoulder", "hip", "knee")),
    "knee": (("hip", "knee", "ankle"), _interior("hip", "knee", "ankle")),
    "ankle": (("knee", "ankle", "foot_index"), _interior("knee", "ankle", "foot_index")),
    "wrist": (("elbow", "wrist", "index"), _interior("elbow", "wrist", "index")),
    "body_line": (("shoulder", "hip", "ankle"), _interior("shoulder", "hip", "ankle")),
    "trunk_lean": (("shoulder", "hip"), _lean("hip", "shoulder")),
    "shank_lean": (("knee", "ankle"), _lean("ankle", "knee")),
    "arm_lean": (("shoulder", "elbow"), _lean("elbow", "shoulder")),
    "knee_height": (("shoulder", "hip", "knee"), _height("knee", "hip")),
    "wrist_height": (("shoulder", "hip", "wrist"), _height("wrist", "shoulder")),
    "wrist_lift": (("shoulder", "hip", "wrist"), _lift("wrist")),
    "reach": (("shoulder", "hip", "wrist"), _reach),
    "elbow_height": (("shoulder", "hip", "elbow"), _height("elbow", "shoulder")),
    "hip_height": (("hip", "knee", "ankle"), _hip_height),
    "hip_sag": (("shoulder", "hip", "ankle"), _hip_sag),
    "foot_pitch": (("heel", "foot_index"), _foot_pitch),
}
_WHOLE: dict[str, Callable[[Points], float]] = {
    "stride": _stride,
    "ankle_spread": _spread("ankle"),
    "shoulder_width": _spread("shoulder"),
    "hands_below": _hands_below,
    "hip_rise": _hip_rise,
    "knees_in": _knees_in,
}
_WHOLE_PARTS = {
    "stride": ("hip", "ankle"),
    "ankle_spread": ("shoulder", "hip", "ankle"),
    "shoulder_width": ("hip", "shoulder"),
    "hands_below": ("shoulder", "wrist"),
    "hip_rise": ("shoulder", "hip", "ankle"),
    "knees_in": ("ankle", "knee"),
}
_ONLY_IN_SPACE = {"stride"}
MEASURES = (*_SIDED, *_WHOLE)
DEGREES = frozenset({*JOINTS, "body_line", "trunk_lean", "shank_lean", "arm_lean", "foot_pitch"})
assert set(JOINTS) <= set(_SIDED)


def parts_of(name: str) -> tuple[str, ...]:
    """Which landmarks a measure needs, without their side, the outermost last."""
    return _SIDED[name][0] if name in _SIDED else _WHOLE_PARTS[name]


def measure(body: Body, trust: Points, name: str, side: Side = "better", space: Space = "picture") -> float:
    """A number about a body, NaN where what it needs cannot be used.

    Args:
        trust: (33,) how well each landmark was seen lately, see `SideTrust`.
        name: one of `MEASURES`: degrees, or parts of a length of the body.
        side: "better" is the better seen side, a mean of both where they are seen alike; "lowest" and "highest" are
            the smaller and the larger number of the sides seen alike, "mean" that of all that can be used.
        space: in the picture, in metres, or the mean of both.
    """
    if space == "both":
        values = [measure(body, trust, name, side, one) for one in ("picture", "world")]
        return _mean([value for value in values if math.isfinite(value)])
    points = body.world if space == "world" or name in _ONLY_IN_SPACE else body.xy
    if name in _WHOLE:
        return _WHOLE[name](points)
    parts, value_of = _SIDED[name]
    if side in ("left", "right"):
        return value_of(points, side)
    both = [
        (value_of(points, one), min(float(trust[INDEX[f"{one}_{part}"]]) for part in parts))
        for one in ("left", "right")
    ]
    return _combined(both, side)


def surest(trust: Points, name: str, side: Side = "better") -> float:
    """How well the landmarks were seen lately that a measure needs, 0 to 1: its least sure one, on the surer side."""
    sides = (side,) if side in ("left", "right") else ("left", "right")
    least = [min(float(trust[INDEX[f"{one}_{part}"]]) for part in parts_of(name)) for one in sides]
    return max(least) if name in _SIDED else min(least)


def _combined(both: list[tuple[float, float]], side: Side) -> float:
    """One number of (value, trust) for left and right."""
    if side == "mean":
        return _mean([value for value, _ in both if math.isfinite(value)])
    best = max(trust for _, trust in both)
    alike = [
        (value, 1 - (best - trust) / _ALIKE)
        for value, trust in both
        if math.isfinite(value) and best - trust < _ALIKE
    ]  # fmt: skip
    if not alike:
        return math.nan
    if side == "better":
        return sum(value * weight for value, weight in alike) / sum(weight for _, weight in alike)
    return (min if side == "lowest" else max)(value for value, _ in alike)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else math.nan
