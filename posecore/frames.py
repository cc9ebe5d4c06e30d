"""Decoded frames to pictures: upright, with square pixels, no larger than needed, and no more of them than needed."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from posecore.images import Frame
from posecore.pictures import SAMPLE_ROWS, Box, Picture
from posecore.planes import Planes, empty, in_box, three

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, -90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180}
_EIGHT_BITS = {"yuv420p", "yuvj420p"}  # what nearly all clips are; their planes can be averaged as they are
_REDUCTIONS = (4, 2)
_LEAST_SIDE = 480  # pixels of the shorter side
_GRID = 16  # pixels; FFmpeg converts so many at once, and makes the same ones of a part whose sides lie at multiples
_converters = threading.local()


class DecodedPicture(Picture):
    """A decoded frame as `upright` would turn it into a picture; parts of it are made when they are looked at."""

    def __init__(self, frame: VideoFrame, pixel_ratio: float = 1.0, reduction: int = 1) -> None:
        self._frame, self._pixel_ratio, self._times = frame, pixel_ratio, reduction
        self._stored = round(frame.width * pixel_ratio) // reduction, frame.height // reduction
        self._has_parts = frame.format.name in _EIGHT_BITS and pixel_ratio == 1 and not any(n % 2 for n in self._stored)
        self._whole = None

    @property
    def size(self) -> tuple[int, int]:
        return self._stored[::-1] if abs(rotation(self._frame)) == 90 else self._stored

    @property
    def is_halftone(self) -> bool:
        if not self._has_parts:
            return super().is_halftone
        grey = _pixels(self._frame.planes[0])[:: max(1, self._frame.height // SAMPLE_ROWS)]
        black, white = (0, 255) if self._frame.color_range == ColorRange.JPEG else (16, 235)
        return bool(((grey <= black) | (grey >= white)).all())

    def whole(self) -> Frame:
        if self._whole is None:
            self._whole = upright(self._frame, self._pixel_ratio, self._times)
        return self._whole

    def part(self, box: Box) -> tuple[Frame, int, int]:
        turned = rotation(self._frame)
        window = _box_turned(box, -turned, self.size).within(self._stored, _GRID)
        if not self._has_parts or window == (0, 0, *self._stored):
            return self.whole(), 0, 0
        small = _resized(self._frame, self._stored, window)
        size = window.right - window.left, window.bottom - window.top
        left, top, _, _ = _box_turned(window, turned, self._stored)
        return _turned(_converted(small, size, "rgb24").to_ndarray().astype(np.uint8, copy=False), turned), left, top


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
    picture = _converted(small, size, "rgb24").to_ndarray().astype(np.uint8, copy=False)
    return _turned(picture, rotation(frame))


def upright_planes(frame: VideoFrame, size: tuple[int, int]) -> Planes:
    """A decoded frame as `upright`, scaled to (width, height), both even; quicker than scaling what `upright` gives."""
    turned = rotation(frame)
    stored = size[::-1] if abs(turned) == 90 else size
    if frame.format.name == "yuv420p" and frame.color_range != ColorRange.JPEG:
        planes = empty(stored)
        _scale_down([_pixels(plane) for plane in frame.planes], three(planes))
    else:
        small = _resized(frame, stored) if frame.format.name in _EIGHT_BITS else frame
        planes = np.ascontiguousarray(_converted(small, stored, "yuv420p", ColorRange.MPEG).to_ndarray(), np.uint8)
    if not turned:
        return planes
    upright = empty(size)
    for source, target in zip(three(planes), three(upright), strict=True):
        target[:] = _turned(source, turned)
    return upright


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


def _turned(picture: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    turn = _TURNS.get(degrees)
    return picture if turn is None else cv2.rotate(picture, turn).astype(np.uint8, copy=False)


def _box_turned(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Where a box lies when the picture of this size that it is part of is turned counterclockwise."""
    width, height = size
    left, top, right, bottom = box
    return {
        0: box,
        90: Box(top, width - right, bottom, width - left),
        180: Box(width - right, height - bottom, width - left, height - top),
        270: Box(height - bottom, left, height - top, right),
    }[degrees % 360]


def _resized(frame: VideoFrame, size: tuple[int, int], window: Box | None = None) -> VideoFrame:
    """A frame of 8 bits scaled down plane by plane, quicker than FFmpeg does it.

    Of a frame that is so many times larger than this size a window of the result is enough, with even sides.
    """
    if window is None and (frame.width, frame.height) == size:
        return frame
    left, top, right, bottom = window or (0, 0, *size)
    small = VideoFrame(right - left, bottom - top, frame.format.name)
    sources = [_pixels(plane) for plane in frame.planes]
    if window:
        times = frame.width // size[0]
        sources = in_box(sources, Box(*(side * times for side in window)))
    _scale_down(sources, [_pixels(plane) for plane in small.planes])
    small.colorspace, small.color_range = frame.colorspace, frame.color_range
    return small


def _scale_down(sources: Sequence[NDArray[np.uint8]], targets: Sequence[NDArray[np.uint8]]) -> None:
    for pixels, target in zip(sources, targets, strict=True):
        while (np.array(pixels.shape) >= 2 * np.array(target.shape)).all():
            pixels = _halved(pixels)
        cv2.resize(pixels, target.shape[::-1], target, interpolation=cv2.INTER_LINEAR)


def _halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The means of two by two pixels; an odd last row or column is left out."""
    height, width = (side // 2 for side in pixels.shape)
    even = pixels[: 2 * height, : 2 * width]
    return cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _pixels(plane: VideoPlane) -> NDArray[np.uint8]:
    """A plane's memory, without what its rows are padded with."""
    rows = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]  # a plane is a buffer, which PyAV's types omit
    return np.asarray(rows.reshape(plane.height, plane.line_size)[:, : plane.width], np.uint8)
