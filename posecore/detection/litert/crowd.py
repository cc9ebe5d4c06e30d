"""Many people followed through a stream, each by region, and parts of its pictures looked at in turn for the others."""

from __future__ import annotations

import math
from typing import NamedTuple

from posecore.detection.litert.closer_look import COARSE, FINE, FINEST, CloserLook, is_large, is_small, parts
from posecore.detection.litert.figures import Figure, are_one, foremost
from posecore.detection.litert.landmark_model import LandmarkModel, Looked
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture

_FOLLOWED = 1.5  # evidence from which on somebody is followed
_FEW = 2  # people, for whom a first look all over would take longer than following them through a short clip


class Pace(NamedTuple):
    """How many parts of the picture are looked at for people who are not followed yet.

    Attributes:
        round_s: seconds in which all parts come round, if that is not too many.
        a_frame: parts of one frame at most, where frames come quickly; as many as people are missing, if that is less.
        a_second: where they come slowly, if as many people are missing.
        every_s: seconds from one frame of which parts are looked at to the next.
        first: whether the first frame is looked at all over, which may take a second, where many people are asked for.
    """

    round_s: float
    a_frame: int
    a_second: int
    every_s: float
    first: bool


CLIP, LIVE = Pace(0.4, 6, 120, 0.0, first=True), Pace(1.0, 1, 5, 0.2, first=False)


class Crowd:
    """Follows at most so many people; for one thread at a time.

    A frame costs a look at everybody who is followed, and at a few parts as long as that are fewer than asked for; if
    it is thrifty, at all of the picture only where it shows one large person.
    """

    def __init__(
        self,
        closer: CloserLook,
        model: LandmarkModel,
        people: int,
        min_confidence: float,
        *,
        thrifty: bool,
        pace: Pace = CLIP,
    ) -> None:
        self._closer, self._model, self._people, self._min_confidence = closer, model, people, min_confidence
        self._thrifty, self._pace = thrifty, pace
        self.forget()

    def forget(self) -> None:
        """Follow nobody any more: what comes next shows another scene."""
        self._followed: list[Region] = []
        self._next_part = 0
        self._last_s: float | None = None

    def find(self, picture: Picture, time_s: float) -> list[Looked]:
        """The people in the next frame, those first who are followed longest."""
        seen = self._still_there(picture)
        due = self._last_s is None or time_s - self._last_s >= self._pace.every_s
        if self._last_s is None and self._pace.first and self._people > _FEW:
            seen = _looked(self._closer.find(picture))
        elif due and len(seen) < self._people:
            seconds = 0.0 if self._last_s is None else time_s - self._last_s
            seen += _looked(self._closer.newcomers(picture, self._due(picture.size, seconds, seen), seen))
        seen = seen[: self._people]
        self._followed = [look.region.rounded() for look in seen]
        if due:
            self._last_s = time_s
        return seen

    def _still_there(self, picture: Picture) -> list[Looked]:
        """Whoever is followed and seen, each once: where two became one body it is whoever was followed longer."""
        seen: list[Looked] = []
        for region in self._followed:
            look = self._model.look(picture, region)
            if look and look.certainty > self._min_confidence and not any(are_one(look, other) for other in seen):
                seen.append(look)
        return seen

    def _due(self, size: tuple[int, int], seconds: float, seen: list[Looked]) -> list[Region]:
        """The parts whose turn it is, so many seconds after the last."""
        sides: tuple[float, ...] = (*COARSE, *FINE)
        if any(is_small(person, max(size)) for person in seen):
            sides = (*sides, *FINEST)
        squares = parts(size, sides)
        if self._thrifty and len(seen) == 1 and is_large(seen[0], min(size)):
            return squares[:1]
        missing = min(1.0, (self._people - len(seen)) / self._pace.a_frame)
        most = round(missing * max(self._pace.a_frame, self._pace.a_second * seconds))
        due = math.ceil(len(squares) * seconds / self._pace.round_s)
        count = max(1, min(most, len(squares), due))
        first, self._next_part = self._next_part, (self._next_part + count) % len(squares)
        return [squares[(first + number) % len(squares)] for number in range(count)]


def _looked(figures: list[Figure]) -> list[Looked]:
    """Who is followed from now on; more evidence is asked for than in a photo, since each frame is another chance."""
    return [Looked(one.points, one.world, one.region, 1.0) for one in foremost(figures) if one.evidence > _FOLLOWED]
