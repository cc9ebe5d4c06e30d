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


def test_no_cell_begins_a_formula() -> None:
    table = pd.DataFrame({"file": ["=1+1.jpg", "@a", "-2", "+3", "\tx", "a=b", None], "value": [-1.5] * 7})
    lines = to_csv(table).splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["'=1+1.jpg", "'@a", "'-2", "'+3", "'\tx", "a=b", ""]
    assert all(line.endswith(",-1.5000") for line in lines)
