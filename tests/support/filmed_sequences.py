"""Landmarks of clips that people filmed, with what they did in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.media.clip_files import probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers


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


# Clips of `media/videos` in which nobody exercises.
IDLE = [*(f"balance_cam0{number}" for number in (1, 2, 3, 4)), "pose_1", "two_people_cam01"]
WALKING = "one-by-one-person-detection"


def load_sequence(path: Path) -> PoseSequence:
    """A sequence from its arrays."""
    with np.load(path, allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in arrays.files if name != "size"}
        width, height = arrays["size"].tolist()
    return PoseSequence(**parts, size=(width, height))


@cache
def found_in(clip: Path) -> PoseSequence:
    """What is found in a clip, once for all tests."""
    with Workers(1) as workers:
        return analyse(probe(clip), AnalysisSettings(), workers.lane())
