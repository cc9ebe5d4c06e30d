"""Landmarks, angles and repetitions as tables, and tables as CSV."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TextIO

import numpy as np

from posecore.exercises.repetitions import Repetition
from posecore.exercises.review import Review
from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import Pose, PoseSequence
from posecore.skeleton import LANDMARKS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a formula may begin

if TYPE_CHECKING:  # takes a third of a second, for which only those who want a table should wait
    import pandas as pd


_ROWS_AT_ONCE = 10_000


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


def repetition_table(repetitions: Sequence[Repetition]) -> pd.DataFrame:
    """A row per repetition: when it began, turned and ended in seconds, 0 to 100 points, and its faults by their ids
    with ";" between them."""
    import pandas as pd

    rows = [
        (one.number, one.start_s, one.turn_s, one.end_s, one.score, ";".join(fault.name for fault in one.faults))
        for one in repetitions
    ]
    return pd.DataFrame(rows, columns=["rep", "start_s", "bottom_s", "end_s", "score", "faults"])


def class_table(reviews: Sequence[Review]) -> pd.DataFrame:
    """A row per person of a class: repetitions, seconds held, mean of 0 to 100 points, the fault that was made most
    often by its id, and in how many repetitions."""
    import pandas as pd

    rows = [
        (
            number,
            len(one.repetitions),
            one.held_s if one.exercise.kind == "hold" else math.nan,
            math.nan if one.mean_score is None else one.mean_score,
            *((one.most_common_fault[0].name, len(one.most_common_fault[1])) if one.most_common_fault else ("", 0)),
        )
        for number, one in enumerate(reviews, 1)
    ]
    return pd.DataFrame(rows, columns=["person", "reps", "held_s", "score", "fault", "fault_reps"])


def reviewed_repetition_table(reviews: Sequence[Review], *, everybody: bool) -> pd.DataFrame:
    """The repetitions of `reviews_of` a clip: of a class, or of one person."""
    if everybody:
        return class_repetition_table(reviews)
    return repetition_table([repetition for one in reviews for repetition in one.repetitions])


def class_repetition_table(reviews: Sequence[Review]) -> pd.DataFrame:
    """`repetition_table` of a class, with whose each repetition is in front."""
    import pandas as pd

    tables = [repetition_table(one.repetitions).assign(person=number) for number, one in enumerate(reviews, 1)]
    table = pd.concat(tables or [repetition_table([]).assign(person=0)], ignore_index=True)
    return table[["person", *(name for name in table.columns if name != "person")]]


def to_csv(table: pd.DataFrame) -> str:
    """A table as CSV text, numbers with four decimals at most, empty where there is none."""
    text = io.StringIO()
    write_csv(table, text)
    return text.getvalue()


def write_csv(table: pd.DataFrame, target: TextIO) -> None:
    """A table as `to_csv` makes it, written to an open file without keeping all of it in memory.

    Words that a spreadsheet would take for a formula, such as a file called =1+1.jpg, get an apostrophe in front.
    """
    words = table.select_dtypes(["object", "string"]).columns
    if len(words):
        table = table.assign(**{name: table[name].map(_no_formula) for name in words})
    target.write(",".join(table.columns) + "\n")
    write_rows(table, target, ",", 4)


def write_rows(table: pd.DataFrame, target: TextIO, separator: str, decimals: int) -> None:
    """The rows of a table, without its head; missing is empty. By Arrow, in a fifth of the time that pandas needs."""
    import pyarrow as pa
    from pyarrow import csv

    words = [table[name].dropna().astype(str) for name in table.select_dtypes(["object", "string"]).columns]
    special = any(values.str.contains(f'[{separator}"\r\n]').any() for values in words)
    # Arrow's "needed" puts quotes around every word.
    quotes: Literal["needed", "none"] = "needed" if special else "none"
    options = csv.WriteOptions(include_header=False, delimiter=separator, quoting_style=quotes)

    def column(values: pd.Series[Any]) -> Any:
        if values.dtype.kind == "f":
            values = values.round(decimals) + 0.0  # which makes -0 a plain 0
        return pa.array(values.map(str) if values.dtype.kind == "b" else values, from_pandas=True)

    for begin in range(0, len(table), _ROWS_AT_ONCE):
        part = table.iloc[begin : begin + _ROWS_AT_ONCE]
        columns = pa.table([column(part[name]) for name in table.columns], list(map(str, table.columns)))
        content = io.BytesIO()
        csv.write_csv(columns, content, options)
        target.write(content.getvalue().decode())


def _no_formula(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
