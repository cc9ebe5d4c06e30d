"""Clips: what a file holds, its frames upright with their times. Headers lie, so limits hold while decoding too."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecore.errors import LimitError, MediaError
from posecore.frames import rotation, upright
from posecore.images import Frame

_MEGA = 1_000_000


@dataclass(frozen=True)
class ClipLimits:
    """What is accepted."""

    megabytes: int = 500
    minutes: int = 30
    largest_side: int = 4096


CLIP_LIMITS = ClipLimits()


@dataclass(frozen=True, eq=False)
class Clip:
    """What a clip's file holds, read from its packets without decoding more than one frame.

    Attributes:
        path: the file.
        size: (width, height) of the frames as they are shown: upright, with square pixels.
        pts: (T,) the frames' time stamps in order, in units of `time_base` seconds.
        keys: (K,) numbers of the frames at which decoding can begin, rising, the first is 0.
        time_base: seconds.
        pixel_ratio: width of the stored pixels divided by their height.
        duration_s: from the first frame to the end of the last.
        codec: of the pictures, as FFmpeg calls it ("h264", "vp9", ...).
        container: the file's format, as FFmpeg calls it.
        colours: primaries, transfer and matrix of the pictures as numbers of ITU-T H.273; 2 is unknown.
        has_audio: whether there is sound.
        breaks_off: whether the file ends before its header says it does.
        stamps_hold: whether frames come out with the time stamps of their packets. Not so in AVI, which stores no order
            of its own: there frames are counted from the beginning.
    """

    path: Path
    size: tuple[int, int]
    pts: NDArray[np.int64]
    keys: NDArray[np.int64]
    time_base: Fraction
    pixel_ratio: float
    duration_s: float
    codec: str
    container: str
    colours: tuple[int, int, int]
    has_audio: bool
    breaks_off: bool
    stamps_hold: bool

    @property
    def times(self) -> NDArray[np.float64]:
        """(T,) seconds from the first frame."""
        return np.asarray((self.pts - self.pts[0]) * float(self.time_base))

    @property
    def frames_per_second(self) -> float:
        """On average; nan with a single frame."""
        seconds = float(self.times[-1])
        return (len(self.pts) - 1) / seconds if seconds > 0 else math.nan


def probe(path: str | Path, limits: ClipLimits = CLIP_LIMITS) -> Clip:
    """Read what a clip's file holds.

    Raises:
        MediaError: missing, empty, no clip, no pictures in it, or not one that can be decoded.
        LimitError: more bytes, minutes or pixels than allowed.
    """
    path = Path(path)
    _check_bytes(path, limits)
    with _opened(path) as container:
        stream = _video_stream(container)
        _check_side(stream.width, stream.height, limits)
        pts, key_pts, whole = _scan(container, stream)
        if not len(pts):
            raise MediaError("clip_without_frames")
        time_base = stream.time_base or Fraction(1, 1000)
        last = _frame_seconds(stream, pts, float(time_base))
        duration = float(pts[-1] - pts[0]) * float(time_base) + last
        if duration > limits.minutes * 60:
            raise LimitError("clip_too_long", minutes=math.ceil(duration / 60), most=limits.minutes)
        ratio = _pixel_ratio(stream)
        stamps_hold = container.format.name != "avi"
        first = _first_frame(path)
        return Clip(
            path=path,
            size=_shown_size(first, ratio),
            pts=pts,
            keys=np.union1d(np.searchsorted(pts, key_pts) if stamps_hold else [], 0).astype(np.int64),
            time_base=time_base,
            pixel_ratio=ratio,
            duration_s=duration,
            codec=stream.codec_context.name,
            container=container.format.name,
            colours=(int(first.color_primaries), int(first.color_trc), int(first.colorspace)),
            has_audio=bool(container.streams.audio),
            breaks_off=not whole or stream.frames > len(pts),
            stamps_hold=stamps_hold,
        )


def read_frames(
    clip: Clip, first: int = 0, last: int | None = None, *, threads: int = 0, limits: ClipLimits = CLIP_LIMITS
) -> Iterator[tuple[int, Frame]]:
    """The frames of a clip as `decode_frames` gives them, upright, with square pixels: (H, W, 3) uint8 RGB."""
    for number, frame in decode_frames(clip, first, last, threads=threads, limits=limits):
        yield number, np.array(upright(frame, clip.pixel_ratio))


def decode_frames(
    clip: Clip, first: int = 0, last: int | None = None, *, threads: int = 0, limits: ClipLimits = CLIP_LIMITS
) -> Iterator[tuple[int, VideoFrame]]:
    """The frames of a clip in order as they are stored, each with its number in `clip.pts`.

    Frames that cannot be decoded, or not without errors, are left out; a file that breaks off ends early.

    Args:
        first: number of the first frame wanted. Decoding begins at the nearest frame before it that stands alone.
        last: number of the first frame not wanted any more.
        threads: for decoding; 0 is as many as there are cores.
    """
    end = len(clip.pts) if last is None else last
    with _opened(clip.path) as container:
        stream = _video_stream(container)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = threads
        if first > 0 and clip.stamps_hold:
            container.seek(int(clip.pts[first]), stream=stream)
        for number, frame in _numbered(clip, _decoded(container, stream)):
            if number >= end:
                return
            if number >= first and not frame.is_corrupt:
                _check_side(frame.width, frame.height, limits)
                yield number, frame


def _numbered(clip: Clip, frames: Iterator[VideoFrame]) -> Iterator[tuple[int, VideoFrame]]:
    if not clip.stamps_hold:
        yield from zip(range(len(clip.pts)), frames, strict=False)
        return
    numbers = {int(pts): number for number, pts in enumerate(clip.pts)}
    for frame in frames:
        if frame.pts in numbers:
            yield numbers[frame.pts], frame


def _pixel_ratio(stream: VideoStream) -> float:
    ratio = float(stream.sample_aspect_ratio or 1)
    return ratio if 0.1 < ratio < 10 else 1.0


def _shown_size(frame: VideoFrame, pixel_ratio: float) -> tuple[int, int]:
    width, height = round(frame.width * pixel_ratio), frame.height
    return (height, width) if abs(rotation(frame)) == 90 else (width, height)


def _check_bytes(path: Path, limits: ClipLimits) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise MediaError("no_such_file") from error
    if size == 0:
        raise MediaError("empty_file")
    if size > limits.megabytes * _MEGA:
        raise LimitError("file_too_large", size=f"{size / _MEGA:.0f}", most=limits.megabytes)


def _check_side(width: int, height: int, limits: ClipLimits) -> None:
    if max(width, height) > limits.largest_side:
        raise LimitError("clip_side_too_long", width=width, height=height, most=limits.largest_side)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        container = av.open(str(path))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise MediaError("not_a_clip") from error
    with container:
        yield container


def _video_stream(container: InputContainer) -> VideoStream:
    if container.format.name.endswith("_pipe") or container.format.name == "image2":
        raise MediaError("picture_not_clip")
    if not container.streams.video:
        raise MediaError("clip_without_pictures")
    return container.streams.video[0]


def _scan(container: InputContainer, stream: VideoStream) -> tuple[NDArray[np.int64], list[int], bool]:
    """The time stamps of all frames, sorted, those of key frames, and whether the file could be read to its end."""
    stamps: set[int] = set()
    keys: list[int] = []
    whole = True
    try:
        for packet in container.demux(stream):
            if packet.size and not packet.is_discard and packet.pts is not None:
                stamps.add(packet.pts)
                if packet.is_keyframe:
                    keys.append(packet.pts)
                whole = not packet.is_corrupt
    except av.error.FFmpegError:
        whole = False
    return np.array(sorted(stamps), np.int64), keys, whole


def _frame_seconds(stream: VideoStream, pts: NDArray[np.int64], time_base: float) -> float:
    """How long the last frame stays: as long as frames do in the middle."""
    if len(pts) > 1:
        return float(np.median(np.diff(pts))) * time_base
    return 1 / float(stream.guessed_rate or stream.average_rate or 25)


def _first_frame(path: Path) -> VideoFrame:
    with _opened(path) as container:
        for frame in _decoded(container, _video_stream(container)):
            if not frame.is_corrupt:
                return frame
    raise MediaError("clip_not_decodable")


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """What can be decoded: damaged packets are passed over, the end of a broken file is the end."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue
