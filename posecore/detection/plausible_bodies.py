"""Which of the figures that a tracker sees can be bodies."""

from __future__ import annotations

import numpy as np

from posecore.pose import BoolArray, Pose, torso_lengths

# MediaPipe looks for people in 224 x 224 pixels, in which somebody with so short a torso is 15 tall. Ghosts in an empty
# scene have torsos of at most 0.0172 of the picture's longer side, the smallest people in the clips at hand 0.054.
_LEAST_TORSO, _LEAST_LOOKED_CLOSER = 0.02, 0.01
# Of 213 ghosts in an empty scene 97 % have a torso outside of these parts of the whole figure; people have 0.33 to 0.4.
_TORSO_OF_BODY = 0.2, 0.5
_SMALL_TORSO = 60  # pixels; larger figures may be foreshortened


def could_be_bodies(pose: Pose, *, looked_closer: bool = False) -> BoolArray:
    """(P,) false for what a tracker sees in an empty scene: small figures, crumpled or nothing but a torso.

    Args:
        looked_closer: whether parts of the picture were looked at, in which smaller people are found.
    """
    least = _LEAST_LOOKED_CLOSER if looked_closer else _LEAST_TORSO
    torso = torso_lengths(pose)
    possible = torso >= least * max(pose.size)
    large = np.asarray(torso >= _SMALL_TORSO)
    if (large & possible).all():
        return large
    left, top, right, bottom = pose.whole_boxes.T
    whole = np.maximum(right - left, bottom - top)
    low, high = _TORSO_OF_BODY
    return np.asarray(possible & (large | ((torso > low * whole) & (torso < high * whole))))
