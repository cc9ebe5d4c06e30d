"""The body as MediaPipe Pose (BlazePose) numbers it: 33 landmarks, the bones between them, left and right."""

from __future__ import annotations

from functools import cache
from typing import Literal

Side = Literal["left", "right", "middle"]

LANDMARKS = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
INDEX = {name: number for number, name in enumerate(LANDMARKS)}

_FACE = ((0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10))
_TRUNK = ((11, 12), (11, 23), (12, 24), (23, 24))
_LEFT_ARM = ((11, 13), (13, 15), (15, 17), (15, 19), (15, 21), (17, 19))
_LEFT_LEG = ((23, 25), (25, 27), (27, 29), (27, 31), (29, 31))


def _mirror_name(name: str) -> str:
    swap = {"left": "right", "right": "left"}
    return "_".join(swap.get(part, part) for part in name.split("_"))


# Position i holds the landmark that i becomes in a mirror: pose[..., MIRROR, :] swaps left and right.
MIRROR = tuple(INDEX[_mirror_name(name)] for name in LANDMARKS)


def _mirrored(bones: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return tuple((MIRROR[a], MIRROR[b]) for a, b in bones)


BONES = _FACE + _TRUNK + _LEFT_ARM + _mirrored(_LEFT_ARM) + _LEFT_LEG + _mirrored(_LEFT_LEG)

# COCO's 17 keypoints, in COCO's order, as numbers of our landmarks.
COCO17 = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)


@cache
def landmark_side(number: int) -> Side:
    """Which side of the body, seen by its owner, a landmark is on."""
    for side in ("left", "right"):
        if side in LANDMARKS[number].split("_"):
            return side
    return "middle"


@cache
def bone_side(bone: tuple[int, int]) -> Side:
    """The side both ends share; a bone across the body is in the middle."""
    first, second = (landmark_side(end) for end in bone)
    if first == second:
        return first
    return second if first == "middle" else first if second == "middle" else "middle"
