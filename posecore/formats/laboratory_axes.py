"""Landmarks of one person as markers in the axes of movement laboratories: X forward, Y up, Z to the person's right.

Forward is towards the camera. The origin is the middle of the hips in every frame, for that is where the model's metres
begin: people bend and turn in place.
"""

from __future__ import annotations

import numpy as np

from posecore.pose import FloatArray, PoseSequence

MILLIMETRES = 1000.0
# The model's x runs to the picture's right, which is the left of who faces the camera, y down, z away from the camera.
_TURN = np.array([[0, 0, -1], [0, -1, 0], [-1, 0, 0]], np.float32)


def markers(sequence: PoseSequence, person: int) -> FloatArray:
    """(T, 33, 3) millimetres; NaN where the person was not found."""
    return np.asarray(MILLIMETRES * sequence.world[:, person] @ _TURN.T, np.float32)
