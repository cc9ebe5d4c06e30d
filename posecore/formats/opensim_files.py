"""Files for OpenSim: TRC with markers, MOT with the angles of joints.

Formats: OpenSim documentation, "Marker (.trc) Files" and "Motion (.mot) Files".
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecore.formats.csv_tables import write_rows
from posecore.formats.laboratory_axes import markers
from posecore.kinematics.clinical_angles import CLINICAL, clinical_angles, facing
from posecore.pose import PoseSequence, frame_rate
from posecore.skeleton import LANDMARKS

# What OpenSim's models call the angles; the sign is Rajagopal's and that of the others that bend knees to positive.
_COORDINATES = {"hip": "hip_flexion", "knee": "knee_angle", "ankle": "ankle_angle", "shoulder": "arm_flex"}
_COORDINATES |= {"elbow": "elbow_flex", "wrist": "wrist_flex"}


def write_trc(sequence: PoseSequence, path: Path, person: int = 0) -> None:
    """Every landmark as a marker in millimetres, see `laboratory_axes`; missing is empty."""
    import pandas as pd

    places, rate, count = markers(sequence, person), frame_rate(sequence.time), len(sequence.time)
    head = [
        "PathFileType\t4\t(X/Y/Z)\tposelab.trc",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate:.4f}\t{rate:.4f}\t{count}\t{len(LANDMARKS)}\tmm\t{rate:.4f}\t1\t{count}",
        "Frame#\tTime\t" + "\t\t\t".join(LANDMARKS) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, len(LANDMARKS) + 1) for axis in "XYZ"),
        "",
    ]
    columns = [np.arange(1, count + 1), sequence.time.round(6), *np.round(places.reshape(count, -1).T, 3)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(head) + "\n")
        write_rows(pd.DataFrame(dict(enumerate(columns))), file, "\t", 6)


def write_mot(sequence: PoseSequence, path: Path, person: int = 0) -> None:
    """Signed angles in the picture in degrees, flexion positive, as `clinical_angles`; missing is NaN."""
    angles = clinical_angles(sequence.xy[:, person], facing(sequence, person))
    names = [f"{_COORDINATES[joint]}_{side[0]}" for side, joint in (name.split("_", 1) for name in CLINICAL)]
    head = ["poselab", "version=1", f"nRows={len(angles)}", f"nColumns={len(names) + 1}", "inDegrees=yes", "endheader"]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(head) + "\n" + "\t".join(["time", *names]) + "\n")
        for moment, row in zip(sequence.time.tolist(), angles.tolist(), strict=True):
            file.write("\t".join(f"{value:.6f}" for value in [moment, *row]) + "\n")
