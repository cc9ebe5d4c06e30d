"""Decoded frames to pictures: upright, with square pixels, no larger than needed."""

from __future__ import annotations

import threading

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from posecore.images import Frame

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, -90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180}
_EIGHT_BITS = {"yuv420p", "yuvj420p"}  # what nearly all clips are; their planes can be averaged as they are
_REDUCTIONS = (4, 2)
_LEAST_SIDE = 480  # pixels of the shorter side
_converters = threading.local()


def reduction(size: tuple[int, int]) -> int:
    """How many times smaller than (width, height) frames are enough to follow people in, unless these are small."""
    enough = (n for n in _REDUCTIONS if min(size) >= n * _LEAST_SIDE and not any(side % (2 * n) for side in size))
    return next(enough, 1)


def upright(frame: VideoFrame, pixel_ratio: float = 1.0, reduction: int = 1) -> Frame:
    """A decoded frame as (H, W, 3) uint8 RGB, turned as its display matrix says; its rows may be padded.

    Args:
        pixel_ratio: width of the stored pixels divided by their height; the result has square pixels.
        reduction: how many times smaller the result is, every pixel the mean of those it stands for.
    """
    size = round(frame.width * pixel_ratio) // reduction, frame.height // reduction
    small = _resized(frame, size) if frame.format.name in _EIGHT_BITS and pixel_ratio == 1 else frame
    picture = _converted(small, size, "rgb24").to_ndarray()
    turn = _TURNS.get(rotation(frame))
    return (picture if turn is None else cv2.rotate(picture, turn)).astype(np.uint8, copy=False)


def upright_scaled(frame: VideoFrame, size: tuple[int, int]) -> Frame:
    """A decoded frame as `upright`, scaled to (width, height), both even; quicker than scaling what `upright` gives."""
    turn = _TURNS.get(rotation(frame))
    stored = size[::-1] if abs(rotation(frame)) == 90 else size
    small = _resized(frame, stored) if frame.format.name in _EIGHT_BITS else frame
    planes = _converted(small, stored, "yuv420p", ColorRange.MPEG).to_ndarray()
    picture = cv2.cvtColor(np.ascontiguousarray(planes), cv2.COLOR_YUV2RGB_I420)
    return (picture if turn is None else cv2.rotate(picture, turn)).astype(np.uint8, copy=False)


def rotation(frame: VideoFrame) -> int:
    """Degrees counterclockwise, a multiple of 90 from -90 to 180."""
    turned = round(frame.rotation / 90) * 90 % 360
    return turned - 360 if turned > 180 else turned


def _converted(frame: VideoFrame, size: tuple[int, int], pixels: str, colours: ColorRange | None = None) -> VideoFrame:
    """A frame's own `reformat` starts threads that live as long as the frame does; each thread of ours has a converter
    for each kind of pixels, since one that changes between them has to be set up anew."""
    converter: VideoReformatter = _converters.__dict__.setdefault(pixels, VideoReformatter())
    width, height = size
    return converter.reformat(
        frame, width, height, pixels, interpolation=Interpolation.AREA, dst_color_range=colours, threads=1
    )


def _resized(frame: VideoFrame, size: tuple[int, int]) -> VideoFrame:
    """A frame of 8 bits scaled down plane by plane, quicker than FFmpeg does it."""
    if (frame.width, frame.height) == size:
        return frame
    small = VideoFrame(*size, frame.format.name)
    for source, target in zip(frame.planes, small.planes, strict=True):
        pixels, wanted = _pixels(source), _pixels(target)
        while (np.array(pixels.shape) >= 2 * np.array(wanted.shape)).all():
            pixels = _halved(pixels)
        cv2.resize(pixels, wanted.shape[::-1], wanted, interpolation=cv2.INTER_LINEAR)
    small.colorspace, small.color_range = frame.colorspace, frame.color_range
    return small


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The means of two by two pixels; an odd last row or column is left out."""
    height, width = (side // 2 for side in pixels.shape)
    even = pixels[: 2 * height, : 2 * width]
    return cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _pixels(plane: VideoPlane) -> NDArray[np.uint8]:
    """A plane's memory, without what its rows are padded with."""
    rows = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]  # a plane is a buffer, which PyAV's types omit
    return np.asarray(rows.reshape(plane.height, plane.line_size)[:, : plane.width], np.uint8)
