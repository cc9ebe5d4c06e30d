"""What was seen where a person may be, looked at several times, and which of it is a person.

In parts of a picture small people are larger, and so is everything else that could be taken for one. What tells people
from ghosts: a body is found in the same place at each look, and the detector sees it in many parts of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

import numpy as np

from posecore.detection.litert.landmark_model import Looked
from posecore.detection.litert.regions import Region
from posecore.pose import FloatArray
from posecore.skeleton import INDEX, MIRROR

# Evidence from which on a figure is somebody, and where somebody is in the picture, others in their company, as far as
# one model says it or two agree. Tuned on photos with and without people, see docs/performance.md.
_SURE = 2.5
ONE_MODEL, TWO_MODELS = -0.5, -0.8
_DOUBTFUL = 0.0  # evidence below which half of the figures are nobody or somebody's part
# So much more where it is seen in e times as many parts as people usually are.
_MORE_CANDIDATES, USUAL_CANDIDATES = 0.4, 10
_MANY_PARTS = 12
_ALIKE_APART = 0.02  # trunks; two looks at the same body do not lie nearer to each other
_SAME_BODY = 0.4  # lengths of the larger trunk between shoulders and hips of two figures that are one
_LIMB_NEAR, _LIMB_SMALL = 0.2, 0.6  # of somebody's trunk: a figure so near to their limbs and so small is one of these
_UPON = 0.25  # of somebody's trunk: a doubtful figure of which every part lies so near to their body is nobody else
_MIRROR = list(MIRROR)
_TRUNK = [INDEX[f"{side}_{part}"] for part in ("shoulder", "hip") for side in ("left", "right")]
_BONES = [
    [INDEX[f"{side}_{part}"] for part in bone]
    for bone in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
    for side in ("left", "right")
]
_BODY = [*_TRUNK, *(end for _, end in _BONES)]
_ALL_LINES = [*_BONES, *([first, second] for first, second in combinations(_TRUNK, 2))]


class Figure(NamedTuple):
    """What may be somebody.

    Attributes:
        points: (33, 5) as in `Looked`, the mean of two looks, one of them in the mirror, unless they
            exchange left and right.
        world: (33, 3)
        region: where to look in the next picture.
        spread: (33,) pixels between these looks.
        evidence: how surely it is a person: the logarithm of the odds, as far as the looks say it.
        candidates: how many times the detector saw it, in one part of the picture or another.
    """

    points: FloatArray
    world: FloatArray
    region: Region
    spread: FloatArray
    evidence: float
    candidates: int = USUAL_CANDIDATES

    @classmethod
    def between(
        cls, pairs: Sequence[tuple[Looked, Looked]], others: Sequence[Looked], score: float, parts: int
    ) -> Figure:
        """The mean of two looks at a region.

        Args:
            pairs: a look and one in the mirror for each model that looked; the mean is of the last.
            others: other looks that lie where the last do if it is a person.
            score: of the detector.
            parts: of this size, of which the detector saw it in one; the more, the more chances had a ghost.
        """
        both = look, in_mirror = pairs[-1]
        spread = np.linalg.norm(look.points[:, :2] - in_mirror.points[:, :2], axis=-1)
        apart = [*(_apart(*pair) for pair in pairs), *(_apart(look, other) for other in others)]
        certain = [min(one.certainty for one in pair) for pair in pairs]
        # Where they exchange left and right one of them is wrong, and a mean would be a body without width.
        agreeing = both[:1] if _are_exchanged(*both) else both
        points = np.mean([one.points for one in agreeing], 0)
        world = np.mean([one.world for one in agreeing], 0)
        return cls(
            points.astype(np.float32),
            world.astype(np.float32),
            look.region,
            spread.astype(np.float32),
            _evidence(score, certain, apart) + _chances(parts),
        )


def people_among(
    figures: Sequence[Figure], least: float, min_confidence: float, *, in_company: bool = False
) -> list[Figure]:
    """Who of the figures is somebody. A confidence of 0.5 is what the thresholds were tuned for.

    Args:
        least: evidence of somebody in company.
        in_company: whether there is somebody already.
    """
    more = _log_odds(min_confidence)
    if not in_company and not any(is_sure(figure, more) for figure in figures):
        return []
    return [figure for figure in figures if figure.evidence >= least + more]


def is_sure(figure: Figure, more: float = 0) -> bool:
    """Whether it is somebody, even if nobody else is in the picture; with `more` evidence than usually asked for."""
    seen = _MORE_CANDIDATES * math.log(figure.candidates / USUAL_CANDIDATES)
    return figure.evidence + seen >= _SURE + more


def foremost(figures: Sequence[Figure]) -> list[Figure]:
    """Those first who are surely people, and of them the largest."""
    return sorted(figures, key=lambda one: (is_sure(one), trunk_length(one)), reverse=True)


def is_doubtful(figure: Figure) -> bool:
    """Whether it may as well be nobody."""
    return figure.evidence < _DOUBTFUL


def each_once(figures: Iterable[Figure]) -> list[Figure]:
    """Of figures that are one body the surest, with the candidates of all, and none that is a limb of a surer one; the
    surest first."""
    kept: list[Figure] = []
    for figure in sorted(figures, key=lambda one: -one.evidence):
        same = next((place for place, other in enumerate(kept) if are_one(figure, other)), None)
        if same is not None:
            kept[same] = kept[same]._replace(candidates=kept[same].candidates + figure.candidates)
        elif not any(is_limb(figure, other) or _is_upon(figure, other) for other in kept):
            kept.append(figure)
    return kept


def are_one(first: Figure | Looked, second: Figure | Looked) -> bool:
    """Whether two figures are the same body: their trunks lie together."""
    larger = max(trunk_length(first), trunk_length(second), 1.0)
    gaps = np.linalg.norm(first.points[_TRUNK, :2] - second.points[_TRUNK, :2], axis=-1)
    return float(gaps.mean()) < _SAME_BODY * larger


def is_limb(figure: Figure | Looked, other: Figure | Looked) -> bool:
    """Whether a figure is nothing but an arm or a leg of another."""
    length = trunk_length(other)
    if trunk_length(figure) > _LIMB_SMALL * length:
        return False
    return float(_gaps(figure.points[_TRUNK, :2], other, _BONES).mean()) < _LIMB_NEAR * length


def _is_upon(figure: Figure, other: Figure) -> bool:
    """Whether a doubtful figure is made of nothing but parts of another."""
    if not is_doubtful(figure):
        return False
    gaps = _gaps(figure.points[_BODY, :2], other, _ALL_LINES)
    return float(gaps.mean()) < _UPON * trunk_length(other)


def trunk_length(figure: Figure | Looked) -> float:
    """Pixels from the middle of the shoulders to the middle of the hips."""
    shoulders, hips = figure.points[_TRUNK, :2].reshape(2, 2, 2).mean(1)
    return math.dist(shoulders, hips)


def _are_exchanged(look: Looked, other: Looked) -> bool:
    """Whether what is left in one look is right in the other."""
    swapped = other._replace(points=other.points[_MIRROR])
    return _apart(look, swapped) < _apart(look, other)


def _gaps(points: FloatArray, other: Figure | Looked, lines: Sequence[list[int]]) -> FloatArray:
    """(N,) how far points (N, 2) lie from the nearest of somebody's lines."""
    return np.asarray(np.min([_from_line(points, *other.points[line, :2]) for line in lines], 0))


def _from_line(points: FloatArray, begin: FloatArray, end: FloatArray) -> FloatArray:
    """(N,) how far points (N, 2) lie from the line between two."""
    along = end - begin
    share = np.clip((points - begin) @ along / max(float(along @ along), 1e-6), 0, 1)
    return np.asarray(np.linalg.norm(points - begin - share[:, None] * along, axis=-1))


def _apart(look: Looked, other: Looked) -> float:
    """How far two looks lie apart on average, in trunks."""
    gaps = np.linalg.norm(look.points[_BODY, :2] - other.points[_BODY, :2], axis=-1)
    return float(gaps.mean()) / max(trunk_length(look), 1.0)


def _evidence(score: float, certain: Sequence[float], apart: Sequence[float]) -> float:
    certainty = fmean(_log_odds(one) for one in certain)
    together = -fmean(math.log(max(one, _ALIKE_APART)) for one in apart)
    return -2.5 + 0.7 * _log_odds(score) + 0.4 * certainty + 0.9 * together


def _chances(parts: int) -> float:
    """How much more evidence it is to be seen in one of few parts."""
    return 0.5 * math.log(max(_MANY_PARTS / parts, 1))


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-3), 1 - 1e-3)
    return math.log(share / (1 - share))
