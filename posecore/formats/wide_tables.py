"""A row per frame and person, everything of it in columns: for spreadsheets and for programs that want a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import PoseSequence
from posecore.skeleton import LANDMARKS

if TYPE_CHECKING:
    import pandas as pd


def wide_landmark_table(sequence: PoseSequence) -> pd.DataFrame:
    """x and y in pixels from the top left, x, y, z in metres from the middle of the hips, and visibility: a column each
    of every landmark."""
    import pandas as pd

    rows, people = np.nonzero(sequence.present)
    columns: dict[str, Any] = _places(sequence, rows, people)
    for number, name in enumerate(LANDMARKS):
        for k, axis in enumerate("xy"):
            columns[f"{name}_{axis}_px"] = sequence.xy[rows, people, number, k]
        for k, axis in enumerate("xyz"):
            columns[f"{name}_{axis}_m"] = sequence.world[rows, people, number, k]
        columns[f"{name}_visibility"] = sequence.visibility[rows, people, number]
    return pd.DataFrame(columns)


def wide_angle_table(sequence: PoseSequence) -> pd.DataFrame:
    """Interior angles in degrees, also guessed ones, and of each whether all of it was seen."""
    import pandas as pd

    rows, people = np.nonzero(sequence.present)
    angles, seen = joint_angles(sequence.xy)[rows, people], angles_seen(sequence.seen)[rows, people]
    columns: dict[str, Any] = _places(sequence, rows, people)
    for number, name in enumerate(ANGLES):
        columns[name] = angles[:, number]
        columns[f"{name}_seen"] = seen[:, number]
    return pd.DataFrame(columns)


def _places(sequence: PoseSequence, rows: np.ndarray, people: np.ndarray) -> dict[str, Any]:
    return {"frame": sequence.frames[rows], "time_s": sequence.time[rows], "person": people + 1}
