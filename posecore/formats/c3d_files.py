"""C3D, the format of movement laboratories (https://www.c3d.org), by ezc3d."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecore.formats.laboratory_axes import frame_rate, markers
from posecore.pose import PoseSequence
from posecore.skeleton import LANDMARKS

_MISSING = -1.0  # residual of a point that is not there


def write_c3d(sequence: PoseSequence, path: Path, person: int = 0) -> None:
    """Every landmark as a point in millimetres, see `laboratory_axes`; missing has a residual of -1."""
    import ezc3d

    places = markers(sequence, person)
    missing = np.asarray(np.isnan(places).any(-1))
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file["parameters"]["POINT"]["RATE"]["value"] = [frame_rate(sequence)]
    file["parameters"]["POINT"]["LABELS"]["value"] = list(LANDMARKS)
    points = np.ones((4, len(LANDMARKS), len(places)))
    points[:3] = np.nan_to_num(places.astype(np.float64)).transpose(2, 1, 0)
    file["data"]["points"] = points
    residuals = np.where(missing.T[None], _MISSING, 0.0)
    file["data"]["meta_points"]["residuals"] = residuals
    named = path.with_name(f"{path.name}.c3d")  # ezc3d adds the ending itself where it is missing
    try:
        file.write(str(named))
        named.replace(path)
    finally:
        named.unlink(missing_ok=True)
