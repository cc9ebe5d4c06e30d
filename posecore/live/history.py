"""What was found in one live stream: the last minute, and a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import BoolArray, FloatArray, PoseSequence

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

    def add(self, found: PoseSequence) -> None:
        """What was found in the next frames, in the stream's own time."""
        rows = (self._next + np.arange(len(found.time))) % len(self._time)
        self._time[rows] = found.time
        self._angles[:, rows], self._seen[:, rows] = np.nan, False
        self._angles[: found.people, rows] = joint_angles(found.xy).swapaxes(0, 1)
        self._seen[: found.people, rows] = angles_seen(found.seen).swapaxes(0, 1)
        self._next = (self._next + len(rows)) % len(self._time)
        self._count = min(self._count + len(rows), len(self._time))

    def angles(self, person: int) -> tuple[NDArray[np.float64], FloatArray, BoolArray]:
        """Moments (T,), angles in degrees and whether they were seen (T, 12), of the last `HISTORY_S`."""
        rows = np.arange(self._next - self._count, self._next)
        rows = rows[self._time[rows] >= self._time[self._next - 1] - HISTORY_S]
        return self._time[rows], self._angles[person, rows], self._seen[person, rows]


class Recording:
    """What was found, until it is full."""

    def __init__(self) -> None:
        self._parts: list[PoseSequence] = []
        self._frames = 0

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self._parts[-1].time[-1] - self._parts[0].time[0]) if self._parts else 0.0

    @property
    def full(self) -> bool:
        """Whether it has reached its limit."""
        return self.seconds >= MOST_RECORDED_S or self._frames >= MOST_RECORDED_S * FASTEST

    def add(self, found: PoseSequence) -> None:
        """What was found in the next frames, unless it is full."""
        if len(found.time) and not self.full:
            self._parts.append(found)
            self._frames += len(found.time)

    def sequence(self) -> PoseSequence | None:
        """The landmarks, its times from 0; None if there are none."""
        if not self._parts:
            return None
        whole = in_a_row(self._parts)
        return replace(whole, time=whole.time - whole.time[0])


def in_a_row(parts: Sequence[PoseSequence]) -> PoseSequence:
    """What was found in frames of a stream, one after another, its frames numbered from 0.

    A stream's frames may change their size; shapes are kept, so that angles are.
    """
    frame, rows = 0, []
    for part in parts:
        frames = np.arange(frame, frame + len(part.time))
        rows.append(replace(_scaled(part, parts[0].size), frames=frames))
        frame += len(part.time)
    return PoseSequence.joined(rows)


def _scaled(part: PoseSequence, size: tuple[int, int]) -> PoseSequence:
    if part.size == size:
        return part
    factor = np.float32(max(size) / max(part.size))
    return replace(part, xy=part.xy * factor, z=part.z * factor, size=size)
