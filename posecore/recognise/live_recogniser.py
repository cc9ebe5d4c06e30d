"""What somebody does just now, from the last seconds of a stream, and how often they did what so far."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from posecore.pose import PoseSequence
from posecore.recognise.features import Track, track_of
from posecore.recognise.learning import UNKNOWN
from posecore.recognise.recogniser import Recogniser
from posecore.recognise.timeline import STEP_S, Labels, counts, spans_in

_MOST_S = 300.0  # that are kept for counting; what was counted before stays counted
_MOST_ROWS = 20_000  # of them, whatever times a stream claims
_MOST_LOOKS = 25  # at once, where nobody looked for a while: what is older stays unknown


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
        self._counted: Counter[str] = Counter()
        self._begin_anew()

    def add(self, found: PoseSequence, person: int = 0) -> None:
        """What was found in the next frames, in the stream's own time; what goes back in time begins anew."""
        part = track_of(found, person) if person < found.people else None
        if part is None or not len(part.time):
            return
        if self._parts and (part.time[0] <= self._parts[-1].time[-1] or self._full):
            self._counted.update(self._newly_counted())
            self._begin_anew()
        self._parts.append(part)
        self._rows += len(part.time)

    def look(self) -> Seen:
        """What is done in the window that ends with the newest row."""
        if not self._parts:
            return Seen(UNKNOWN, None, 0.0)
        last = float(self._parts[-1].time[-1])
        due = self._due(last)
        track = self._since(min([last, *due]) - self._recogniser.window_s)
        labels, confidence = self._recogniser.judge(track, [*due, last])
        for end, label, sure in zip(due, labels.tolist(), confidence.tolist(), strict=False):
            self._looks.append((end - self._recogniser.window_s / 2, label, sure))
        return Seen(int(labels[-1]), self._recogniser.name(int(labels[-1])), float(confidence[-1]))

    def counts(self) -> dict[str, int]:
        """How often each movement was done, by its name, as `timeline.counts` says of a clip."""
        return {name: self._counted[name] + number for name, number in self._newly_counted().items()}

    def forget(self) -> None:
        """Begin anew, with somebody else."""
        self._counted.clear()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._parts: list[Track] = []
        self._rows = 0
        self._looks: list[tuple[float, int, float]] = []  # middle of the window, label, confidence

    @property
    def _full(self) -> bool:
        return self._rows > _MOST_ROWS or float(self._parts[-1].time[-1] - self._parts[0].time[0]) > _MOST_S

    def _due(self, last: float) -> list[float]:
        """Ends of windows, as far apart as along a clip, that have passed since the last look."""
        first = float(self._parts[0].time[0]) + self._recogniser.window_s
        after = self._looks[-1][0] + self._recogniser.window_s / 2 if self._looks else first - STEP_S
        end = int((last - first + 1e-6) // STEP_S) + 1
        return [first + STEP_S * k for k in range(max(round((after - first) / STEP_S) + 1, end - _MOST_LOOKS), end)]

    def _since(self, start_s: float) -> Track:
        """The rows from a moment on, and a few before it."""
        parts = []
        for part in reversed(self._parts):
            parts.append(part)
            if part.time[0] < start_s:
                break
        return _joined(parts[::-1])

    def _newly_counted(self) -> dict[str, int]:
        if not self._parts or not self._looks:
            return dict.fromkeys(self._recogniser.names, 0)
        time, labels, confidence = (np.array(values) for values in zip(*self._looks, strict=True))
        found = Labels(time, labels.astype(np.int64), confidence)
        return counts(self._recogniser, spans_in(self._recogniser, _joined(self._parts), found))


def _joined(parts: list[Track]) -> Track:
    return Track(np.concatenate([one.time for one in parts]), np.concatenate([one.points for one in parts]))
