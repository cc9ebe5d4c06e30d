"""What the first of the people of a stream does, of what was taught; how often each was done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecore.pose import PoseSequence
from posecore.recognise.counting import repetitions
from posecore.recognise.features import Track, track_of
from posecore.recognise.learning import UNKNOWN
from posecore.recognise.live_recogniser import LiveRecogniser, Seen
from posecore.recognise.recogniser import Recogniser
from posecore.recognise.timeline import STEP_S

_SURE = 2  # looks that say the same, before it is believed
_GONE_S = 1.0  # without the person, after which nothing of before counts
_LONGEST_S = 60.0  # of a span that is counted in


@dataclass(frozen=True)
class Labelled:
    """How it stands.

    Attributes:
        names: of what was taught.
        seen: the newest look.
        label: what is done, as the last looks agree; `UNKNOWN` for none of it.
        counts: of each of the names, how often it was done.
    """

    names: tuple[str, ...]
    seen: Seen
    label: int
    counts: tuple[int, ...]


class Labeller:
    """Looks at the newest window five times a second."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser
        self._live = LiveRecogniser(recogniser)
        self._looked_s = self._there_s = -np.inf
        self._looks: list[int] = []
        self._seen = Seen(UNKNOWN, None, 0.0)
        self._label = UNKNOWN
        self._counts = [0] * len(recogniser.names)  # of spans that are over
        self._span: list[Track] = []  # of what is done now
        self._in_span = 0

    @property
    def labelled(self) -> Labelled:
        """How it stands."""
        counts = [count + (self._in_span if number == self._label else 0) for number, count in enumerate(self._counts)]
        return Labelled(self.recogniser.names, self._seen, self._label, tuple(counts))

    def update(self, found: PoseSequence) -> None:
        """What was found in the next frames."""
        if not found.people or not len(found.time):
            return
        self._live.add(found)
        now, rows = float(found.time[-1]), track_of(found, 0)
        if len(rows.time):
            self._there_s = float(rows.time[-1])
        elif now - self._there_s > _GONE_S:
            self._live.forget()
        if self._label != UNKNOWN and len(rows.time):
            self._span.append(rows)
        if now - self._looked_s >= STEP_S:
            self._looked_s = now
            self._look(now)

    def _look(self, now: float) -> None:
        self._seen = self._live.look()
        self._looks = [*self._looks[1 - _SURE :], self._seen.label]
        (agreed, *others) = set(self._looks)
        if len(self._looks) == _SURE and not others and agreed != self._label:
            self._change(agreed)
        elif self._label != UNKNOWN:
            self._span = [part for part in self._span if part.time[-1] > now - _LONGEST_S] or self._span[-1:]
            self._in_span = repetitions(_joined(self._span), self.recogniser.cycles[self._label])

    def _change(self, label: int) -> None:
        if self._label != UNKNOWN:
            self._counts[self._label] += self._in_span
        self._label, self._in_span = label, 1
        self._span = [self._live.newest]


def _joined(parts: list[Track]) -> Track:
    return Track(np.concatenate([one.time for one in parts]), np.concatenate([one.points for one in parts]))
