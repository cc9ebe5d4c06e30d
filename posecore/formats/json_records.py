"""Poses and what was found in clips as plain values, which JSON holds."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from posecore.exercises.attempts import Attempt
from posecore.exercises.exercise import Exercise
from posecore.exercises.repetitions import Repetition
from posecore.exercises.review import Review
from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.media.clip_files import Clip
from posecore.pose import Pose, PoseSequence
from posecore.skeleton import LANDMARKS


def pose_record(pose: Pose, model: str) -> dict[str, Any]:
    """One picture's people as plain values: pixels, metres, and interior angles in the picture in degrees.

    An angle is None where one of its landmarks was guessed. Where there were two looks at the picture, landmarks have
    the distance between them in pixels (None where only one look found the person), and people may be doubtful.
    """
    twice = not np.isnan(pose.spread).all()
    angles = np.where(angles_seen(pose.seen), joint_angles(pose.xy), np.nan)
    return {
        "width": pose.size[0],
        "height": pose.size[1],
        "model": model,
        "people": [
            {
                "landmarks": [
                    {
                        "name": name,
                        "x": _number(pose.xy[person, i, 0], 2),
                        "y": _number(pose.xy[person, i, 1], 2),
                        "z": _number(pose.z[person, i], 2),
                        "visibility": _number(pose.visibility[person, i], 4),
                        "presence": _number(pose.presence[person, i], 4),
                        **({"spread": _number(pose.spread[person, i], 2)} if twice else {}),
                    }
                    for i, name in enumerate(LANDMARKS)
                ],
                "world": [
                    {"name": name, **{axis: _number(pose.world[person, i, k], 4) for k, axis in enumerate("xyz")}}
                    for i, name in enumerate(LANDMARKS)
                ],
                "angles": {name: _number(angles[person, i], 1) for i, name in enumerate(ANGLES)},
                **({"doubtful": bool(pose.doubtful[person])} if twice else {}),
            }
            for person in range(pose.people)
        ],
    }


def to_json(pose: Pose, model: str) -> str:
    """`pose_record` as JSON text."""
    return json.dumps(pose_record(pose, model), indent=1, allow_nan=False)


def sequence_record(sequence: PoseSequence, model: str) -> dict[str, Any]:
    """Everybody in every frame as plain values, each frame as in `pose_record`, with its time in seconds."""
    frames = []
    for row, moment in enumerate(sequence.time):
        there = np.flatnonzero(sequence.present[row]).tolist()
        people = pose_record(sequence.frame(row).take(there), model)["people"]
        frames.append({"frame": int(sequence.frames[row]), "time_s": round(float(moment), 4), "people": people})
    return {"width": sequence.size[0], "height": sequence.size[1], "model": model, "frames": frames}


def summary_record(clip: Clip, sequence: PoseSequence, model: str, seconds: Mapping[str, float]) -> dict[str, Any]:
    """What was found in a clip, as plain values; `seconds` says how long each step took."""
    return {
        "file": clip.path.name,
        "model": model,
        "width": clip.size[0],
        "height": clip.size[1],
        "duration_s": round(clip.duration_s, 3),
        "frames": len(sequence.time),
        "frames_with_people": int(sequence.present.any(1).sum()),
        "people": int(sequence.present.any(0).sum()),
        "breaks_off": clip.breaks_off,
        "damaged_frames": int(sequence.damaged.sum()),
        "cuts_s": [round(time, 3) for time in sequence.time[sequence.cuts].tolist()],
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }


def exercise_record(
    exercise: Exercise, repetitions: Sequence[Repetition], attempts: Sequence[Attempt] = ()
) -> dict[str, Any]:
    """What a clip's summary says about an exercise; of one that is held also the seconds.

    Where variants were counted, how many of each; where movements were not counted, when and why.
    """
    record: dict[str, Any] = {"name": exercise.name, "reps": len(repetitions)}
    if exercise.kind == "hold":
        record["held_s"] = round(sum(one.end_s - one.start_s for one in repetitions), 3)
    variants = Counter(one.exercise.name for one in repetitions if one.exercise.name != exercise.name)
    if variants:
        record["variants"] = dict(variants)
    if attempts:
        record["attempts"] = [_attempt_record(one) for one in attempts]
    return record


def class_record(reviews: Sequence[Review]) -> list[dict[str, Any]]:
    """What a summary says about a class: `exercise_record` of everybody, with their number."""
    return [
        {"person": number, **exercise_record(one.exercise, one.repetitions, one.attempts)}
        for number, one in enumerate(reviews, 1)
    ]


def count_record(exercise: Exercise, reviews: Sequence[Review], most_seen: int, *, everybody: bool) -> dict[str, Any]:
    """What a summary says of `reviews_of` a clip: of the most seen person, and of everybody as a class."""
    most = reviews[most_seen if everybody else 0] if reviews else None
    record = {"exercise": exercise_record(exercise, most.repetitions if most else [], most.attempts if most else [])}
    return {**record, "class": class_record(reviews)} if everybody else record


def _attempt_record(attempt: Attempt) -> dict[str, Any]:
    moments = {name: round(getattr(attempt, name), 3) for name in ("start_s", "turn_s", "end_s")}
    why = [{"cause": one.cause, "why": one.message()} for one in attempt.reasons]
    return {**moments, "nearest": attempt.exercise.name, "reasons": why}


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
