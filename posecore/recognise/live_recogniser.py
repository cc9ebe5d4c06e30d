"""What somebody does just now, from the last seconds of a stream."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from posecore.pose import PoseSequence
from posecore.recognise.features import Track, track_of
from posecore.recognise.learning import UNKNOWN
from posecore.recognise.recogniser import Recogniser

_MOST_PARTS = 1000  # packets of rows that are kept at most, whatever times they claim


class Seen(NamedTuple):
    """The newest window.

    Attributes:
        label: the movement's number; `UNKNOWN` for none of them, or while there is less than a window.
        name: the movement's; None where it is unknown.
        confidence: 0 to 1; 0 while there is too little to say anything.
    """

    label: int
    name: str | None
    confidence: float


class LiveRecogniser:
    """Fed with the rows of one person as they come; says the same of a window as `Recogniser` does of a clip."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._parts: deque[Track] = deque(maxlen=_MOST_PARTS)

    def add(self, found: PoseSequence, person: int = 0) -> None:
        """What was found in the next frames, in the stream's own time; what goes back in time begins anew."""
        part = track_of(found, person) if person < found.people else None
        if part is None or not len(part.time):
            return
        if self._parts and part.time[0] <= self._parts[-1].time[-1]:
            self._parts.clear()
        self._parts.append(part)
        oldest = part.time[-1] - self._recogniser.window_s
        while self._parts[0].time[-1] < oldest:
            self._parts.popleft()

    def look(self) -> Seen:
        """What is done in the window that ends with the newest row."""
        if not self._parts:
            return Seen(UNKNOWN, None, 0.0)
        newest = self.newest
        labels, confidence = self._recogniser.judge(newest, [float(newest.time[-1])])
        return Seen(int(labels[0]), self._recogniser.name(int(labels[0])), float(confidence[0]))

    @property
    def newest(self) -> Track:
        """The rows of the newest window; there has to be one."""
        time = np.concatenate([part.time for part in self._parts])
        return Track(time, np.concatenate([part.points for part in self._parts]))

    def forget(self) -> None:
        """Begin anew, with somebody else."""
        self._parts.clear()
