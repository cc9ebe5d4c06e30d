"""Tables of poses, and CSV."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

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
    assert [float(line.split(",")[1]) for line in lines] == [-1.5] * 7


def test_words_with_commas_quotes_and_lines_come_back() -> None:
    words = ['深蹲, "slow"', "two\nlines", "plain", "it's"]
    table = pd.DataFrame({"file": words, "right": [True, False, True, True], "value": [1.23456, np.nan, -0.00001, 2.0]})
    found = pd.read_csv(io.StringIO(to_csv(table)))
    assert found.file.tolist() == words
    assert found.right.tolist() == table.right.tolist()
    assert found.value.to_numpy() == pytest.approx([1.2346, np.nan, 0, 2], nan_ok=True)
