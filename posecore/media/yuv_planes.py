"""Pictures as clips store them (I420): brightness in full, and below it both colours at half the size.

An array (H * 3 / 2, W) uint8, H and W even, in the range of video. Drawing changes a part of it and leaves the rest as
it was, which turning the whole picture into RGB and back would not.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.media.picture import Box
from posecore.media.picture_files import Frame

Planes = NDArray[np.uint8]
SD_LUMA = 0.299, 0.114  # ITU-R BT.601


def empty(size: tuple[int, int]) -> Planes:
    """Planes of a picture of this width and height, in which anything may be."""
    width, height = size
    return np.empty((height * 3 // 2, width), np.uint8)


def three(planes: Planes) -> list[NDArray[np.uint8]]:
    """Brightness (H, W) and both colours (H / 2, W / 2), in the same memory."""
    height, width = len(planes) * 2 // 3, planes.shape[1]
    colours = planes[height:].reshape(2, height // 2, width // 2)
    return [planes[:height], *colours]


def in_box(each: Sequence[NDArray[np.uint8]], box: Box) -> list[NDArray[np.uint8]]:
    """What of brightness and both colours is in a box with even sides, in the same memory."""
    left, top, right, bottom = box
    return [
        plane[top // times : bottom // times, left // times : right // times]
        for plane, times in zip(each, (1, 2, 2), strict=True)
    ]


def rgb(planes: Planes, luma: tuple[float, float] = SD_LUMA, *, full_range: bool = False) -> Frame:
    """The picture (H, W, 3), the same on every processor.

    Args:
        luma: what part of the brightness is red and blue, as ITU-R BT.601 or BT.709 have it.
        full_range: whether black is 0 and white 255; in video they are 16 and 235.
    """
    if luma == SD_LUMA and not full_range:
        return cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420).astype(np.uint8, copy=False)
    brightness, *colours = three(planes)
    size = brightness.shape[::-1]
    spread = [cv2.resize(colour, size, interpolation=cv2.INTER_NEAREST) for colour in colours]
    return cv2.transform(cv2.merge([brightness, *spread]), _to_rgb(*luma, full_range)).astype(np.uint8, copy=False)


def _to_rgb(red: float, blue: float, full_range: bool) -> NDArray[np.float64]:
    """(3, 4) brightness, both colours and 1 to red, green and blue; ITU-R BT.601, 2.5 with its inverse."""
    black, span, colour = (0, 1.0, 1.0) if full_range else (16, 255 / 219, 255 / 224)
    green = 1 - red - blue
    by_blue, by_red = 2 * (1 - blue) * colour, 2 * (1 - red) * colour
    matrix = np.array([[span, 0, by_red], [span, -by_blue * blue / green, -by_red * red / green], [span, by_blue, 0]])
    return np.column_stack([matrix, -matrix @ [black, 128, 128]])


def cut_out(planes: Planes, box: Box) -> Planes:
    """What is in a box with even sides."""
    cut = empty((box.right - box.left, box.bottom - box.top))
    for source, target in zip(in_box(three(planes), box), three(cut), strict=True):
        target[:] = source
    return cut


def paint(planes: Planes, box: Box, picture: Frame) -> None:
    """Put a picture (H, W, 3) where the box is."""
    painted = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False)
    for source, target in zip(three(painted), in_box(three(planes), box), strict=True):
        target[:] = source
