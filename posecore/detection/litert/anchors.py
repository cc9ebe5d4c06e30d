"""Networks that say at each of many places in a square of a picture, the anchors, whether something is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.detection.litert.network import Network, logistic
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture
from posecore.pose import BoolArray, FloatArray

_SAME = 0.5  # overlap of boxes above which they are around the same thing


class Seen(NamedTuple):
    """Of N anchors that see something: how surely, corners of its box, and K points of it.

    In parts of the square that the network looks at.
    """

    scores: FloatArray  # (N,)
    least: FloatArray  # (N, 2) x, y
    most: FloatArray  # (N, 2)
    points: FloatArray  # (N, K, 2)

    def take(self, rows: NDArray[np.intp]) -> Seen:
        return Seen(*(values[rows] for values in self))

    def one_by_one(self) -> Iterator[Seen]:
        """What the anchors say of each thing, the surest first."""
        left = self
        while len(left.scores):
            same = _of_the_first(left)
            yield left.take(np.flatnonzero(same))
            left = left.take(np.flatnonzero(~same))


class AnchorNetwork:
    """One open network; for one thread at a time."""

    def __init__(self, bundle: Path, name: str, strides: Mapping[int, int], threads: int) -> None:
        """Open it, as `Network`.

        Args:
            strides: pixels between anchors, and how many there are at each place.
        """
        self._network = Network(bundle, name, lowest=-1, threads=threads)
        self._anchors = _anchors(self._network.side, strides)

    def look(self, picture: Picture, square: Region, min_confidence: float) -> Seen:
        """What the anchors see in a square of a picture that are sure enough, the surest first."""
        boxes, scores = self._network.run(square.cut(picture, self._network.side, cv2.BORDER_CONSTANT))
        sure = logistic(scores[0, :, 0])
        rows = np.flatnonzero(sure >= min_confidence)
        rows = rows[np.argsort(-sure[rows], kind="stable")]
        numbers = (boxes[0, rows] / np.float32(self._network.side)).reshape(len(rows), boxes.shape[-1] // 2, 2)
        anchors = self._anchors[rows]
        middle, half = numbers[:, 0] + anchors, numbers[:, 1] / np.float32(2)
        seen = Seen(sure[rows], middle - half, middle + half, numbers[:, 2:] + anchors[:, None])
        return seen.take(np.flatnonzero((half >= 0).all(1)))


def _anchors(side: int, strides: Mapping[int, int]) -> FloatArray:
    """(A, 2) x, y of the anchors' middles, row by row, the closest first."""
    grids = []
    for stride, count in strides.items():
        places = (np.arange(side // stride) + 0.5) / (side // stride)
        y, x = np.meshgrid(places, places, indexing="ij")
        grids.append(np.stack([x, y], -1).reshape(-1, 2).repeat(count, 0))
    return np.concatenate(grids).astype(np.float32)


def _of_the_first(seen: Seen) -> BoolArray:
    """(N,) which are around the same thing as the first, that one too, whose box may be empty."""
    both = np.maximum(np.minimum(seen.most, seen.most[0]) - np.maximum(seen.least, seen.least[0]), 0).prod(1)
    areas = (seen.most - seen.least).prod(1)
    same = np.asarray(both > _SAME * (areas + areas[0] - both))
    same[0] = True
    return same
