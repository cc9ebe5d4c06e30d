"""Where people are in a picture: MediaPipe's person detector in LiteRT."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from posecore.detection.litert.anchors import AnchorNetwork
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture

_MODEL = "pose_detector.tflite"
_STRIDES = {8: 2, 16: 2, 32: 6}
# Below, an anchor says nothing of where somebody is whom another sees more clearly.
CLEAR_SCORE = 0.25


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
        self._network = AnchorNetwork(bundle, _MODEL, _STRIDES, threads)
        self._min_confidence = min_confidence

    def find(self, picture: Picture) -> list[Region]:
        """The regions of people, the surest first."""
        width, height = picture.size
        whole = Region(width / 2, height / 2, max(width, height), 0)
        return [candidate.region for candidate in self.candidates(picture, whole)]

    def candidates(self, picture: Picture, square: Region) -> list[Candidate]:
        """Who may be in a square of a picture, the surest first."""
        corner = np.array([square.x, square.y]) - square.side / 2
        candidates = []
        for person in self._network.look(picture, square, self._min_confidence).one_by_one():
            clear = person.scores >= min(CLEAR_SCORE, person.scores[0])
            circle = np.average(person.points[clear, :2], 0, person.scores[clear])  # its middle and topmost point
            middle, edge = circle * square.side + corner
            candidates.append(Candidate(float(person.scores[0]), Region.around(middle, edge)))
        return candidates
