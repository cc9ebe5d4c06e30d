"""What people do in the clips of the media, by eye: movements to teach, and others that are never taught."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.detection.detector_settings import DetectorSettings
from posecore.media.clip_files import probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers
from posecore.recognise import Example, Recogniser, Teaching, example_of
from tests.support.filmed_sequences import load_sequence

LENGTH_S, STEP_S = 2.0, 1.0  # of examples that go on evenly


class Shown(NamedTuple):
    """A part of a clip in which one thing is done.

    Attributes:
        clip: what is left out together: the clip, or where a movement is in one clip only, a person or a time of it.
        person: of `people` that were looked for.
    """

    movement: str
    file: str
    clip: str
    start_s: float
    end_s: float
    person: int = 0
    people: int = 1


_MANY = "one-by-one-person-detection"  # six people, each of whom comes, stands at a table and goes
SQUATS = [
    Shown("squat", "pose_squats", f"squat {k}", *part) for k, part in enumerate([(0.4, 4.2), (5, 8.6), (10, 12.9)])
]
JACKS = [
    Shown("jumping jack", "jumping_jack_turning_19", f"jack {view}", start, end)
    for view, start, end in [("front", 2.6, 8.6), ("turned", 8.8, 15.0), ("side", 15.6, 22.4)]
]
BALANCE = [Shown("balance", f"balance_cam0{k}", f"balance {k}", 0, 1.65) for k in (1, 2, 3, 4)]
STANDING = [
    Shown("stand", _MANY, f"person {k}", start, start + 6)
    for k, start in enumerate([9, 26, 53, 78, 95, 127])
]  # fmt: skip
WALKING = [
    *(Shown("walk", _MANY, f"person {k}", start, start + 1.65) for k, start in enumerate([18, 43, 68, 85, 118, 134])),
    Shown("walk", "sports2d_demo", "sports", 2.0, 6.6, 1, 2),
]
TAUGHT = [*STANDING, *WALKING, *SQUATS, *BALANCE, *JACKS]
NEVER_TAUGHT = [
    Shown("push-up", "push_up_incline_12", "push-up", 3.5, 41),
    Shown("sit-up", "sit_up_decline_6", "sit-up", 0.4, 15.9),
    Shown("one curl", "bicep_curl_cropped_1", "one curl", 0, 3.05),
    Shown("curls", "bicep_curl_three", "curls", 0, 8.3),
    Shown("arms", "pose_1", "arms", 0, 3.95),
]

PUSH_UPS = NEVER_TAUGHT[0]._replace(end_s=15)
QUICK = [*SQUATS, *JACKS, PUSH_UPS]  # of which landmarks are there, or soon found


@cache
def found(media: Path, file: str, people: int = 1) -> PoseSequence:
    """What is found in a clip, or was found in it before, once for all tests."""
    if (media / "sequences" / f"{file}.npz").exists():
        return load_sequence(media / "sequences" / f"{file}.npz")
    settings = AnalysisSettings(DetectorSettings(people=people))
    with Workers(1) as workers:
        return analyse(probe(media / "videos" / f"{file}.mp4"), settings, workers.lane())


def sequence_of(media: Path, shown: Shown) -> PoseSequence:
    return found(media, shown.file, shown.people)


@cache
def examples_of(media: Path, shown: Shown) -> list[Example]:
    """What is short whole, the rest in examples of one length."""
    return examples_from(sequence_of(media, shown), shown)


def examples_from(sequence: PoseSequence, shown: Shown) -> list[Example]:
    last = max(shown.start_s, shown.end_s - LENGTH_S)
    count = 1 + int((last - shown.start_s) / STEP_S)
    starts = np.linspace(shown.start_s, last, count).tolist()
    return [
        example_of(sequence, shown.person, start, min(start + LENGTH_S, shown.end_s), shown.clip) for start in starts
    ]


def teaching_of(media: Path, shown: Iterable[Shown]) -> Teaching:
    teaching = Teaching()
    for one in shown:
        teaching = teaching.with_examples(one.movement, *examples_of(media, one))
    return teaching


def said_of(recogniser: Recogniser, examples: Sequence[Example]) -> list[str | None]:
    """What each window of the examples is taken for."""
    names = []
    for example in examples:
        last = max(example.seconds, recogniser.window_s)
        ends = np.linspace(recogniser.window_s, last, 1 + int((last - recogniser.window_s) / 0.4)).tolist()
        names += [recogniser.name(label) for label in recogniser.judge(example.track, ends).labels.tolist()]
    return names
