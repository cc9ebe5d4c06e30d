"""What was found in one live stream: the last minute, and a recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import BoolArray, FloatArray, Pose, PoseSequence

HISTORY_S = 60.0
MOST_RECORDED_S = 300.0
MOST_FOLLOWED = 4  # people of one stream
FASTEST = 60  # frames a second for which there is room


class History:
    """The newest rows of what was found, in arrays that are used again and again."""

    def __init__(self) -> None:
        rows = round(HISTORY_S * FASTEST)
        self._time = np.zeros(rows, np.float64)
        self._angles = np.full((MOST_FOLLOWED, rows, len(ANGLES)), np.nan, np.float32)
        self._seen = np.zeros((MOST_FOLLOWED, rows, len(ANGLES)), np.bool_)
        self._next = self._count = 0

    def add(self, moment: float, pose: Pose) -> None:
        """What was found at a moment, in seconds, later than the last."""
        row = self._next
        self._time[row] = moment
        self._angles[:, row], self._seen[:, row] = np.nan, False
        self._angles[: pose.people, row] = joint_angles(pose.xy)
        self._seen[: pose.people, row] = angles_seen(pose.seen)
        self._next = (row + 1) % len(self._time)
        self._count = min(self._count + 1, len(self._time))

    def angles(self, person: int) -> tuple[NDArray[np.float64], FloatArray, BoolArray]:
        """Moments (T,), angles in degrees and whether they were seen (T, 12), of the last `HISTORY_S`."""
        rows = np.arange(self._next - self._count, self._next)
        rows = rows[self._time[rows] >= self._time[self._next - 1] - HISTORY_S]
        return self._time[rows], self._angles[person, rows], self._seen[person, rows]


class Recording:
    """Poses with their times, until it is full."""

    def __init__(self) -> None:
        self._poses: list[tuple[float, Pose]] = []

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self._poses[-1][0] - self._poses[0][0] if self._poses else 0.0

    @property
    def full(self) -> bool:
        """Whether it has reached its limit."""
        return self.seconds >= MOST_RECORDED_S or len(self._poses) >= MOST_RECORDED_S * FASTEST

    def add(self, moment: float, pose: Pose) -> None:
        """What was found at a moment, unless it is full."""
        if not self.full:
            self._poses.append((moment, pose))

    def sequence(self) -> PoseSequence | None:
        """The landmarks; None if there are none."""
        return _in_one_size(self._poses)


def _in_one_size(rows: list[tuple[float, Pose]]) -> PoseSequence | None:
    """Poses as a sequence of the first one's size, its times from 0.

    A stream's frames may change their size; shapes are kept, so that angles are.
    """
    if not rows:
        return None
    size = rows[0][1].size
    poses = [_scaled(pose, max(size) / max(pose.size), size) for _, pose in rows]
    moments = np.array([moment for moment, _ in rows])
    return PoseSequence.from_poses(poses, moments - moments[0], size)


def _scaled(pose: Pose, factor: float, size: tuple[int, int]) -> Pose:
    if pose.size == size:
        return pose
    return replace(pose, xy=pose.xy * np.float32(factor), z=pose.z * np.float32(factor), size=size)
