"""The landmarks of somebody in a region of a picture: MediaPipe's landmark model in LiteRT."""

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
from posecore.skeleton import LANDMARKS, MIRROR

_MODEL = "pose_landmarks_detector.tflite"
_BODY = len(LANDMARKS)
_POINTS = _BODY + 2  # and the middle and the topmost point of the circle that they are in
_REACH = np.arange(-3, 4)
# Cells of the heatmap around a landmark that say where it is, x and y, row by row: (49, 2).
_NEAR = np.stack(np.meshgrid(_REACH, _REACH), -1).reshape(-1, 2)
_LEAST_HEAT = 0.5
_MIRROR = list(MIRROR)
_ACROSS = np.array([-1, 1, 1], np.float32)  # x in a mirror


class Looked(NamedTuple):
    """What is seen in a region.

    Attributes:
        points: (33, 5) x, y, z in the picture's pixels; visibility, presence.
        world: (33, 3) metres, as `Pose.world`.
        region: where to look in the next picture.
        certainty: 0 to 1, how surely somebody is there.
    """

    points: FloatArray
    world: FloatArray
    region: Region
    certainty: float


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
        self._min_confidence = min_confidence

    def look(self, picture: Picture, region: Region, *, in_mirror: bool = False) -> Looked | None:
        """Who is in a region of a picture; None if nobody is.

        Args:
            in_mirror: whether the region is shown to the network as in a mirror. What is found is put back.
        """
        if not region.side > 0:
            return None
        side = self._network.side
        cut = region.cut(picture, side, cv2.BORDER_REPLICATE)
        numbers, present, _, heat, world = self._network.run(cut[:, ::-1] if in_mirror else cut)
        if not present[0, 0] > self._min_confidence:
            return None
        points = numbers.reshape(-1, 5)[:_POINTS].copy()
        points[:, :3] /= np.float32(side)
        points, metres = _refined(points, heat[0]), world.reshape(-1, 3)[:_BODY]
        if in_mirror:
            points, metres = _put_back(points, metres, side)
        points, metres = region.whole(points), region.turned_back(metres)
        around = Region.around(*points[_BODY:, :2])
        return Looked(points[:_BODY], metres, around, float(present[0, 0]))


def _put_back(points: FloatArray, metres: FloatArray, side: int) -> tuple[FloatArray, FloatArray]:
    """Points (L, 5) in parts of a mirrored picture and places in space (33, 3) as without the mirror: left for right,
    and x from the last pixel."""
    points[:_BODY], metres = points[_MIRROR], metres[_MIRROR] * _ACROSS
    points[:, 0] = (side - 1) / np.float32(side) - points[:, 0]
    return points, metres


def _refined(points: FloatArray, heat: FloatArray) -> FloatArray:
    """Points (L, 5) moved to the middle of the heat around them, if it is hot there; the last two numbers made 0 to 1.

    `heat` is (side, side, L or more).
    """
    side = len(heat)
    centres = (points[:, :2] * side).astype(np.intp)
    cells = centres[:, None] + _NEAR
    x, y = np.clip(cells, 0, side - 1).transpose(2, 0, 1)
    warmth = logistic(heat[y, x, np.arange(len(points))[:, None]]) * _inside(cells, side)
    hot = _inside(centres, side) & (warmth.max(1) >= _LEAST_HEAT)
    refined = np.column_stack([points[:, :3], logistic(points[:, 3:])])
    middles = np.einsum("lc,lca->la", warmth, cells.astype(np.float32))
    refined[hot, :2] = middles[hot] / (side * warmth.sum(1)[hot, None])
    return refined


def _inside(cells: NDArray[np.intp], side: int) -> BoolArray:
    """(...,) whether cells (..., 2) are in a square heatmap."""
    return np.asarray(((cells >= 0) & (cells < side)).all(-1))
