"""Results as files, one function a format."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import numpy as np
import pandas as pd

from posecore.angles import ANGLES, angles_seen, joint_angles
from posecore.drawing import Style, draw_pose
from posecore.images import Frame, encode_image, turn_for
from posecore.pose import Pose
from posecore.skeleton import LANDMARKS


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


def pose_record(pose: Pose, model: str) -> dict[str, Any]:
    """One picture's people as plain values: pixels, metres, and interior angles in the picture in degrees.

    An angle is None where one of its landmarks was guessed.
    """
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
                    }
                    for i, name in enumerate(LANDMARKS)
                ],
                "world": [
                    {"name": name, **{axis: _number(pose.world[person, i, k], 4) for k, axis in enumerate("xyz")}}
                    for i, name in enumerate(LANDMARKS)
                ],
                "angles": {name: _number(angles[person, i], 1) for i, name in enumerate(ANGLES)},
            }
            for person in range(pose.people)
        ],
    }


def to_json(pose: Pose, model: str) -> str:
    """`pose_record` as JSON text."""
    return json.dumps(pose_record(pose, model), indent=1, allow_nan=False)


def landmark_table(pose: Pose) -> pd.DataFrame:
    """A row per person and landmark; pixels from the top left, metres from the middle of the hips."""
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
    for k, axis in enumerate("xyz"):
        columns[f"world_{axis}_m"] = pose.world[..., k].ravel()
    return pd.DataFrame(columns)


def angle_table(pose: Pose) -> pd.DataFrame:
    """A row per person, a column per angle in degrees; NaN where a landmark was guessed."""
    angles = np.where(angles_seen(pose.seen), joint_angles(pose.xy), np.nan)
    table = pd.DataFrame(angles, columns=list(ANGLES))
    table.insert(0, "person", np.arange(1, pose.people + 1))
    return table


def to_png(frame: Frame, pose: Pose, style: Style = "sides", selected: int | None = None) -> bytes:
    """The frame with everybody's skeleton on it (see `draw_pose`) as the bytes of a PNG file."""
    with turn_for(frame.shape[0] * frame.shape[1]):
        return encode_image(draw_pose(frame, pose, style, selected), reuse=True)


def to_csv(table: pd.DataFrame) -> str:
    """A table as CSV text, numbers with four decimals at most, empty where there is none."""
    text = io.StringIO()
    table.to_csv(text, index=False, float_format="%.4f", lineterminator="\n")
    return text.getvalue()
