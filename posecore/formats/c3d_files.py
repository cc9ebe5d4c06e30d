"""C3D, the format of movement laboratories (https://www.c3d.org)."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from posecore.formats.laboratory_axes import markers
from posecore.pose import PoseSequence, frame_rate
from posecore.skeleton import LANDMARKS

_MISSING = -1.0  # residual of a point that is not there
_FLOATS = -1.0  # the scale that says that points are stored as they are


def write_c3d(sequence: PoseSequence, path: Path, person: int = 0) -> None:
    """Every landmark as a point in millimetres, see `laboratory_axes`; missing has a residual of -1."""
    import c3d

    warnings.filterwarnings("ignore", "No analog data", UserWarning)  # there are no force plates here
    places = markers(sequence, person)
    points = np.zeros((*places.shape[:2], 5), np.float32)
    points[..., :3] = np.nan_to_num(places)
    points[..., 3] = np.where(np.isnan(places).any(-1), _MISSING, 0.0)
    writer = c3d.Writer(point_rate=frame_rate(sequence.time), analog_rate=0, point_scale=_FLOATS, point_units="mm")
    writer.set_point_labels(list(LANDMARKS))
    no_analog = np.zeros((0, 0), np.float32)
    writer.add_frames([(frame, no_analog) for frame in points])
    with path.open("wb") as file:
        writer.write(file)
