"""Landmarks brought to where bones of one length let them be.

A model's bones change their length from frame to frame. A limb that followed the directions of its bones alone would
end where their errors add up; one that followed its end alone would bend where landmarks are straight but too near.
"""

from __future__ import annotations

import numpy as np

from posecore.figure.joints import AT_JOINTS, CARRIED, JOINTS, Array
from posecore.figure.limb_rotations import Body, unit
from posecore.skeleton import INDEX

_SIDES = (("left", 1.0), ("right", -1.0))
_DIRECTION = 2.0  # what a direction counts beside places: with less, knees bend otherwise than measured
ROUNDS = 3  # after which nothing moves by more than 2 mm
_HEAD = "head"  # between the ears


def fitted(body: Body, offsets: Array, rounds: int = ROUNDS) -> Body:
    """The body with bones as long as `offsets` (J, 3) are, each pointing where its landmarks do and its limb ending
    where theirs does, as nearly as both can be.

    Least squares over the directions, one after the other and around again (block coordinate descent): what is best
    for one bone while the others stay is known.

    Args:
        rounds: without any, bones follow their directions alone.
    """
    along, wanted = _directions(body), _wanted(body)
    points, bones = list(wanted), list(along)
    reach = _reach(points, bones, offsets)
    target, landmarks = np.stack(list(wanted.values())), np.stack([unit(way) for way in along.values()])
    together = reach.T @ reach
    own = _DIRECTION * np.diag(together)
    goal = np.tensordot(reach.T, target, 1) + own[:, None, None] * landmarks
    others = together - np.diag(np.diag(together))
    towards = landmarks.copy()
    for bone in [*range(len(bones))] * rounds:
        concerned = np.flatnonzero(others[bone])
        towards[bone] = unit(goal[bone] - sum(others[bone, other] * towards[other] for other in concerned))
    place = np.tensordot(reach, towards, 1)
    return _moved(body, dict(zip(points, place - target, strict=True)))


def _directions(body: Body) -> dict[str, Array]:
    """(T, 3) along the bones that end at these joints; those to the right hip and shoulder are opposite to the left."""
    found = {
        "left_upper_leg": body.across("hip"),
        "chest": body.middle("shoulder") - body.middle("hip"),
        "left_upper_arm": body.across("shoulder"),
        _HEAD: body.middle("ear") - body.middle("shoulder"),
    }
    for side, _ in _SIDES:
        for first, second in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle")):
            end = f"{side}_{second}"
            found[AT_JOINTS[end]] = body.at(end) - body.at(f"{side}_{first}")
    return found


def _wanted(body: Body) -> dict[str, Array]:
    """(T, 3) where the ends of these bones should be."""
    return {joint: body.at(name) for name, joint in AT_JOINTS.items()} | {_HEAD: body.middle("ear")}


def _reach(points: list[str], bones: list[str], offsets: Array) -> Array:
    """(points, bones) metres that a point moves along with a bone's direction."""
    reach = np.zeros((len(points), len(bones)))
    ways: dict[str, dict[str, float]] = {_HEAD: {"chest": 1.0, _HEAD: 1.0}}
    for side, sign in _SIDES:
        arm: dict[str, float] = {"chest": 1.0, "left_upper_arm": sign}
        leg: dict[str, float] = {"left_upper_leg": sign}
        for part, way in (("upper_arm", arm), ("upper_leg", leg)):
            ways[f"{side}_{part}"] = dict(way)
        for part, way in (("lower_arm", arm), ("hand", arm), ("lower_leg", leg), ("foot", leg)):
            way[f"{side}_{part}"] = 1.0
            ways[f"{side}_{part}"] = dict(way)
    for row, point in enumerate(points):
        for bone, sign in ways[point].items():
            reach[row, bones.index(bone)] = sign * np.linalg.norm(offsets[JOINTS.index(bone)])
    return reach


def _moved(body: Body, moves: dict[str, Array]) -> Body:
    """With every landmark moved as its joint is."""
    places = body.places.copy()
    for name, joint in (AT_JOINTS | CARRIED).items():
        places[:, INDEX[name]] += moves[joint]
    return body._replace(places=places)
