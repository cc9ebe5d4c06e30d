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

from posecore.media.picture import SAMPLE_ROWS, Box, Picture, thumbnail
from posecore.media.picture_files import Frame
from posecore.media.yuv_planes import SD_LUMA, Planes, empty, in_box, rgb, three

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, -90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180}
_EIGHT_BITS = {"yuv420p", "yuvj420p"}  # what nearly all clips are; their planes can be averaged as they are
_REDUCTIONS = (4, 2)
_LEAST_SIDE = 480  # pixels of the shorter side
# What part of the brightness is red and blue, by the number of the matrix in ITU-T H.273; else as in SD.
_LUMA = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 7: (0.212, 0.087), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
_converters = threading.local()


class DecodedPicture(Picture):
    """A decoded frame as `upright` would turn it into a picture; parts of it are made when they are looked at."""

    def __init__(self, frame: VideoFrame, pixel_ratio: float = 1.0, reduction: int = 1) -> None:
        self._frame, self._pixel_ratio, self._times = frame, pixel_ratio, reduction
        self._stored = round(frame.width * pixel_ratio) // reduction, frame.height // reduction
        self._has_parts = _is_simple(frame, self._stored) and pixel_ratio == 1
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

    def thumbnail(self) -> NDArray[np.uint8]:
        if self._frame.format.name not in _EIGHT_BITS:
            return super().thumbnail()
        return thumbnail(_pixels(self._frame.planes[0]))

    def whole(self) -> Frame:
        if self._whole is None:
            self._whole = upright(self._frame, self._pixel_ratio, self._times)
        return self._whole

    def part(self, box: Box) -> tuple[Frame, int, int]:
        turned = rotation(self._frame)
        window = _box_turned(box, -turned, self.size).within(self._stored, grid=2)
        if not self._has_parts or window == (0, 0, *self._stored):
            return self.whole(), 0, 0
        left, top, _, _ = _box_turned(window, turned, self._stored)
        return _turned(_rgb(self._frame, self._stored, window), turned), left, top


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
    if _is_simple(frame, size) and pixel_ratio == 1:
        return _turned(_rgb(frame, size), rotation(frame))
    picture = _converted(frame, size, "rgb24").to_ndarray().astype(np.uint8, copy=False)
    return _turned(picture, rotation(frame))


def upright_planes(frame: VideoFrame, size: tuple[int, int]) -> Planes:
    """A decoded frame as `upright`, scaled to (width, height), both even; quicker than scaling what `upright` gives."""
    turned = rotation(frame)
    stored = size[::-1] if abs(turned) == 90 else size
    if frame.format.name in _EIGHT_BITS and not _is_full_range(frame):
        planes = _scaled(frame, stored)
    else:
        planes = np.ascontiguousarray(_converted(frame, stored, "yuv420p", ColorRange.MPEG).to_ndarray(), np.uint8)
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


def _is_simple(frame: VideoFrame, size: tuple[int, int]) -> bool:
    """Whether a frame becomes a picture of this size plane by plane, quicker than FFmpeg does it.

    And the same on every processor: FFmpeg's own conversion is rougher on x86 than elsewhere, by up to 3 of 256.
    """
    return frame.format.name in _EIGHT_BITS and not any(side % 2 for side in size)


def _is_full_range(frame: VideoFrame) -> bool:
    return frame.format.name == "yuvj420p" or frame.color_range == ColorRange.JPEG


def _rgb(frame: VideoFrame, size: tuple[int, int], window: Box | None = None) -> Frame:
    """A simple frame scaled down, or a window of the result, (H, W, 3)."""
    luma = _LUMA.get(int(frame.colorspace), SD_LUMA)
    return rgb(_scaled(frame, size, window), luma, full_range=_is_full_range(frame))


def _scaled(frame: VideoFrame, size: tuple[int, int], window: Box | None = None) -> Planes:
    """A simple frame scaled down, in its own range; of one that is so many times larger a window with even sides."""
    left, top, right, bottom = window or (0, 0, *size)
    planes = empty((right - left, bottom - top))
    sources = [_pixels(plane) for plane in frame.planes]
    if window:
        times = frame.width // size[0]
        sources = in_box(sources, Box(*(side * times for side in window)))
    _scale_down(sources, three(planes))
    return planes


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
