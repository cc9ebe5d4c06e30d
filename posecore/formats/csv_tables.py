"""Results as files, one function a format."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from posecore.exercises.exercise_files import Exercise
from posecore.exercises.repetitions import Repetition
from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.media.clip_files import Clip
from posecore.media.picture_files import Frame, encode_image, turn_for
from posecore.pose import Pose, PoseSequence
from posecore.skeleton import LANDMARKS
from posecore.visuals.skeleton_drawing import Style, draw_pose

if TYPE_CHECKING:  # takes a third of a second, for which only those who want a table should wait
    import pandas as pd


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


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


def landmark_table(pose: Pose) -> pd.DataFrame:
    """A row per person and landmark; pixels from the top left, metres from the middle of the hips."""
    import pandas as pd

    people, points = pose.people, len(LANDMARKS)
    columns: dict[str, Any] = {
        "person": np.repeat(np.arange(1, people + 1), points),
        "landmark": np.tile(np.array(LANDMARKS), people),
        "x_px": pose.xy[..., 0].ravel(),
        "y_px": pose.xy[..., 1].ravel(),
        "z": pose.z.ravel(),
        "visibility": pose.visibility.ravel(),
        "presence": pose.presence.ravel(),
        "guessed": ~pose.seen.ravel(),
    }
    if not np.isnan(pose.spread).all():
        columns["spread_px"] = pose.spread.ravel()
    for k, axis in enumerate("xyz"):
        columns[f"world_{axis}_m"] = pose.world[..., k].ravel()
    return pd.DataFrame(columns)


def angle_table(pose: Pose) -> pd.DataFrame:
    """A row per person, a column per angle in degrees; NaN where a landmark was guessed."""
    import pandas as pd

    angles = np.where(angles_seen(pose.seen), joint_angles(pose.xy), np.nan)
    table = pd.DataFrame(angles, columns=list(ANGLES))
    table.insert(0, "person", np.arange(1, pose.people + 1))
    return table


def sequence_landmark_table(sequence: PoseSequence) -> pd.DataFrame:
    """A row per frame, person in it and landmark; pixels from the top left, metres from the middle of the hips."""
    import pandas as pd

    rows, people = np.nonzero(sequence.present)
    points = len(LANDMARKS)
    columns: dict[str, Any] = {
        "frame": np.repeat(sequence.frames[rows], points),
        "time_s": np.repeat(sequence.time[rows], points),
        "person": np.repeat(people + 1, points),
        "landmark": np.tile(np.array(LANDMARKS), len(rows)),
    }
    for k, axis in enumerate("xy"):
        columns[f"{axis}_px"] = sequence.xy[rows, people, :, k].ravel()
    for name in ("z", "visibility", "presence"):
        columns[name] = getattr(sequence, name)[rows, people].ravel()
    for k, axis in enumerate("xyz"):
        columns[f"world_{axis}_m"] = sequence.world[rows, people, :, k].ravel()
    if not np.isnan(sequence.spread).all():
        columns["spread_px"] = sequence.spread[rows, people].ravel()
    return pd.DataFrame(columns)


def sequence_angle_table(sequence: PoseSequence) -> pd.DataFrame:
    """A row per frame and person found in it, a column per interior angle in the picture in degrees.

    NaN where a landmark was guessed.
    """
    import pandas as pd

    rows, people = np.nonzero(sequence.present)
    angles = np.where(angles_seen(sequence.seen), joint_angles(sequence.xy), np.nan)
    table = pd.DataFrame(angles[rows, people], columns=list(ANGLES))
    places = {"frame": sequence.frames[rows], "time_s": sequence.time[rows], "person": people + 1}
    return pd.concat([pd.DataFrame(places), table], axis=1)


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
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }


def repetition_table(repetitions: Sequence[Repetition]) -> pd.DataFrame:
    """A row per repetition: when it began, turned and ended in seconds, 0 to 100 points, and its faults by their ids
    with ";" between them."""
    import pandas as pd

    rows = [
        (one.number, one.start_s, one.turn_s, one.end_s, one.score, ";".join(fault.name for fault in one.faults))
        for one in repetitions
    ]
    return pd.DataFrame(rows, columns=["rep", "start_s", "bottom_s", "end_s", "score", "faults"])


def exercise_record(exercise: Exercise, repetitions: Sequence[Repetition]) -> dict[str, Any]:
    """What a clip's summary says about an exercise; of one that is held also the seconds."""
    record: dict[str, Any] = {"name": exercise.name, "reps": len(repetitions)}
    if exercise.kind == "hold":
        record["held_s"] = round(sum(one.end_s - one.start_s for one in repetitions), 3)
    return record


def to_png(frame: Frame, pose: Pose, style: Style = "sides", selected: int | None = None) -> bytes:
    """The frame with everybody's skeleton on it (see `draw_pose`) as the bytes of a PNG file."""
    with turn_for(frame.shape[0] * frame.shape[1]):
        return encode_image(draw_pose(frame, pose, style, selected), reuse=True)


def to_csv(table: pd.DataFrame) -> str:
    """A table as CSV text, numbers with four decimals at most, empty where there is none."""
    text = io.StringIO()
    write_csv(table, text)
    return text.getvalue()


def write_csv(table: pd.DataFrame, target: TextIO) -> None:
    """A table as `to_csv` makes it, written to an open file without keeping all of it in memory."""
    table.to_csv(target, index=False, float_format="%.4f", lineterminator="\n")
