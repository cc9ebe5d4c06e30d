"""Tables of poses, and CSV."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from posecore import ANGLES, Pose, angle_table, landmark_table, to_csv


def test_landmark_csv_comes_back_as_it_was(two_people: Pose) -> None:
    text = to_csv(landmark_table(two_people))
    table = pd.read_csv(io.StringIO(text))
    assert len(table) == 66
    assert list(table.columns[:4]) == ["person", "landmark", "x_px", "y_px"]
    assert np.allclose(table["x_px"], two_people.xy[..., 0].ravel(), atol=1e-3)
    assert table["guessed"].sum() == (~two_people.seen).sum()
    assert table["person"].tolist() == [1] * 33 + [2] * 33
    assert "\r" not in text


def test_angle_csv_is_empty_where_guessed(astronaut: Pose) -> None:
    table = pd.read_csv(io.StringIO(to_csv(angle_table(astronaut))))
    assert list(table.columns) == ["person", *ANGLES]
    assert table["left_knee"].isna().all()
