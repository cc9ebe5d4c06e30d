"""How the joints turn, from landmarks: directions of bones, planes of elbows, knees, hands and feet.

Elbows and knees are hinges: they bend to one side only, about an axis that follows the plane in which the limb is bent
and, where it is straight, the way in which limbs hang naturally. Forearms turn as the hands show, and not at all where
hands show nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.spatial.transform import Rotation

from posecore.figure.joints import Array
from posecore.pose import FloatArray
from posecore.skeleton import INDEX

X, Y, Z = np.eye(3)
_STEADY_S = 0.1  # over which axes of hinges and turns of forearms are made steady
_TURN_S = 0.05  # over which a limb that makes up for its hinge is made steady
_DAMPED = 0.03
_EXCHANGED_S = 0.08  # for which left and right may be exchanged without a turn of the body
_NATURAL = 0.15  # weight of the natural axis beside that of a limb bent by a right angle
_STRAIGHT, _CLEAR = np.radians([20.0, 50.0])  # to the wrong side: at most that is noise; from that it is not
_MOST_BENT = np.radians(165.0)
_MOST_TURNED = np.radians(100.0)  # of a forearm from its middle
_UNSURE_HAND = 0.3  # weight of a forearm's middle beside a hand that is seen


class Body(NamedTuple):
    """Landmarks of one person, and what they are worth.

    Attributes:
        places: (T, 33, 3) metres in the axes of `joints`, from the middle of the hips.
        sure: (T, 33) 0 to 1, 0 where guessed.
        rate: frames a second.
    """

    places: Array
    sure: FloatArray
    rate: float

    def at(self, name: str) -> Array:
        """(T, 3)"""
        return self.places[:, INDEX[name]]

    def middle(self, name: str) -> Array:
        """(T, 3) between left and right."""
        return (self.at(f"left_{name}") + self.at(f"right_{name}")) / 2

    def across(self, name: str) -> Array:
        """(T, 3) from right to left."""
        return self.at(f"left_{name}") - self.at(f"right_{name}")


def unit(vectors: Array) -> Array:
    """Of length 1; nothing stays nothing."""
    lengths = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))  # in a third of the time of `np.linalg.norm`
    return np.asarray(vectors / np.maximum(lengths, 1e-9)[..., None])


def facing(first: Array, second: Array, rest_first: Array, rest_second: Array) -> Rotation:
    """T rotations that bring `rest_first` to `first`, and `rest_second` as near to `second` as that lets it be."""

    def frame(a: Array, b: Array) -> Array:
        a = unit(a)
        c = unit(np.cross(a, b))
        return np.stack([a, np.cross(c, a), c], -1)

    return Rotation.from_matrix(frame(first, second) @ frame(rest_first, rest_second).T)


def limb_rotations(body: Body) -> dict[str, Rotation]:
    """Rotations of all joints in the room."""
    trunk = body.middle("shoulder") - body.middle("hip")
    hips, shoulders, ears = (_settled(body.across(name), body.rate) for name in ("hip", "shoulder", "ear"))
    found = {
        "hips": facing(hips, trunk, X, Y),
        "spine": facing(trunk, hips + shoulders, Y, X),
        "chest": facing(shoulders, trunk, X, Y),
        "neck": facing(body.middle("ear") - body.middle("shoulder"), shoulders, Y, X),
        "head": facing(_within_reach(ears, shoulders), _settled(_face_up(body), body.rate), X, Y),
    }
    for side, out in (("left", X), ("right", -X)):
        found |= _arm(body, found["chest"], side, out)
        found |= _leg(body, found["hips"], side)
    return found


def _within_reach(ears: Array, shoulders: Array) -> Array:
    """(T, 3) no head looks backwards: where its ears seem exchanged it looks ahead."""
    share = np.clip(1 + 2 * (ears * shoulders).sum(-1, keepdims=True), 0, 1)
    return np.asarray(share * ears + (1 - share) * shoulders)


def _face_up(body: Body) -> Array:
    mouth = (body.at("mouth_left") + body.at("mouth_right")) / 2
    return body.middle("eye") - mouth


def _arm(body: Body, chest: Rotation, side: str, out: Array) -> dict[str, Rotation]:
    shoulder, elbow, wrist = (body.at(f"{side}_{name}") for name in ("shoulder", "elbow", "wrist"))
    hinge = -Y if out[0] > 0 else Y  # at rest, palms down, a hand comes forward when its elbow bends
    natural = (_swing(chest, elbow - shoulder, out) * chest).apply(hinge)
    upper, lower, axis = _hinged(elbow - shoulder, wrist - elbow, natural, body.rate)
    fingers = (body.at(f"{side}_index") + body.at(f"{side}_pinky")) / 2 - wrist
    thumb_side = body.at(f"{side}_index") - body.at(f"{side}_pinky")
    sure = body.sure[:, [INDEX[f"{side}_{name}"] for name in ("wrist", "index", "pinky")]].min(-1)
    middle = facing(lower, axis, out, hinge)
    forearm = Rotation.from_rotvec(_forearm_turn(middle, thumb_side, out, sure, body.rate)[:, None] * lower) * middle
    return {
        f"{side}_upper_arm": facing(upper, axis, out, hinge),
        f"{side}_lower_arm": forearm,
        f"{side}_hand": _swing(forearm, fingers, out) * forearm,
    }


def _leg(body: Body, hips: Rotation, side: str) -> dict[str, Rotation]:
    hip, knee, ankle, heel, toe = (body.at(f"{side}_{name}") for name in ("hip", "knee", "ankle", "heel", "foot_index"))
    foot = toe - heel
    natural = unit(hips.apply(X)) + unit(np.cross(knee - ankle, foot))
    upper, lower, axis = _hinged(knee - hip, ankle - knee, natural, body.rate)
    return {
        f"{side}_upper_leg": facing(upper, axis, -Y, X),
        f"{side}_lower_leg": facing(lower, axis, -Y, X),
        f"{side}_foot": facing(foot, axis, Z, X),
    }


def _swing(frame: Rotation, direction: Array, rest: Array) -> Rotation:
    """The shortest way from where `rest` points in the frame to the direction."""
    origin, direction = frame.apply(rest), unit(direction)
    axis = np.cross(origin, direction)
    size = np.linalg.norm(axis, axis=-1)
    angle = np.arctan2(size, (origin * direction).sum(-1))
    return Rotation.from_rotvec(unit(axis) * angle[:, None])


def _hinged(upper: Array, lower: Array, natural: Array, rate: float) -> tuple[Array, Array, Array]:
    """(T, 3) each: directions of a limb's two bones, and the axis about which one bends against the other.

    What a steady axis leaves of the way to the limb's end, the limb makes up for by turning as a whole.
    """
    first = unit(upper)
    axis = _hinge_axis(first, unit(lower), natural, rate)
    bent = np.linalg.norm(lower, axis=-1, keepdims=True) * _bent(first, unit(lower), axis)
    turn = Rotation.from_rotvec(
        gaussian_filter1d(_turn_to(upper, upper + bent, lower - bent), _TURN_S * rate, axis=0, mode="nearest")
    )
    first, axis = turn.apply(first), turn.apply(axis)
    rest = upper + lower - np.linalg.norm(upper, axis=-1, keepdims=True) * first
    return first, _bent(first, unit(rest), axis), axis


def _turn_to(near: Array, far: Array, off: Array) -> Array:
    """(T, 3) rotation vectors, least squares: of a limb whose far end is `off` its place while its near end is not.

    Damped, for about itself a straight limb may turn as it likes.
    """
    inertia = sum(
        (end**2).sum(-1)[:, None, None] * np.eye(3) - end[:, :, None] * end[:, None, :] for end in (near, far)
    )
    damping = _DAMPED * np.trace(inertia, axis1=1, axis2=2)[:, None, None] * np.eye(3)
    return np.asarray(np.linalg.solve(inertia + damping + 1e-12 * np.eye(3), np.cross(far, off)[..., None])[..., 0])


def _hinge_axis(upper: Array, lower: Array, natural: Array, rate: float) -> Array:
    """(T, 3) about which the limb bends, at right angles to its upper bone."""
    plane = np.cross(upper, lower)  # as long as the sine of the bend
    bend = np.arctan2(np.linalg.norm(plane, axis=-1), (upper * lower).sum(-1))
    natural = _aside(natural, upper)
    wrong = (plane * natural).sum(-1) < 0
    sure = np.where(wrong, np.clip((bend - _STRAIGHT) / (_CLEAR - _STRAIGHT), 0, 1), 1.0)
    return _aside(_steady(plane * sure[:, None] + _NATURAL * natural, rate), upper)


def _bent(upper: Array, lower: Array, axis: Array) -> Array:
    """(T, 3) the lower bone turned into the plane of its hinge, and not beyond straight."""
    flat = _aside(lower, axis)
    angle = np.arctan2((np.cross(upper, flat) * axis).sum(-1), (upper * flat).sum(-1))
    angle = np.where(angle < -np.pi / 2, _MOST_BENT, np.clip(angle, 0, _MOST_BENT))
    return np.asarray(Rotation.from_rotvec(axis * angle[:, None]).apply(upper))


def _forearm_turn(middle: Rotation, thumb_side: Array, out: Array, sure: Array, rate: float) -> Array:
    """(T,) radians about the forearm; 0 where hands show nothing."""
    seen = middle.inv().apply(unit(thumb_side))
    along = np.cross(out, Z)
    # As points of a circle, which have no jump from 180 to -180.
    circle = np.stack([seen @ Z, seen @ along], -1) * sure[:, None] + [_UNSURE_HAND, 0]
    circle = _steady(circle, rate)
    return np.asarray(np.clip(np.arctan2(circle[:, 1], circle[:, 0]), -_MOST_TURNED, _MOST_TURNED))


def _aside(vectors: Array, axis: Array) -> Array:
    """Their part at right angles to an axis, of length 1."""
    return unit(vectors - (vectors * axis).sum(-1, keepdims=True) * axis)


def _settled(vectors: Array, rate: float) -> Array:
    """(T, 3) directions without what lasts for less than half of the window, such as left and right exchanged."""
    return unit(median_filter(unit(vectors), (2 * round(_EXCHANGED_S * rate) + 1, 1), mode="nearest"))


def _steady(values: Array, rate: float) -> Array:
    return np.asarray(gaussian_filter1d(values, _STEADY_S * rate, axis=0, mode="nearest"))
