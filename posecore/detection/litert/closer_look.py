"""Looking closer at one picture: at overlapping parts of it, for people whom one look at all of it misses.

The person detector sees 224 x 224 pixels of whatever it is shown. Each candidate is looked at three times: where the
detector saw it, where that look says that the body is, and there in the mirror.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from posecore.detection.litert.face_detector import FaceDetector
from posecore.detection.litert.figures import (
    ONE_MODEL,
    TWO_MODELS,
    USUAL_CANDIDATES,
    Figure,
    are_one,
    each_once,
    is_limb,
    is_sure,
    people_among,
    trunk_length,
)
from posecore.detection.litert.landmark_model import LandmarkModel, Looked
from posecore.detection.litert.person_detector import CLEAR_SCORE, PersonDetector
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture

# Of the detector, from which on a candidate is looked at, if not from a clear score on: with two models, where there
# may be more people than one who is large; and in clips, where each frame is another chance.
FAINT_SCORE, _CLIP_SCORE = 0.1, 0.35
_LIKELY = 0.5  # of the detector, from which on a candidate is looked at before it is known whether somebody is alone

# Sides of the parts, of the picture's longer one. Somebody is seen best in a square of 1.3 to 2.5 times their height,
# so those of one size overlap by half; by a little less where two cover a square picture that would need three.
COARSE, FINE, FINEST = (1, 1.3 / 2), (1.3 / 3,), (1.3 / 4, 1.3 / 6)
_SMALL = 0.15  # of the picture's longer side: the trunk of somebody small
_LESS = -3.0  # evidence is enough of somebody so small to look at smaller parts
_LARGE = 0.6  # of the picture's shorter side: somebody so tall or wide may be its only subject
_STEP, _LARGE_STEP = 0.5, 0.54  # of a part, and of one larger than half of the picture, to the next
_NEARLY_ALL = 0.9  # of the picture's height or width, which one part of this size covers well enough
_SAME_REGION = 0.65  # overlap of two candidates' regions above which they are one
_LEAST_CERTAINTY = 0.1  # of the first look
_CLEARLY = 1.3  # times as near must the finer model's looks lie, for people at the back confuse it more
_WORTH_IT = -2.0  # evidence of one model from which on the finer one is asked
FACE_SCORE = 0.65  # of the detector of faces, from which on something is held to be one
_A_FACE = 1.25  # more evidence where a figure's head has a face
_EITHER = 0.6  # less evidence where either of two models may be sure, for that is sooner so by chance


@dataclass
class _Candidate:
    """Where somebody may be, how surely, and in how many parts of the picture they were seen there."""

    region: Region
    score: float = 1.0
    parts: int = 1  # that were looked at, of the largest size in which they were seen
    seen: int = 1


class CloserLook:
    """Looks closer with a detector and a landmark model, which must keep whom they are not sure of.

    With a finer model both say who is somebody, and landmarks are of the one whose looks clearly agree better. With a
    detector of faces, these too say where people are, in the company of somebody who is seen without.
    """

    def __init__(
        self,
        detector: PersonDetector,
        model: LandmarkModel,
        min_confidence: float,
        *,
        finer: LandmarkModel | None = None,
        faces: FaceDetector | None = None,
    ) -> None:
        self._detector, self._model, self._min_confidence = detector, model, min_confidence
        self._finer, self._faces = finer, faces

    def find(self, picture: Picture) -> list[Figure]:
        """The people in a picture, the surest first. Smaller parts are looked at where there may be smaller people."""
        size = picture.size
        squares = parts(size, COARSE)
        candidates = self._candidates(picture, squares)
        likely = [one for one in candidates if one.score >= _LIKELY]
        figures = self._figures(picture, likely)
        if _is_alone(figures, [one for one in candidates if one.score >= CLEAR_SCORE], min(size)):
            return self._people_among(each_once(figures), in_company=True)

        others = [one for one in candidates if one.score < _LIKELY]
        squares += (fine := parts(size, FINE))
        candidates += (more := self._candidates(picture, fine, candidates))
        figures += self._figures(picture, others + more)
        if any(is_sure(one, _LESS) and is_small(one, max(size)) for one in each_once(figures)):
            squares += (finest := parts(size, FINEST))
            candidates += (more := self._candidates(picture, finest, candidates))
            figures += self._figures(picture, more)

        people = self._people_among(each_once(figures))
        if people and self._faces:
            figures = self._with_faces(picture, self._faces, squares, candidates, figures)
            people = self._people_among(each_once(figures), in_company=True)
        return people

    def newcomers(self, picture: Picture, squares: Sequence[Region], known: Sequence[Looked]) -> list[Figure]:
        """Who is in parts of a picture besides the people who are known there, the surest first."""
        there = [_Candidate(person.region) for person in known]
        candidates = [one for one in self._candidates(picture, squares, there) if one.score >= _CLIP_SCORE]
        figures = [one._replace(candidates=USUAL_CANDIDATES) for one in each_once(self._figures(picture, candidates))]
        others = [one for one in figures if not any(are_one(one, person) or is_limb(one, person) for person in known)]
        return self._people_among(others, in_company=bool(known))

    def _people_among(self, figures: Sequence[Figure], *, in_company: bool = False) -> list[Figure]:
        least = TWO_MODELS if self._finer else ONE_MODEL
        return people_among(figures, least, self._min_confidence, in_company=in_company)

    def _candidates(
        self, picture: Picture, squares: Sequence[Region], there: Sequence[_Candidate] = ()
    ) -> list[_Candidate]:
        """Whoever may be in parts of a picture besides those who are there already, who count once more."""
        found: list[_Candidate] = []
        sizes = Counter(square.side for square in squares)
        everywhere = [
            _Candidate(one.region, one.score, sizes[square.side])
            for square in squares
            for one in self._detector.candidates(picture, square)
        ]
        for one in sorted(everywhere, key=lambda one: -one.score):
            known = (other for other in (*there, *found) if one.region.overlap(other.region) > _SAME_REGION)
            if same := next((other for other in known if other.score >= min(one.score, CLEAR_SCORE)), None):
                same.seen += 1
                same.parts = min(same.parts, one.parts)
            else:
                found.append(one)
        return found

    def _figures(self, picture: Picture, candidates: Iterable[_Candidate]) -> list[Figure]:
        figures: list[Figure] = []
        for candidate in candidates:
            first = self._model.look(picture, candidate.region)
            if first is None or first.certainty < _LEAST_CERTAINTY:
                continue
            known = next((place for place, one in enumerate(figures) if is_sure(one) and are_one(one, first)), None)
            if known is not None:  # nobody need be looked at again who is sure
                figures[known] = figures[known]._replace(candidates=figures[known].candidates + candidate.seen)
            elif figure := self._figure(picture, candidate, first):
                figures.append(figure._replace(candidates=candidate.seen))
        return figures

    def _with_faces(
        self,
        picture: Picture,
        detector: FaceDetector,
        squares: Sequence[Region],
        there: Sequence[_Candidate],
        figures: Sequence[Figure],
    ) -> list[Figure]:
        """Figures and those whose faces are seen besides, all with the evidence that is a face in its place."""
        sizes = Counter(square.side for square in squares)
        everywhere = [(face, sizes[square.side]) for square in squares for face in detector.find(picture, square)]
        candidates: list[_Candidate] = []
        for face, count in sorted(everywhere, key=lambda one: -one[0].score):
            if not any(face.region.overlap(other.region) > _SAME_REGION for other in (*there, *candidates)):
                candidates.append(_Candidate(face.region, face.score, count))
        everyone = [*figures, *self._figures(picture, candidates)]
        seen = [any(face.is_of(one.points) for face, _ in everywhere) for one in everyone]
        return [one._replace(evidence=one.evidence + _A_FACE * face) for one, face in zip(everyone, seen, strict=True)]

    def _figure(self, picture: Picture, candidate: _Candidate, first: Looked) -> Figure | None:
        again = self._model.look(picture, first.region)
        turned = self._model.look(picture, first.region, in_mirror=True)
        if not again or not turned:
            return None
        pairs = [(again, turned)]
        figure = Figure.between(pairs, [first], candidate.score, candidate.parts)
        if not self._finer or figure.evidence < _WORTH_IT:
            return figure
        finer = self._finer.look(picture, first.region)
        finer_turned = self._finer.look(picture, first.region, in_mirror=True)
        if not finer or not finer_turned:
            return figure._replace(evidence=figure.evidence - _EITHER)
        both = Figure.between([*pairs, (finer, finer_turned)], [again], candidate.score, candidate.parts)
        surer = both if _CLEARLY * both.spread.mean() < figure.spread.mean() else figure
        agreed = (figure.evidence + both.evidence) / 2
        return surer._replace(evidence=max(figure.evidence, agreed) - _EITHER)


def parts(size: tuple[int, int], sides: Iterable[float]) -> list[Region]:
    """The squares to look at, evenly spread, in a picture of this width and height; `sides` in parts of the longer."""
    squares = []
    for side in (share * max(size) for share in sides):
        step = side * (_LARGE_STEP if side > max(size) / 2 else _STEP)
        across, down = (_spread(length, side, step) for length in size)
        squares += [Region(x, y, side, 0) for y in down for x in across]
    return squares


def is_large(person: Figure | Looked, shorter: int) -> bool:
    """Whether somebody may be the only subject of a picture with this shorter side."""
    points = person.points[:, :2]
    return float(np.ptp(points, 0).max()) > _LARGE * shorter


def is_small(person: Figure | Looked, longer: int) -> bool:
    """Whether somebody is so small in a picture with this longer side that there may be smaller people still."""
    return trunk_length(person) < _SMALL * longer


def _is_alone(figures: Sequence[Figure], candidates: Sequence[_Candidate], shorter: int) -> bool:
    """Whether a picture shows one large person, and nothing anywhere else that might be somebody."""
    people = [one._replace(candidates=USUAL_CANDIDATES) for one in each_once(figures)]  # few parts were looked at
    if not people or not is_sure(people[0]) or not is_large(people[0], shorter):
        return False
    points = people[0].points[:, :2]
    low, high = points.min(0), points.max(0)
    return all(((low < one.region[:2]) & (one.region[:2] < high)).all() for one in candidates)


def _spread(length: int, side: float, step: float) -> list[float]:
    """Middles of squares along one side of the picture, of which each lies a step or less from the next."""
    if side >= _NEARLY_ALL * length:
        return [length / 2]
    count = math.ceil((length - side) / step) + 1
    middles: list[float] = np.linspace(side / 2, length - side / 2, count).tolist()
    return middles
