"""Two movements in step as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from posecore.compare.comparison import Comparison
from posecore.compare.movement import COMPARED


def comparison_table(found: Comparison) -> pd.DataFrame:
    """A row for each moment that two movements have in common; degrees, NaN where one of them was not seen."""
    columns: dict[str, Any] = {"time_s": found.time, "other_time_s": found.other_time}
    for number, joint in enumerate(COMPARED):
        for name, values in (("first", found.first), ("second", found.second), ("difference", found.apart)):
            columns[f"{joint}_{name}"] = np.where(found.seen[:, number], values[:, number], np.nan)
    return pd.DataFrame(columns)
