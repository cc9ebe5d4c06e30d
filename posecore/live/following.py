"""A reference that is followed before the camera, again and again: when it runs, and how alike each round was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from posecore.errors import PoseError
from posecore.live.history import in_a_row
from posecore.pose import FloatArray, PoseSequence, torso_lengths
from posecore.skeleton import INDEX

if TYPE_CHECKING:  # comparing brings SciPy, for which only those who follow something should wait
    from posecore.compare.comparison import Difference

LONGEST_S = 30.0
LEAD_S, PAUSE_S = 3.0, 2.0  # before the first round, for getting ready, and between rounds
_BEFORE_S, _AFTER_S = 0.5, 1.0  # of a round that counts too, for nobody follows to the instant
GHOST_RATE = 15.0  # rows a second
_HIPS = [INDEX["left_hip"], INDEX["right_hip"]]


@dataclass(frozen=True, eq=False)
class Reference:
    """A movement to follow.

    Attributes:
        name: as its owner knows it.
        sequence: one person, its times from 0.
        shape: (R, 33, 2) the skeleton at 15 rows a second, from the middle of its hips, in lengths of its torso.
    """

    name: str
    sequence: PoseSequence
    shape: FloatArray

    @classmethod
    def of(cls, name: str, sequence: PoseSequence, person: int) -> Self:
        """Somebody's movement, from when they are first seen to when they are last.

        Raises:
            PoseError: nobody is seen, or it is too long.
        """
        there = np.flatnonzero(sequence.present[:, person]) if sequence.people else np.zeros(0, int)
        if len(there) < 2:
            raise PoseError("nobody_to_compare")
        alone = sequence.mapped(lambda values: values[:, [person]]).part(int(there[0]), int(there[-1]) + 1)
        alone = replace(alone, time=alone.time - alone.time[0])
        if alone.time[-1] > LONGEST_S:
            raise PoseError("reference_long", most=f"{LONGEST_S:.0f}")
        return cls(name, alone, _shape(alone))

    @property
    def duration(self) -> float:
        """Seconds."""
        return float(self.sequence.time[-1])

    @property
    def period(self) -> float:
        """Seconds from the beginning of a round to that of the next."""
        return self.duration + PAUSE_S

    def ghost(self, phase_s: float, xy: FloatArray, *, mirrored: bool) -> FloatArray | None:
        """(33, 2) where the reference would be at this moment if it were in a person's place; ready between rounds.

        Args:
            xy: (33, 2) of the person, pixels of the picture as it is shown.
            mirrored: whether it is shown as in a mirror.
        """
        hips = xy[_HIPS].mean(0)
        torso = float(np.linalg.norm(xy[[INDEX["left_shoulder"], INDEX["right_shoulder"]]].mean(0) - hips))
        if not np.isfinite(torso):
            return None
        row = min(max(round(phase_s * GHOST_RATE), 0), len(self.shape) - 1) if phase_s <= self.duration else 0
        shape = self.shape[row] * (np.array([-1, 1], np.float32) if mirrored else 1)
        return np.asarray(hips + torso * shape, np.float32)


def _shape(sequence: PoseSequence) -> FloatArray:
    from posecore.compare.movement import CLEANED
    from posecore.kinematics.cleaning import clean

    cleaned = clean(sequence, CLEANED).sequence
    xy = cleaned.xy[:, 0].astype(np.float64)
    xy = (xy - xy[:, _HIPS].mean(1, keepdims=True)) / float(np.nanmedian(torso_lengths(cleaned)))
    time = np.arange(0, sequence.time[-1] + 0.5 / GHOST_RATE, 1 / GHOST_RATE)
    rows = np.clip(np.searchsorted(sequence.time, time), 0, len(xy) - 1)
    return np.asarray(xy[rows], np.float32)


@dataclass(frozen=True)
class Round:
    """How alike one round was, 0 to 100, and what differed most; None where nothing did."""

    score: float
    gravest: Difference | None


@dataclass(frozen=True, eq=False)
class Followed:
    """How following stands.

    Attributes:
        now_s, began_s: of the stream's own time: its newest frame, and the beginning of the first round, which may be
            still to come; None until somebody is seen.
        rounds: those that are over and in which somebody was seen, the oldest first.
    """

    reference: Reference
    now_s: float
    began_s: float | None
    rounds: tuple[Round, ...]

    @property
    def phase_s(self) -> float | None:
        """Seconds into the round; below 0 before the first, more than it lasts between two."""
        if self.began_s is None:
            return None
        since = self.now_s - self.began_s
        return since if since < 0 else since % self.reference.period


class Follower:
    """The first of the people of a stream, who follows the reference that is chosen at the time."""

    def __init__(self) -> None:
        self._reference: Reference | None = None
        self._began: float | None = None
        self._now = 0.0
        self._done = 0  # rounds that are over
        self._rows: list[PoseSequence] = []
        self._rounds: list[Round] = []

    @property
    def followed(self) -> Followed | None:
        """None without a reference."""
        if self._reference is None:
            return None
        return Followed(self._reference, self._now, self._began, tuple(self._rounds))

    def update(self, reference: Reference | None, found: PoseSequence) -> None:
        """What was found in the next frames."""
        if reference is not self._reference:
            self._begin(reference)
        if reference is None or not len(found.time):
            return
        self._now = float(found.time[-1])
        if self._began is None and found.people and found.present[:, 0].any():
            self._began = float(found.time[found.present[:, 0]][0]) + LEAD_S
        if self._began is None:
            return
        self._rows.append(found.mapped(lambda values: values[:, :1]))
        start = self._began + self._done * reference.period
        if self._now >= start + reference.duration + _AFTER_S:
            self._judge(reference, start)
            self._done += 1

    def _begin(self, reference: Reference | None) -> None:
        self._reference, self._began, self._now, self._done = reference, None, 0.0, 0
        self._rows, self._rounds = [], []

    def _judge(self, reference: Reference, start: float) -> None:
        from posecore.compare.comparison import compare

        rows = in_a_row(self._rows)
        self._rows = self._rows[-1:]
        begin, end = rows.time.searchsorted([start - _BEFORE_S, start + reference.duration + _AFTER_S]).tolist()
        attempt = rows.part(begin, end)
        if not attempt.people:
            return
        try:
            found = compare(reference.sequence, attempt)
        except PoseError:  # seen too little in this round
            return
        self._rounds.append(Round(found.score, next(iter(found.differences), None)))
