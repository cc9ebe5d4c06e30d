"""Pictures in which people are looked for."""

from __future__ import annotations

from typing import NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.media.picture_files import Frame

SAMPLE_ROWS = 8


class Box(NamedTuple):
    """Part of a picture in its pixels; the last column and row are not in it."""

    left: int
    top: int
    right: int
    bottom: int

    def within(self, size: tuple[int, int], grid: int = 1) -> Self:
        """What of it is in a picture of this width and height, or the picture's edge next to it.

        Args:
            grid: pixels; its sides lie at multiples of it or at the picture's.
        """
        sides = []
        for low, high, end in ((self.left, self.right, size[0]), (self.top, self.bottom, size[1])):
            first = min(max(low, 0), end - 1) // grid * grid
            sides.append((first, min(-(-max(high, first + 1) // grid) * grid, end)))
        (left, right), (top, bottom) = sides
        return self._replace(left=left, top=top, right=right, bottom=bottom)


def thumbnail(brightness: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(18, 32) of a picture's brightness (H, W)."""
    return cv2.resize(brightness, (32, 18), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


class Picture:
    """A picture that is there as a whole, (H, W, 3) uint8 RGB."""

    def __init__(self, pixels: Frame) -> None:
        self._whole: Frame | None = pixels

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        height, width = self.whole().shape[:2]
        return width, height

    @property
    def is_halftone(self) -> bool:
        """Whether some rows are nothing but black and white: grey made of dots, which sampling by points would miss."""
        whole = self.whole()
        rows = whole[:: max(1, len(whole) // SAMPLE_ROWS)]
        return bool(((rows == 0) | (rows == 255)).all())

    def thumbnail(self) -> NDArray[np.uint8]:
        """Its brightness (18, 32), to tell scenes apart; it may lie on its side."""
        return thumbnail(cv2.cvtColor(self.whole(), cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False))

    def whole(self) -> Frame:
        """All of it."""
        assert self._whole is not None
        return self._whole

    def part(self, box: Box) -> tuple[Frame, int, int]:
        """At least what of a box is in the picture, or the nearest there is, and how far right and down it begins."""
        left, top, right, bottom = box.within(self.size)
        # A copy reads a picture that is no longer in the processor's cache row by row, which takes half the time of
        # reading it here and there.
        return self.whole()[top:bottom, left:right].copy(), left, top
