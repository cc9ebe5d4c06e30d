"""What the first of the people of a stream does, of what was taught; how often each was done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecore.pose import PoseSequence
from posecore.recognise.learning import UNKNOWN
from posecore.recognise.live_recogniser import LiveRecogniser, Seen
from posecore.recognise.recogniser import Recogniser
from posecore.recognise.timeline import STEP_S

_SURE = 2  # looks that say the same, before it is believed
_COUNTED_S = 1.0  # from one count to the next
_GONE_S = 1.0  # without the person, after which nothing is done
_NOTHING = Seen(UNKNOWN, None, 0.0)


@dataclass(frozen=True)
class Labelled:
    """How it stands.

    Attributes:
        seen: what is done, as the last looks agree.
        counts: how often each movement was done, by its name.
    """

    seen: Seen
    counts: dict[str, int]


class Labeller:
    """Looks at the newest window five times a second."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser
        self.labelled = Labelled(_NOTHING, dict.fromkeys(recogniser.names, 0))
        self._live = LiveRecogniser(recogniser)
        self._looks: list[Seen] = []
        self._looked_s = self._counted_s = self._there_s = -np.inf

    def update(self, found: PoseSequence) -> None:
        """What was found in the next frames."""
        if not len(found.time):
            return
        now = float(found.time[-1])
        if found.people and found.present[:, 0].any():
            self._there_s = now
            self._live.add(found)
        if now - self._looked_s >= STEP_S:
            self._looked_s = now
            self._look(now)

    def _look(self, now: float) -> None:
        seen = self._live.look() if now - self._there_s <= _GONE_S else _NOTHING
        self._looks = [*self._looks[1 - _SURE :], seen]
        agreed = len(self._looks) == _SURE and len({one.label for one in self._looks}) == 1
        counts = self.labelled.counts
        if now - self._counted_s >= _COUNTED_S:
            self._counted_s = now
            counts = self._live.counts()
        self.labelled = Labelled(seen if agreed else self.labelled.seen, counts)
