"""Arrays for Python: NPZ, which NumPy reads, and Parquet, which pandas and R read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecore.formats.wide_tables import wide_angle_table, wide_landmark_table
from posecore.kinematics.joint_angles import ANGLES, joint_angles
from posecore.pose import PoseSequence
from posecore.skeleton import LANDMARKS


def write_npz(sequence: PoseSequence, path: Path) -> None:
    """Arrays (T, P, 33, ...) as `PoseSequence` has them, with times, names, and angles (T, P, 12); missing is NaN."""
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            xy_px=sequence.xy,
            z=sequence.z,
            world_m=sequence.world,
            visibility=sequence.visibility,
            presence=sequence.presence,
            seen=sequence.seen,
            angles_deg=joint_angles(sequence.xy),
            time_s=sequence.time,
            frames=sequence.frames,
            size_px=np.array(sequence.size),
            landmarks=np.array(LANDMARKS),
            angles=np.array(list(ANGLES)),
        )


def write_parquet(sequence: PoseSequence, path: Path) -> None:
    """The wide table of landmarks with the angles beside them; missing is NaN."""
    angles = wide_angle_table(sequence).drop(columns=["frame", "time_s", "person"])
    table = wide_landmark_table(sequence)
    table[list(angles.columns)] = angles
    table.to_parquet(path, index=False)
