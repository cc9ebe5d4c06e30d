"""What people are looked for with: which model, how many at most, how sure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

from posecore.detection.engines import Closer, Landmarker, Use, open_landmarker
from posecore.detection.models import BEST, DEFAULT_MODEL

MOST_PEOPLE = 40
CLOSER = get_args(Closer)


@dataclass(frozen=True)
class DetectorSettings:
    """What a landmarker is opened for.

    Attributes:
        model: "lite", "full" or "heavy"; or "best", which looks twice with the heavy one and takes more than twice
            the time of "full", see `second_look`.
        people: how many people to look for at most, 1 to 40.
        min_confidence: 0 to 1, from which a person counts as found.
        closer: whether parts of the picture are looked at too, for people who are small or at the back, see
            `litert.closer_look` and `litert.crowd`: "auto" where that can find somebody, so not where a photo or a
            frame shows one large person, nor where a clip is asked for one.
        mirrored: whether everything is looked at in the mirror, too, which takes a tenth off the errors of angles
            at twice the time; "best" always is. See `second_look`.
    """

    model: str = DEFAULT_MODEL
    people: int = 5
    min_confidence: float = 0.5
    closer: Closer = "off"
    mirrored: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.people, int) or not 1 <= self.people <= MOST_PEOPLE:
            raise ValueError(f"people is {self.people}, not 1 to {MOST_PEOPLE}")
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence is {self.min_confidence}, not 0 to 1")
        if self.closer not in CLOSER:
            raise ValueError(f"closer is {self.closer}, none of {', '.join(CLOSER)}")

    @property
    def looks_twice(self) -> bool:
        """Whether everything is looked at in the mirror, too."""
        return self.mirrored or self.model == BEST

    @property
    def looks_closer(self) -> bool:
        """Whether parts of the pictures of a stream are looked at too."""
        return self.closer == "on" or (self.closer == "auto" and self.people > 1)

    def one_look(self, closer: Closer = "off") -> DetectorSettings:
        """What a single landmarker is opened for."""
        return replace(self, model="heavy" if self.model == BEST else self.model, closer=closer, mirrored=False)

    def open_landmarker(self, use: Use, threads: int = 1) -> Landmarker:
        """A landmarker for one look, as `engines.open_landmarker`."""
        closer = self.closer if self.looks_closer else "off"
        model = self.one_look().model
        return open_landmarker(use, model, self.people, self.min_confidence, threads, closer=closer)
