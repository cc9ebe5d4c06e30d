"""Pictures as clips store them (I420): brightness in full, and below it both colours at half the size.

An array (H * 3 / 2, W) uint8, H and W even, in the range of video. Drawing changes a part of it and leaves the rest as
it was, which turning the whole picture into RGB and back would not.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.images import Frame
from posecore.pictures import Box

Planes = NDArray[np.uint8]


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


def rgb(planes: Planes) -> Frame:
    """The picture (H, W, 3)."""
    return cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420).astype(np.uint8, copy=False)


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
