"""The joints of a figure, as humanoids of VRM and BVH have them, and how they hang together.

Axes: metres, X to the figure's left, Y up, Z to where it faces. At rest it stands as a T, palms down; then
every joint's own axes are these too.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]

# Each joint and the one that it hangs on, which stands before it.
PARENTS: dict[str, str | None] = {
    "hips": None,
    "spine": "hips",
    "chest": "spine",
    "neck": "chest",
    "head": "neck",
    "left_upper_arm": "chest",
    "left_lower_arm": "left_upper_arm",
    "left_hand": "left_lower_arm",
    "right_upper_arm": "chest",
    "right_lower_arm": "right_upper_arm",
    "right_hand": "right_lower_arm",
    "left_upper_leg": "hips",
    "left_lower_leg": "left_upper_leg",
    "left_foot": "left_lower_leg",
    "right_upper_leg": "hips",
    "right_lower_leg": "right_upper_leg",
    "right_foot": "right_lower_leg",
}
JOINTS = tuple(PARENTS)
PARENT = tuple(JOINTS.index(parent) if parent else -1 for parent in PARENTS.values())

# The landmarks that lie at joints, and the joint that carries each of the others.
AT_JOINTS = {
    **{f"{side}_shoulder": f"{side}_upper_arm" for side in ("left", "right")},
    **{f"{side}_elbow": f"{side}_lower_arm" for side in ("left", "right")},
    **{f"{side}_wrist": f"{side}_hand" for side in ("left", "right")},
    **{f"{side}_hip": f"{side}_upper_leg" for side in ("left", "right")},
    **{f"{side}_knee": f"{side}_lower_leg" for side in ("left", "right")},
    **{f"{side}_ankle": f"{side}_foot" for side in ("left", "right")},
}
FACE = (
    "nose",
    *(f"{side}_{part}" for side in ("left", "right") for part in ("eye_inner", "eye", "eye_outer", "ear")),
    "mouth_left",
    "mouth_right",
)
CARRIED = {
    **dict.fromkeys(FACE, "head"),
    **{f"{side}_{part}": f"{side}_hand" for side in ("left", "right") for part in ("pinky", "index", "thumb")},
    **{f"{side}_{part}": f"{side}_foot" for side in ("left", "right") for part in ("heel", "foot_index")},
}


def humanoid(joint: str) -> str:
    """("left_upper_arm") -> "leftUpperArm", as VRM calls it."""
    first, *others = joint.split("_")
    return first + "".join(map(str.title, others))


def turned(rotations: Mapping[str, Rotation]) -> dict[str, Rotation]:
    """Of rotations of joints in the room, those against the joint that each hangs on."""
    return {
        name: rotations[parent].inv() * rotations[name] if parent else rotations[name]
        for name, parent in PARENTS.items()
    }


def chained(offsets: Array, rotations: Mapping[str, Rotation]) -> dict[str, Array]:
    """(T, 3) where each joint is, from the hips, by the rotations of joints in the room."""
    places: dict[str, Array] = {}
    for name, parent in PARENTS.items():
        offset = offsets[JOINTS.index(name)]
        places[name] = (
            places[parent] + rotations[parent].apply(offset) if parent else np.zeros((len(rotations[name]), 3))
        )
    return places


def placed(offsets: Array, rotations: Array, root: Array) -> tuple[Array, Array]:
    """Forward kinematics.

    Args:
        offsets: (J, 3) metres, of each joint from the one that it hangs on, at rest.
        rotations: (T, J, 4) quaternions x, y, z, w of each joint against that one.
        root: (T, 3) metres, where the hips are.

    Returns:
        (T, J, 3) places of the joints, (T, J, 4) their rotations in the room.
    """
    places, turns = np.empty((*rotations.shape[:2], 3)), np.empty(rotations.shape)
    for joint, parent in enumerate(PARENT):
        own = Rotation.from_quat(rotations[:, joint])
        if parent < 0:
            places[:, joint], turns[:, joint] = root, own.as_quat()
            continue
        above = Rotation.from_quat(turns[:, parent])
        places[:, joint] = places[:, parent] + above.apply(offsets[joint])
        turns[:, joint] = (above * own).as_quat()
    return places, turns
