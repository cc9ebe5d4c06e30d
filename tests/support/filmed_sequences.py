"""Landmarks of clips that people filmed, with what they did in them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from posecore.pose import PoseSequence


class Filmed(NamedTuple):
    """A sequence of `media/sequences`, the exercise in it and how often it is done."""

    file: str
    exercise: str
    count: int


FILMED = [
    Filmed("push_up_incline_12", "push_up", 12),
    Filmed("sit_up_decline_6", "sit_up", 6),
    Filmed("bicep_curl_cropped_1", "bicep_curl", 1),
    Filmed("bicep_curl_three", "bicep_curl", 3),
    Filmed("jumping_jack_turning_19", "jumping_jack", 19),
]


def load_sequence(path: Path) -> PoseSequence:
    """A sequence from its arrays."""
    with np.load(path, allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in arrays.files if name != "size"}
        width, height = arrays["size"].tolist()
    return PoseSequence(**parts, size=(width, height))
