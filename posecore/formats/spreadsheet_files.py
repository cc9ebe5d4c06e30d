"""XLSX for Excel and its kin: a sheet a table, the angles with a chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecore.formats.wide_tables import wide_angle_table, wide_landmark_table
from posecore.kinematics.joint_angles import ANGLES
from posecore.pose import PoseSequence

if TYPE_CHECKING:
    import pandas as pd

_MOST_LANDMARK_ROWS = 3000  # a row has 201 numbers; of more no spreadsheet makes something that anybody enjoys
_CHARTED = ("left_knee", "right_knee", "left_hip", "right_hip")
_MADE = datetime(2000, 1, 1)  # not today: the same movement makes the same bytes
_ABOUT = (
    ("angles", "interior angles in the picture, degrees, 180 straight; empty where a landmark was guessed"),
    ("person", "from 1, the same in all sheets"),
    ("landmarks", "px from the top left; m from the middle of the hips, y down; visibility 0 to 1"),
)


def write_xlsx(sequence: PoseSequence, path: Path) -> None:
    """Angles in degrees, and landmarks of clips that are not long."""
    import xlsxwriter

    angles, few = wide_angle_table(sequence), int(sequence.present.sum()) <= _MOST_LANDMARK_ROWS
    for name in ANGLES:
        angles[name] = angles[name].where(angles.pop(f"{name}_seen"))
    left_out = () if few else (("landmarks", f"left out above {_MOST_LANDMARK_ROWS} rows: take CSV or Parquet"),)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "PoseLab", "created": _MADE})
        _sheet(book, "about", ("sheet", "what stands in it"), (*_ABOUT, *left_out))
        _chart(book, _table(book, "angles", angles), angles)
        if few:
            _table(book, "landmarks", wide_landmark_table(sequence))


def _table(book: Any, name: str, table: pd.DataFrame) -> Any:
    return _sheet(book, name, list(table.columns), table.itertuples(index=False))


def _sheet(book: Any, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif math.isfinite(value):
                sheet.write_number(number, column, round(float(value), 4))
    return sheet


def _chart(book: Any, sheet: Any, angles: pd.DataFrame) -> None:
    """Of the first person's knees and hips over time, if nobody else stands between."""
    rows = [row for row, person in enumerate(angles["person"], 1) if person == 1]
    if not rows or angles["person"].nunique() > 1:
        return
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    time = list(angles.columns).index("time_s")
    for name in _CHARTED:
        column = list(angles.columns).index(name)
        chart.add_series(
            {
                "name": ["angles", 0, column],
                "categories": ["angles", rows[0], time, rows[-1], time],
                "values": ["angles", rows[0], column, rows[-1], column],
            }
        )
    chart.set_x_axis({"name": "s"})
    chart.set_y_axis({"name": "°", "min": 0, "max": 180})
    chart.show_blanks_as("gap")
    sheet.insert_chart(1, len(angles.columns) + 1, chart)
