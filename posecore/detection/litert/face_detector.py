"""Where faces are in a picture, and the bodies that belong to them: MediaPipe's face detector in LiteRT.

It sees people whom the person detector misses, since something else hides their body or lies across it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from posecore.detection.litert.anchors import AnchorNetwork
from posecore.detection.litert.regions import Region
from posecore.detection.models import FACES
from posecore.media.picture import Picture
from posecore.pose import FloatArray
from posecore.skeleton import INDEX

_MODEL = "face_detector.tflite"
_STRIDES = {4: 1}
_RIGHT_EYE, _LEFT_EYE, _MOUTH = 0, 1, 3  # places among a face's points
_HEAD = slice(INDEX["nose"], INDEX["mouth_right"] + 1)
# Of people whom both detectors found: their region is so many faces large, its middle so many from the face's, and a
# body is tilted about half as much as its head.
_REGION_SIDE, _DOWN, _BODY_TILT = 13, 4, 0.5
_NEAR = 0.6  # of a face: so near lies the head of the body that it belongs to
_AS_LARGE = 0.4, 1.6  # of a face, how large that head is


class Face(NamedTuple):
    """Where a face is.

    Attributes:
        score: how surely, 0 to 1.
        middle: (2,) x, y in the picture's pixels.
        side: of its box, pixels.
        region: where its body may be.
    """

    score: float
    middle: FloatArray
    side: float
    region: Region

    def is_of(self, points: FloatArray) -> bool:
        """Whether it is the face of the body with these landmarks (33, 2 or more) in pixels."""
        head = points[_HEAD, :2]
        least, most = _AS_LARGE
        near = math.dist(head.mean(0), self.middle) < _NEAR * self.side
        return near and least < float(np.ptp(head, 0).max()) / self.side < most


class FaceDetector:
    """One open detector; for one thread at a time."""

    def __init__(self, min_confidence: float, threads: int) -> None:
        """Open it.

        Args:
            min_confidence: from which on something counts as a face.
            threads: that one look uses.

        Raises:
            ModelError: its file is missing or broken.
        """
        self._network = AnchorNetwork(FACES, _MODEL, _STRIDES, threads)
        self._min_confidence = min_confidence

    def find(self, picture: Picture, square: Region) -> list[Face]:
        """The faces in a square of a picture, the surest first."""
        corner = np.array([square.x, square.y]) - square.side / 2
        faces = []
        for one in self._network.look(picture, square, self._min_confidence).one_by_one():
            least, most, points = (part[0] * square.side + corner for part in (one.least, one.most, one.points))
            middle, side = (least + most) / 2, float((most - least).max())
            if side > 0:
                faces.append(Face(float(one.scores[0]), middle, side, _body(middle, side, points)))
        return faces


def _body(middle: FloatArray, side: float, points: FloatArray) -> Region:
    """Where the body of a face with these points (6, 2) may be."""
    right, down = (points[_MOUTH] - points[[_RIGHT_EYE, _LEFT_EYE]].mean(0)).tolist()
    tilt = _BODY_TILT * math.atan2(-right, down)
    x, y = (middle + _DOWN * side * np.array([-math.sin(tilt), math.cos(tilt)])).tolist()
    return Region(x, y, _REGION_SIDE * side, tilt)
