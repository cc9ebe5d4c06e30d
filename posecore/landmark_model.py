"""The landmarks of somebody in a region of a picture: MediaPipe's landmark model in LiteRT, to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from posecore.network import Network, logistic
from posecore.pictures import Picture
from posecore.pose import FloatArray
from posecore.regions import Cutter, Region
from posecore.skeleton import LANDMARKS

_MODEL = "pose_landmarks_detector.tflite"
_BODY = len(LANDMARKS)
_POINTS = _BODY + 2  # and the middle and the topmost point of the circle that they are in
# Cells of the heatmap around a landmark that say where it is, x and y, row by row: (2, 1, cells).
_NEAR = np.stack(np.meshgrid(np.arange(-3, 4), np.arange(-3, 4))).reshape(2, 1, -1)
_LEAST_HEAT = 0.5


class Looked(NamedTuple):
    """What is seen in a region.

    Attributes:
        points: (33, 5) x, y, z in parts of the picture's width, height, width; visibility, presence.
        world: (33, 3) metres, as `Pose.world`.
        region: where to look in the next picture.
    """

    points: FloatArray
    world: FloatArray
    region: Region


class LandmarkModel:
    """One open model; for one thread at a time."""

    def __init__(self, bundle: Path, min_confidence: float, threads: int) -> None:
        """Open it.

        Args:
            bundle: MediaPipe's file of the models.
            min_confidence: above which somebody counts as being in a region.
            threads: that one look uses.

        Raises:
            ModelError: the bundle is broken.
        """
        self._network = Network(bundle, _MODEL, lowest=0, threads=threads)
        self._cutter = Cutter(self._network.side, cv2.BORDER_REPLICATE)
        self._min_confidence = min_confidence

    def look(self, picture: Picture, region: Region) -> Looked | None:
        """Who is in a region of a picture; None if nobody is."""
        if not region.width > 0:
            return None
        size = picture.size
        numbers, present, _, heat, world = self._network.run(self._cutter.cut(picture, region.in_pixels(size)))
        if not present[0, 0] > self._min_confidence:
            return None
        points = numbers.reshape(-1, 5)[:_POINTS].copy()
        points[:, :3] /= np.float32(self._network.side)
        points = region.whole(_refined(points, heat[0]))
        middle, edge = points[_BODY:, :2]
        metres = region.turned_back(world.reshape(-1, 3)[:_BODY])
        return Looked(points[:_BODY], metres, Region.around(middle, edge, size))


def _refined(points: FloatArray, heat: FloatArray) -> FloatArray:
    """Points (L, 5) moved to the middle of the heat around them, if it is hot there; the last two numbers made 0 to 1.

    `heat` is (side, side, L or more). One logistic for all: a call costs more than what it computes.
    """
    side = len(heat)
    centres = (points[:, :2] * np.float32(side)).astype(np.int64)
    cells = centres.T[..., None] + _NEAR
    index = (cells[1] * side + cells[0]) * heat.shape[2] + np.arange(len(points))[:, None]
    sure = logistic(np.concatenate([heat.ravel().take(index, mode="clip"), points[:, 3:]], 1))
    warmth = sure[:, :-2] * ((cells >= 0) & (cells < side)).all(0)
    weights = np.concatenate([warmth[None], warmth * cells.astype(np.float32)])
    total, *sums = np.add.accumulate(weights, axis=-1)[..., -1]  # one by one, as MediaPipe does
    hot = ((centres >= 0) & (centres < side)).all(1) & (warmth.max(1) >= _LEAST_HEAT)
    refined = np.concatenate([points[:, :3], sure[:, -2:]], 1)
    refined[hot, :2] = (np.stack(sums, -1) / np.float32(side))[hot] / total[hot, None]
    return refined
