"""How a skeleton looks that is drawn in the browser: which bones, of which side, in which colours; where angles are."""

from __future__ import annotations

from posecore import palette
from posecore.kinematics.joint_angles import ANGLES
from posecore.skeleton import BONES, LANDMARKS, MIRROR, bone_side, landmark_side

SKELETON_LOOK = {
    "bones": [[a, b, bone_side((a, b))] for a, b in BONES],
    "sides": [landmark_side(number) for number in range(len(LANDMARKS))],
    "colours": {
        **palette.SIDES,
        "accent": palette.ACCENT,
        "ink": palette.INK,
        "paper": palette.PAPER,
        "confidence": list(palette.CONFIDENCE),
        "guessed": palette.GUESSED_OPACITY,
        "classicJoint": palette.CLASSIC_JOINT,
        "classicBone": palette.CLASSIC_BONE,
    },
    "joints": [
        {"name": name, "points": list(points), "mirror": MIRROR[points[1]], "side": landmark_side(points[1])}
        for name, points in ANGLES.items()
    ],  # in the order in which angles stand in tables
}
