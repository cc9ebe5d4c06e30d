"""Where somebody is in a picture: MediaPipe's person detector in LiteRT, with its answers to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.network import Network, logistic
from posecore.pictures import Picture
from posecore.pose import BoolArray, FloatArray
from posecore.regions import Cutter, Region, overlap

_MODEL = "pose_detector.tflite"
_STRIDES = {8: 2, 16: 2, 32: 6}  # pixels between anchors, and how many there are at each place
_SAME_PERSON = 0.5  # overlap of boxes above which they are of the same person
_MOST_SCORE = 100.0


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


class PersonDetector:
    """One open detector; for one thread at a time."""

    def __init__(self, bundle: Path, min_confidence: float, threads: int) -> None:
        """Open it.

        Args:
            bundle: MediaPipe's file of the models.
            min_confidence: from which an anchor counts. It is also the overlap above which the surer of two regions
                gives way, which is how MediaPipe has it.
            threads: that one look uses.

        Raises:
            ModelError: the bundle is broken.
        """
        self._network = Network(bundle, _MODEL, lowest=-1, threads=threads)
        self._cutter = Cutter(self._network.side, cv2.BORDER_CONSTANT)
        self._anchors = _anchors(self._network.side)
        self._min_confidence = min_confidence

    def find(self, picture: Picture) -> Region | None:
        """The region of one person, in parts of a picture; None without anybody."""
        width, height = picture.size
        side = np.float32(max(width, height))
        whole = Region(np.float32(width / 2), np.float32(height / 2), side, side, np.float32(0))
        boxes, scores = self._network.run(self._cutter.cut(picture, whole))
        found = self._candidates(boxes[0], scores[0, :, 0])
        regions: list[Region] = []
        while len(found.scores):
            same = _of_the_first(found)
            middle, edge = _without_border(_mean(found.take(np.flatnonzero(same))), (width, height))
            region = Region.around(middle, edge, (width, height))
            regions = [other for other in regions if region.overlaps(other) <= self._min_confidence] + [region]
            found = found.take(np.flatnonzero(~same))
        return regions[0] if regions else None

    def _candidates(self, boxes: FloatArray, scores: FloatArray) -> _Candidates:
        """Those that are sure enough, the surest first."""
        sure = logistic(np.clip(scores, -_MOST_SCORE, _MOST_SCORE))
        rows = np.flatnonzero(sure >= self._min_confidence)
        numbers = (boxes[rows] / np.float32(self._network.side)).reshape(len(rows), 6, 2)
        anchors = self._anchors[rows]
        middle, half = numbers[:, 0] + anchors, numbers[:, 1] / np.float32(2)
        found = _Candidates(sure[rows], middle - half, middle + half, numbers[:, 2:4] + anchors[:, None])
        found = found.take(np.flatnonzero((found.most - found.least).min(1, initial=0) >= 0))
        return found.take(np.argsort(-found.scores, kind="stable"))


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
    same = overlap(found.least, found.most) > _SAME_PERSON
    same[0] = True
    return same


def _mean(same: _Candidates) -> FloatArray:
    """(2, 2) the circle of one person, by all that see them."""
    # Added up one by one, as MediaPipe does; NumPy's sum adds in another order.
    weighted = np.add.accumulate(same.circle * same.scores[:, None, None])[-1]
    mean: FloatArray = weighted / np.add.accumulate(same.scores)[-1]
    return mean


def _without_border(circle: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Parts of the square that the network looks at to parts of the picture, which fills it in one direction."""
    width, height = np.float32(size[0]), np.float32(size[1])
    high, wide = height / width, width / height
    border = np.array([max(0, 1 - wide), max(0, 1 - high)], np.float32) / np.float32(2)
    within: FloatArray = (circle - border) / (1 - (border + border))
    return within
