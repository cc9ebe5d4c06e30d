"""The turned squares of a picture in which the networks look for somebody."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.media.picture import Box, Picture
from posecore.media.picture_files import Frame
from posecore.pose import FloatArray

# Steps small against what one look differs from the next by, and large against what processors differ by, see
# docs/decisions.md.
_PLACE_STEP = 2 / 256  # parts of the side: two pixels of the landmark model's picture
_SIZE_STEP = 0.02  # of the side's logarithm
_TURN_STEP = 0.02  # radians
_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]], np.float32)
_ROOM = 1.25  # a region is so many times as large as the circle of which a person is held to fill


class Region(NamedTuple):
    """A square turned clockwise.

    Attributes:
        x, y, side: of its middle and its sides, in the picture's pixels.
        angle: radians, -pi to pi.
    """

    x: float
    y: float
    side: float
    angle: float

    @classmethod
    def around(cls, middle: FloatArray, edge: FloatArray) -> Self:
        """The upright square of somebody whose circle has this middle and this topmost point, (2,) x, y in pixels."""
        (x, y), (across, down) = middle.tolist(), (edge - middle).tolist()
        return cls(x, y, 2 * _ROOM * math.hypot(across, down), math.atan2(across, -down))

    def rounded(self) -> Self:
        """The same in steps, so that what processors differ by leads to the same region.

        Landmarks hang on where a region lies, and that on the landmarks of the frame before: without steps a thousandth
        of a pixel grows to a hundredth of the torso within a second.
        """
        if not self.side > 0:
            return self
        side = math.exp(_rounded(math.log(self.side), _SIZE_STEP))
        step = _PLACE_STEP * side
        return self._replace(
            x=_rounded(self.x, step), y=_rounded(self.y, step), side=side, angle=_rounded(self.angle, _TURN_STEP)
        )

    def scaled(self, times: float) -> Self:
        """The same where the picture is so many times as large."""
        return self._replace(x=self.x * times, y=self.y * times, side=self.side * times)

    def overlap(self, other: Self) -> float:
        """What both cover of what either covers, as if neither were turned, 0 to 1."""
        reach = (self.side + other.side) / 2
        width, height = (
            max(0.0, min(reach - abs(here - there), self.side, other.side))
            for here, there in zip(self[:2], other[:2], strict=True)
        )
        either = self.side**2 + other.side**2 - width * height
        return width * height / either if either else 0.0

    def whole(self, points: FloatArray) -> FloatArray:
        """Points (..., 3 or more) in parts of the region, with z in parts of its side, in the picture's pixels."""
        placed = points.copy()
        placed[..., :2] = self._turned(points[..., :2] - np.float32(0.5)) * self.side + (self.x, self.y)
        placed[..., 2] *= self.side
        return placed

    def turned_back(self, points: FloatArray) -> FloatArray:
        """Points (..., 3) in metres, seen in the region, as they are in the picture."""
        turned = points.copy()
        turned[..., :2] = self._turned(points[..., :2])
        return turned

    def cut(self, picture: Picture, side: int, border: int) -> Frame:
        """What of a picture is in it, (side, side, 3) uint8 RGB.

        The first pixel's middle lies in the region's corner, not half a pixel inside, as the networks were trained.

        Args:
            border: OpenCV's name for what lies outside of pictures.
        """
        line = np.arange(side, dtype=np.float32) / side - np.float32(0.5)
        corners = self._turned(_CORNERS) * self.side + (self.x, self.y)
        pixels, left, top = picture.part(_box(corners))
        across, down = self._turned(np.eye(2, dtype=np.float32)) * self.side
        x, y = (
            np.add.outer(line * down[axis] + (middle - begin), line * across[axis])
            for axis, middle, begin in ((0, self.x, left), (1, self.y, top))
        )
        # OpenCV blends neighbours by 32nds of a pixel where places are given so, and more finely otherwise. MediaPipe
        # has 32nds, and uncertain landmarks move by up to a tenth of the torso with the finer blend.
        whole, part = cv2.convertMaps(x.astype(np.float32), y.astype(np.float32), cv2.CV_16SC2)
        cut = cv2.remap(pixels, whole, part, cv2.INTER_LINEAR, borderMode=border)
        return cut.astype(np.uint8, copy=False)

    def _turned(self, points: FloatArray) -> FloatArray:
        """(..., 2) turned with the region, around (0, 0)."""
        sine, cosine = math.sin(self.angle), math.cos(self.angle)
        return points @ np.array([[cosine, sine], [-sine, cosine]], np.float32)


def _rounded(value: float, step: float) -> float:
    return round(value / step) * step


def apart(regions: Iterable[Region], most_overlap: float) -> list[Region]:
    """Those of which no later one covers the same part of a picture, in their order."""
    kept: list[Region] = []
    for region in regions:
        kept = [other for other in kept if region.overlap(other) <= most_overlap] + [region]
    return kept


def _box(corners: NDArray[np.floating]) -> Box:
    """What a region with these corners (4, 2) needs of a picture, with the pixels next to it."""
    left, top = np.floor(corners.min(0)).astype(int).tolist()
    right, bottom = np.ceil(corners.max(0)).astype(int).tolist()
    return Box(left - 1, top - 1, right + 2, bottom + 2)
