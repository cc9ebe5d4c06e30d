"""Looking closer at one picture: at overlapping parts of it, for people whom one look at all of it misses.

The person detector sees 224 x 224 pixels of whatever it is shown. In parts of a picture small people are larger, and so
is everything else that could be taken for one. So each candidate is looked at three times: where the detector saw
it, where that look says that the body is, and there in the mirror. A body is found in the same place each time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from posecore.detection.litert.landmark_model import LandmarkModel, Looked
from posecore.detection.litert.person_detector import Candidate, PersonDetector
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture
from posecore.pose import FloatArray
from posecore.skeleton import INDEX

LEAST_SCORE = 0.25  # of the detector, from which on a candidate is looked at

_ROOM = 1.3  # a part is so many times as large as its share of the picture, so that nobody lies on a border only
_PARTS = 1, 1 / 2, 1 / 3  # of the picture's longer side
_SMALLER_PARTS = 1 / 4, 1 / 6
_SMALL = 0.15  # of the picture's longer side: somebody's trunk, below which there may be smaller people still
_SAME_REGION = 0.6  # overlap of two candidates' regions above which they are one
_LEAST_CERTAINTY = 0.3  # of the first look
_SAME_BODY = 0.5  # lengths of the larger trunk between shoulders and hips of two figures that are one
_ALIKE_APART = 0.02  # trunks; two looks at the same body do not lie nearer to each other
_TRUNK = [INDEX[f"{side}_{part}"] for part in ("shoulder", "hip") for side in ("left", "right")]
_LIMBS = [INDEX[f"{side}_{part}"] for part in ("elbow", "wrist", "knee", "ankle") for side in ("left", "right")]
_BODY = [*_TRUNK, *_LIMBS]


class Figure(NamedTuple):
    """Somebody who was looked at three times.

    Attributes:
        points: (33, 5) as in `Looked`, the mean of the last two looks.
        world: (33, 3)
        region: where to look in the next picture.
        spread: (33,) pixels between these looks.
        evidence: how surely it is a person; see `_evidence`.
    """

    points: FloatArray
    world: FloatArray
    region: Region
    spread: FloatArray
    evidence: float


class Thresholds(NamedTuple):
    """Evidence from which on a figure is somebody, and where somebody is in the picture, others in their company."""

    sure: float
    in_company: float


# Tuned on photos with and without people, see docs/performance.md: the heavy model's looks agree about ghosts too.
USUAL, HEAVY = Thresholds(1.7, -0.5), Thresholds(2.6, 0.8)


class CloserLook:
    """Looks closer with a detector and a landmark model, which must keep whom they are not sure of."""

    def __init__(self, detector: PersonDetector, model: LandmarkModel, min_confidence: float, *, heavy: bool) -> None:
        self._detector, self._model, self._min_confidence = detector, model, min_confidence
        self._thresholds = HEAVY if heavy else USUAL

    def find(self, picture: Picture) -> list[Figure]:
        """The people in a picture, the surest first."""
        looked: list[Region] = []
        figures = self._figures(picture, all_parts(picture.size), looked)
        if _are_small(figures, max(picture.size), self._thresholds.in_company):
            figures += self._figures(picture, all_parts(picture.size, _SMALLER_PARTS), looked)
        return people_among(each_once(figures), self._min_confidence, self._thresholds)

    def newcomers(self, picture: Picture, parts: Iterable[Region], known: Sequence[Looked]) -> list[Figure]:
        """Who is in parts of a picture besides the people who are known there, the surest first."""
        figures = self._figures(picture, parts, [person.region for person in known])
        others = [one for one in each_once(figures) if not any(are_one(one, person) for person in known)]
        return people_among(others, self._min_confidence, self._thresholds, in_company=bool(known))

    def _figures(self, picture: Picture, parts: Iterable[Region], looked: list[Region]) -> list[Figure]:
        """Whoever may be in parts of a picture, but not where was looked already, to which it adds."""
        candidates = (candidate for square in parts for candidate in self._detector.candidates(picture, square))
        apart = _apart(candidates, looked)
        looked += [candidate.region for candidate in apart]
        return [figure for candidate in apart if (figure := self._figure(picture, candidate))]

    def _figure(self, picture: Picture, candidate: Candidate) -> Figure | None:
        first = self._model.look(picture, candidate.region)
        if first is None or first.certainty < _LEAST_CERTAINTY:
            return None
        again = self._model.look(picture, first.region)
        turned = self._model.look(picture, first.region, in_mirror=True)
        return _figure(candidate.score, first, again, turned) if again and turned else None


def people_among(
    figures: list[Figure], min_confidence: float, thresholds: Thresholds = USUAL, *, in_company: bool = False
) -> list[Figure]:
    """Who of the figures, the surest first, is somebody. A confidence of 0.5 is what the thresholds were tuned for.

    Args:
        in_company: whether there is somebody already.
    """
    more = _log_odds(min_confidence)
    if not in_company and (not figures or figures[0].evidence < thresholds.sure + more):
        return []
    return [figure for figure in figures if figure.evidence >= thresholds.in_company + more]


def squares(size: tuple[int, int], part: float) -> list[Region]:
    """The squares to look at, evenly spread, for parts of the longer side of a picture (width, height)."""
    longer = max(size)
    step = longer * part
    side = longer if part == 1 else step * _ROOM
    across, down = (_spread(length, side, step) for length in size)
    return [Region(x, y, side, 0) for y in down for x in across]


def each_once(figures: list[Figure]) -> list[Figure]:
    """Of figures that are the same body the surest; the surest first."""
    kept: list[Figure] = []
    for figure in sorted(figures, key=lambda one: -one.evidence):
        if not any(are_one(figure, other) for other in kept):
            kept.append(figure)
    return kept


def are_one(first: Figure | Looked, second: Figure | Looked) -> bool:
    """Whether two figures are the same body: their trunks lie together."""
    larger = max(trunk(first.points), trunk(second.points), 1.0)
    gaps = np.linalg.norm(first.points[_TRUNK, :2] - second.points[_TRUNK, :2], axis=-1)
    return float(gaps.mean()) < _SAME_BODY * larger


def trunk(points: FloatArray) -> float:
    """Pixels from the middle of the shoulders to the middle of the hips."""
    shoulders, hips = points[_TRUNK[:2], :2].mean(0), points[_TRUNK[2:], :2].mean(0)
    return math.dist(shoulders, hips)


def all_parts(size: tuple[int, int], parts: Iterable[float] = _PARTS) -> list[Region]:
    """The squares to look at in a picture of this width and height, the largest first."""
    return [square for part in parts for square in squares(size, part)]


def _are_small(figures: list[Figure], longer: int, least: float) -> bool:
    """Whether somebody is so small that there may be smaller people still."""
    return any(one.evidence >= least and trunk(one.points) < _SMALL * longer for one in figures)


def _spread(length: int, side: float, step: float) -> list[float]:
    """Middles of the squares along one side of the picture."""
    if side >= length:
        return [length / 2]
    middles: list[float] = np.linspace(side / 2, length - side / 2, math.ceil(length / step)).tolist()
    return middles


def _apart(candidates: Iterable[Candidate], looked: Sequence[Region]) -> list[Candidate]:
    """The surest of those that see the same, and that nobody looked at yet."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: -one.score):
        regions = [*looked, *(other.region for other in kept)]
        if all(candidate.region.overlap(region) <= _SAME_REGION for region in regions):
            kept.append(candidate)
    return kept


def _figure(score: float, first: Looked, again: Looked, turned: Looked) -> Figure:
    size = max(trunk(again.points), 1.0)
    moved = np.linalg.norm(again.points[:, :2] - first.points[:, :2], axis=-1)
    spread = np.linalg.norm(again.points[:, :2] - turned.points[:, :2], axis=-1)
    certainty = min(again.certainty, turned.certainty)
    evidence = _evidence(score, certainty, float(moved[_BODY].mean()) / size, float(spread[_BODY].mean()) / size)
    points = (again.points + turned.points) / 2
    world = (again.world + turned.world) / 2
    arrays = (points.astype(np.float32), world.astype(np.float32), again.region, spread.astype(np.float32))
    return Figure(*arrays, evidence)


def _evidence(score: float, certainty: float, moved: float, spread: float) -> float:
    """The logarithm of the odds that it is a person."""
    return (
        -2.5
        + 0.7 * _log_odds(score)
        + 0.4 * _log_odds(certainty)
        - 0.45 * math.log(max(moved, _ALIKE_APART))
        - 0.45 * math.log(max(spread, _ALIKE_APART))
    )


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-3), 1 - 1e-3)
    return math.log(share / (1 - share))
