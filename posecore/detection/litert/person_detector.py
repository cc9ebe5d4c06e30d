"""Where people are in a picture: MediaPipe's person detector in LiteRT."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.detection.litert.network import Network, logistic
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture
from posecore.pose import BoolArray, FloatArray

_MODEL = "pose_detector.tflite"
_STRIDES = {8: 2, 16: 2, 32: 6}  # pixels between anchors, and how many there are at each place
# Below, an anchor says nothing of where somebody is whom another sees more clearly.
CLEAR_SCORE = 0.25
_SAME_PERSON = 0.5  # overlap of boxes above which they are of the same person


class _Candidates(NamedTuple):
    """Of N anchors that see somebody: how surely, corners of the box, middle and topmost point of the circle.

    In parts of the square that the network looks at.
    """

    scores: FloatArray  # (N,)
    least: FloatArray  # (N, 2) x, y
    most: FloatArray  # (N, 2)
    circle: FloatArray  # (N, 2, 2) middle and edge, x and y

    def take(self, rows: NDArray[np.intp]) -> _Candidates:
        return _Candidates(*(values[rows] for values in self))


class Candidate(NamedTuple):
    """Where somebody may be, and how surely, 0 to 1."""

    score: float
    region: Region


class PersonDetector:
    """One open detector; for one thread at a time."""

    def __init__(self, bundle: Path, min_confidence: float, threads: int) -> None:
        """Open it.

        Args:
            bundle: MediaPipe's file of the models.
            min_confidence: from which an anchor counts.
            threads: that one look uses.

        Raises:
            ModelError: the bundle is broken.
        """
        self._network = Network(bundle, _MODEL, lowest=-1, threads=threads)
        self._anchors = _anchors(self._network.side)
        self._min_confidence = min_confidence

    def find(self, picture: Picture) -> list[Region]:
        """The regions of people, the surest first."""
        width, height = picture.size
        whole = Region(width / 2, height / 2, max(width, height), 0)
        return [candidate.region for candidate in self.candidates(picture, whole)]

    def candidates(self, picture: Picture, square: Region) -> list[Candidate]:
        """Who may be in a square of a picture, the surest first."""
        boxes, scores = self._network.run(square.cut(picture, self._network.side, cv2.BORDER_CONSTANT))
        found = self._candidates(boxes[0], scores[0, :, 0])
        corner = np.array([square.x, square.y]) - square.side / 2
        candidates = []
        while len(found.scores):
            same = _of_the_first(found)
            person = found.take(np.flatnonzero(same))
            clear = person.scores >= min(CLEAR_SCORE, person.scores[0])
            middle, edge = np.average(person.circle[clear], 0, person.scores[clear]) * square.side + corner
            candidates.append(Candidate(float(person.scores[0]), Region.around(middle, edge)))
            found = found.take(np.flatnonzero(~same))
        return candidates

    def _candidates(self, boxes: FloatArray, scores: FloatArray) -> _Candidates:
        """Those that are sure enough, the surest first."""
        sure = logistic(scores)
        rows = np.flatnonzero(sure >= self._min_confidence)
        rows = rows[np.argsort(-sure[rows], kind="stable")]
        numbers = (boxes[rows] / np.float32(self._network.side)).reshape(len(rows), 6, 2)
        anchors = self._anchors[rows]
        middle, half = numbers[:, 0] + anchors, numbers[:, 1] / np.float32(2)
        found = _Candidates(sure[rows], middle - half, middle + half, numbers[:, 2:4] + anchors[:, None])
        return found.take(np.flatnonzero((half >= 0).all(1)))


def _anchors(side: int) -> FloatArray:
    """(A, 2) x, y of the anchors' middles, row by row, the closest first."""
    grids = []
    for stride, count in _STRIDES.items():
        places = (np.arange(side // stride) + 0.5) / (side // stride)
        y, x = np.meshgrid(places, places, indexing="ij")
        grids.append(np.stack([x, y], -1).reshape(-1, 2).repeat(count, 0))
    return np.concatenate(grids).astype(np.float32)


def _of_the_first(found: _Candidates) -> BoolArray:
    """(N,) which are of the same person as the first candidate, that one too, whose box may be empty."""
    both = np.maximum(np.minimum(found.most, found.most[0]) - np.maximum(found.least, found.least[0]), 0).prod(1)
    areas = (found.most - found.least).prod(1)
    same = np.asarray(both > _SAME_PERSON * (areas + areas[0] - both))
    same[0] = True
    return same
