"""The turned squares of a picture in which the networks look for somebody.

MediaPipe computes them in float32; the steps here follow its own one by one, so that the same pixels come out.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.images import Frame
from posecore.network import direction, sine_and_cosine
from posecore.pictures import Box, Picture
from posecore.pose import FloatArray

_ROOM = np.float32(1.25)  # a region is so many times as large as the circle of which a person is held to fill
_UP = np.float32(math.pi / 2)
_PIECE = 64  # columns whose places in the picture OpenCV 3 counts from the same one
_BITS = 5  # of the parts of a pixel at which OpenCV takes values between pixels
_MOST_BITS = 15  # below them, by which places are more exact; with more, pictures of usual sizes would not fit in

_Matrix = list[list[float]]
_Numbers = NDArray[np.intp]


class Region(NamedTuple):
    """A rectangle turned clockwise, as float32.

    Attributes:
        x, y, width, height: of its middle and its own sides, in parts of the picture's width and height.
        angle: radians.
    """

    x: np.float32
    y: np.float32
    width: np.float32
    height: np.float32
    angle: np.float32

    @classmethod
    def around(cls, middle: FloatArray, edge: FloatArray, size: tuple[int, int]) -> Self:
        """The upright square of somebody whose circle has this middle and this topmost point, both parts of size."""
        width, height = size
        x, y = middle[0] * np.float32(width), middle[1] * np.float32(height)
        across, down = edge[0] * np.float32(width) - x, edge[1] * np.float32(height) - y
        side = np.float32(2) * np.sqrt(across * across + down * down)
        angle = float(_UP - np.float32(direction(across, -down)))
        turned = np.float32(angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi)))
        longest = max(side / np.float32(width) * np.float32(width), side / np.float32(height) * np.float32(height))
        return cls(
            x / np.float32(width),
            y / np.float32(height),
            longest / np.float32(width) * _ROOM,
            longest / np.float32(height) * _ROOM,
            turned,
        )

    def in_pixels(self, size: tuple[int, int]) -> Self:
        """The same in pixels of a picture of this width and height."""
        width, height = np.float32(size[0]), np.float32(size[1])
        return self._replace(x=self.x * width, y=self.y * height, width=self.width * width, height=self.height * height)

    def overlaps(self, other: Self) -> float:
        """What both cover of what either covers, as if neither were turned, 0 to 1."""
        middles = np.array([self[:2], other[:2]], np.float32)
        halves = np.array([self[2:4], other[2:4]], np.float32) / np.float32(2)
        return float(overlap(middles - halves, middles + halves)[1])

    def whole(self, points: FloatArray) -> FloatArray:
        """Points (..., 3 or more) in parts of the region, with z in parts of its width, in parts of the picture."""
        placed = points.copy()
        x, y = self._turn(points[..., 0] - np.float32(0.5), points[..., 1] - np.float32(0.5))
        placed[..., 0], placed[..., 1] = x * self.width + self.x, y * self.height + self.y
        placed[..., 2] *= self.width
        return placed

    def turned_back(self, points: FloatArray) -> FloatArray:
        """Points (..., 3) in metres, seen in the region, as they are in the picture."""
        turned = points.copy()
        turned[..., 0], turned[..., 1] = self._turn(points[..., 0], points[..., 1])
        return turned

    def _turn(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        sine, cosine = sine_and_cosine(float(self.angle))
        return cosine * x - sine * y, sine * x + cosine * y


def overlap(least: FloatArray, most: FloatArray) -> FloatArray:
    """(N,) what each of N boxes and the first one both cover, of what either covers; corners are (N, 2)."""
    both = np.minimum(most, most[0]) - np.maximum(least, least[0])
    shared = np.maximum(both, 0).prod(1)
    areas = (most - least).prod(1)
    union = areas + areas[0] - shared
    shares: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return shares


class Cutter:
    """Cuts regions out of pictures as OpenCV 3 does, which is in MediaPipe; OpenCV 5 takes other values between pixels.

    OpenCV 3 finds for every pixel of the cut where it lies in the picture, in float64, and rounds that to parts of a
    pixel. The same comes out of sums of whole numbers, which are quicker, but for the few places that are nearly half
    way between two parts: these are computed as OpenCV does. One cutter for each thread: it keeps its memory.
    """

    def __init__(self, side: int, border: int) -> None:
        """Cut them out `side` pixels wide and high; `border` is OpenCV's name for what lies outside of pictures."""
        self._side, self._border = side, border
        self._target = np.array([[0, side], [0, 0], [side, 0], [side, side]], np.float32)
        self._line = np.arange(side, dtype=np.float64)
        self._places = np.empty((2, side, side), np.int32)
        self._remainders = np.empty_like(self._places)
        self._pixel = np.empty((side, side, 2), np.int16)
        self._part = np.empty((side, side), np.uint16)
        self._cut = np.empty((side, side, 3), np.uint8)

    def cut(self, picture: Picture, region: Region) -> Frame:
        """What is in a region given in pixels, (side, side, 3) uint8 RGB; good until the next cut."""
        corners = _corners(region)
        inverse = _inverse(cv2.getPerspectiveTransform(corners, self._target).tolist())
        pixels, *begin = picture.part(_box(corners))
        begins = np.array(begin) << _BITS
        columns, rows, bits, doubt = self._summands(inverse)
        rows -= begins[:, None].astype(np.int32) << bits
        places = np.add(columns[:, None], rows[..., None], out=self._places)
        np.bitwise_and(places, (1 << bits) - 1, out=self._remainders)
        doubtful = np.flatnonzero(self._remainders <= 2 * doubt)
        places >>= bits
        if len(doubtful):
            axis, row, column = np.unravel_index(doubtful, places.shape)
            places[axis, row, column] = _place(inverse, axis, row, column) - begins[axis]
        np.right_shift(places, _BITS, out=self._pixel.transpose(2, 0, 1), casting="unsafe")
        places &= (1 << _BITS) - 1
        places[1] <<= _BITS
        np.add(places[0], places[1], out=self._part, casting="unsafe")
        cv2.remap(pixels, self._pixel, self._part, cv2.INTER_LINEAR, self._cut, borderMode=self._border)
        return self._cut

    def _summands(self, inverse: _Matrix) -> tuple[NDArray[np.int32], NDArray[np.int32], int, int]:
        """Two numbers for each column and for each row whose sums are the places in the picture, x and y.

        In parts of a pixel, times two to the power of so many bits, the third result. A half is added, so that cutting
        these bits off rounds, and the fourth result: how far off a sum may be, as the corners of a region are rounded
        and so it is not quite seen from straight above.
        """
        across, down, start = np.array(inverse)[:2].T * ((1 << _BITS) / inverse[2][2])
        most = (np.abs(start) + self._side * (np.abs(across) + np.abs(down))).max()
        bits = max(1, min(_MOST_BITS, 30 - math.ceil(math.log2(most + 1))))
        slant = self._side * (abs(inverse[2][0]) + abs(inverse[2][1])) / abs(inverse[2][2])
        doubt = 2 + math.ceil(most * slant * (1 << bits))
        columns = np.rint(np.multiply.outer(across * (1 << bits), self._line))
        rows = np.rint((np.multiply.outer(down, self._line) + start[:, None]) * (1 << bits))
        rows += (1 << (bits - 1)) + doubt
        return columns.astype(np.int32), rows.astype(np.int32), bits, doubt


