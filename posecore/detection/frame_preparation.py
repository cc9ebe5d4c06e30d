"""Frames made ready to be looked at, and what is found in them put back into their pixels."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from posecore.media.picture import Picture
from posecore.media.picture_files import Frame, shrink
from posecore.pose import Landmarks, Pose

# MediaPipe samples a frame by points; above this size it would skip most of them, so the frame is averaged down first.
WORKING_SIDE = 1920
HALFTONE_BLUR = 1.5  # pixels, makes grey of black and white dots


class Prepared(NamedTuple):
    """A frame as people are looked for in it, and the width and height in whose pixels poses are wanted."""

    picture: Picture
    size: tuple[int, int]


def prepare(picture: Picture, size: tuple[int, int] | None = None) -> Prepared:
    """What `StreamTracker.track` does with a frame before it looks for people.

    Args:
        size: the width and height the frame had before it was scaled down, if it was.
    """
    if max(picture.size) > WORKING_SIDE or picture.is_halftone:
        size = size or picture.size
        small = shrink(picture.whole(), WORKING_SIDE)
        if Picture(small).is_halftone:
            small = cv2.GaussianBlur(small, (0, 0), HALFTONE_BLUR).astype(np.uint8, copy=False)
        picture = Picture(small)
    return Prepared(picture, size or picture.size)


def mirror_image(ready: Prepared) -> Prepared:
    """The same, seen in a mirror."""
    return Prepared(Picture(cv2.flip(ready.picture.whole(), 1).astype(np.uint8, copy=False)), ready.size)


def check_frame(frame: Frame) -> None:
    """Raise a ValueError if it is none."""
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8 or not frame.size:
        raise ValueError(f"a frame is (H, W, 3) uint8, not {frame.shape} {frame.dtype}")


def to_pose(found: Landmarks, ready: Prepared) -> Pose:
    """Landmarks in the prepared picture as poses in the pixels that are wanted."""
    points, world, spread = found
    if not len(points):
        return Pose.nobody(ready.size)
    scale = np.array([wanted / had for wanted, had in zip(ready.size, ready.picture.size, strict=True)], np.float32)
    return Pose(
        xy=points[..., :2] * scale,
        z=points[..., 2] * scale[0],
        visibility=points[..., 3],
        presence=points[..., 4],
        world=world,
        size=ready.size,
        spread=spread * scale[0],
    )