def _place(inverse: _Matrix, axis: _Numbers, row: _Numbers, column: _Numbers) -> NDArray[np.float64]:
    """Where pixels of a cut lie in the picture, x (axis 0) or y (axis 1), rounded to parts of a pixel."""
    matrix = np.array(inverse)
    piece = column // _PIECE * _PIECE
    numerator, denominator = (
        (rows[..., 0] * piece + rows[..., 1] * row + rows[..., 2]) + rows[..., 0] * (column - piece)
        for rows in (matrix[axis], matrix[2])
    )
    place: NDArray[np.float64] = np.rint(numerator * ((1 << _BITS) / denominator))
    return place


def _corners(region: Region) -> NDArray[np.float32]:
    """(4, 2) bottom left, top left, top right, bottom right of a region in pixels."""
    degrees = float(np.float32(float(region.angle * np.float32(180)) / math.pi))
    radians = degrees * math.pi / 180
    down, across = np.float32(math.cos(radians)) * np.float32(0.5), np.float32(math.sin(radians)) * np.float32(0.5)
    first = (
        region.x - across * region.height - down * region.width,
        region.y + down * region.height - across * region.width,
    )
    second = (
        region.x + across * region.height - down * region.width,
        region.y - down * region.height - across * region.width,
    )
    opposite = [(2 * region.x - x, 2 * region.y - y) for x, y in (first, second)]
    return np.array([first, second, *opposite], np.float32)


def _box(corners: NDArray[np.float32]) -> Box:
    """What a region needs of a picture, with the pixels next to it."""
    left, top = np.floor(corners.min(0)).astype(int).tolist()
    right, bottom = np.ceil(corners.max(0)).astype(int).tolist()
    return Box(left - 1, top - 1, right + 2, bottom + 2)


def _inverse(matrix: _Matrix) -> _Matrix:
    """The inverse of a matrix (3, 3), by Cramer's rule in OpenCV's order."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    scale = 1 / (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
    minors = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return [[minor * scale for minor in row] for row in minors]
