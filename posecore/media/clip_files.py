"""Clips: what a file holds, its frames upright with their times. Headers lie, so limits hold while decoding too."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecore.errors import LimitError, MediaError, PoseError
from posecore.limits import CLIP_LIMITS, ClipLimits
from posecore.media.kinds import HEAD_BYTES, check_size, file_kind
from posecore.media.picture_files import Frame
from posecore.media.places import is_here, place, readable
from posecore.media.upright_frames import rotation, upright
from posecore.processes.alive import still_alive

# What clips come in. Nothing that names other files or addresses: no play lists, no concat, no pictures in sequence.
_CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,gif,mxf"
_DECODERS = (
    *("h264", "hevc", "libdav1d", "av1", "vp8", "vp9", "libvpx", "libvpx-vp9", "mpeg4", "mpeg2video", "mpeg1video"),
    *(
        "mjpeg",
        "prores",
        "dnxhd",
        "theora",
        "wmv1",
        "wmv2",
        "wmv3",
        "vc1",
        "msmpeg4",
        "msmpeg4v2",
        "h263",
        "flv",
        "gif",
    ),
    *("aac", "aac_latm", "mp3", "mp3float", "mp2", "ac3", "eac3", "opus", "libopus", "vorbis", "flac", "alac"),
    *("wmav1", "wmav2", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s32le", "pcm_u8", "pcm_alaw", "pcm_mulaw"),
    *("flv", "amrnb", "amrwb", "adpcm_ms", "adpcm_ima_wav"),
)
_ONLY = {"protocol_whitelist": "file", "format_whitelist": _CONTAINERS, "codec_whitelist": ",".join(_DECODERS)}
_Stream = TypeVar("_Stream", VideoStream, AudioStream)


@dataclass(frozen=True, eq=False)
class Clip:
    """What a clip's file holds, read from its packets without decoding more than two frames.

    Attributes:
        path: the file.
        size: (width, height) of the frames as they are shown: upright, with square pixels.
        pts: (T,) the frames' time stamps in order, in units of `time_base` seconds.
        keys: (K,) numbers of the frames at which decoding can begin, rising, the first is 0. Where pictures recover
            little by little (intra refresh) there is no other.
        time_base: seconds.
        pixel_ratio: width of the stored pixels divided by their height.
        duration_s: from the first frame to the end of the last.
        codec: of the pictures, as FFmpeg calls it ("h264", "vp9", ...).
        container: the file's format, as FFmpeg calls it.
        colours: primaries, transfer and matrix of the pictures as numbers of ITU-T H.273; 2 is unknown.
        has_audio: whether there is sound that can be read.
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
        MediaError: missing, empty, no clip, no pictures in it, of an unknown codec, or not one that can be decoded.
        LimitError: more bytes, minutes or pixels than allowed, or too few pixels.
    """
    path = place(path) if isinstance(path, str) else path
    _check_bytes(path, limits)
    _check_kind(path)
    with _opened(path) as container:
        stream = _video_stream(container)
        _check_side(stream.width, stream.height, limits)
        pts, key_pts, whole = _scan(container, stream)
        if not len(pts):
            raise MediaError("clip_without_frames")
        time_base = stream.time_base or Fraction(1, 1000)
        last = _frame_seconds(stream, pts, float(time_base))
        duration = float(int(pts[-1]) - int(pts[0])) * float(time_base) + last
        if duration > limits.minutes * 60:
            raise LimitError("clip_too_long", minutes=math.ceil(duration / 60), most=limits.minutes)
        ratio = _pixel_ratio(stream)
        stamps_hold = container.format.name != "avi"
        first = _frame_at(path)
        if first is None:
            raise MediaError("clip_not_decodable")
        size = _shown_size(first, ratio)
        _check_side(*size, limits)
        return Clip(
            path=path,
            size=size,
            pts=pts,
            keys=_keys(path, pts, key_pts if stamps_hold else []),
            time_base=time_base,
            pixel_ratio=ratio,
            duration_s=duration,
            codec=stream.codec_context.name,
            container=container.format.name,
            colours=(int(first.color_primaries), int(first.color_trc), int(first.colorspace)),
            has_audio=sound_track(container) is not None,
            breaks_off=not whole or stream.frames > len(pts),
            stamps_hold=stamps_hold,
        )


def read_frames(
    clip: Clip, first: int = 0, last: int | None = None, *, threads: int = 0, limits: ClipLimits = CLIP_LIMITS
) -> Iterator[tuple[int, Frame]]:
    """The frames of a clip as `decode_frames` gives them, upright, with square pixels: (H, W, 3) uint8 RGB."""
    for number, frame in decode_frames(clip, first, last, threads=threads, limits=limits):
        yield number, np.array(upright(frame, clip.pixel_ratio))


def frames_of(path: Path, first: int, last: int) -> list[Frame]:
    """Some frames of a clip, upright, (H, W, 3) uint8 RGB each."""
    return [frame for _, frame in read_frames(probe(path), first, last)]


def decode_frames(
    clip: Clip, first: int = 0, last: int | None = None, *, threads: int = 0, limits: ClipLimits = CLIP_LIMITS
) -> Iterator[tuple[int, VideoFrame]]:
    """The frames of a clip in order as they are stored, each with its number in `clip.pts`.

    Frames that cannot be decoded are left out; those that are, though damaged, say `is_corrupt`; a file that breaks off
    ends early.

    Args:
        first: number of the first frame wanted. Decoding begins at the nearest frame before it that stands alone.
        last: number of the first frame not wanted any more.
        threads: for decoding; 0 is as many as there are cores.
    """
    end = len(clip.pts) if last is None else last
    for start in _starts(clip, first):
        with _opened(clip.path) as container:
            decoded = _numbered(clip, _decoded_from(clip, start, container, threads))
            frames = _begun_well(decoded, first) if start else decoded
            if frames is None:
                continue
            for number, frame in frames:
                if number >= end:
                    return
                if number >= first:
                    _check_side(frame.width, frame.height, limits)
                    yield number, frame
            return


def _begun_well(frames: Iterator[tuple[int, VideoFrame]], first: int) -> Iterator[tuple[int, VideoFrame]] | None:
    """The same frames, if they begin at `first` or before with one that stands alone."""
    number, frame = next(frames, (first + 1, None))
    return chain([(number, frame)], frames) if frame and frame.key_frame and number <= first else None


def _starts(clip: Clip, first: int) -> Iterator[int]:
    """Frames from which to decode so that `first` is among what comes out, the best first, 0 at last.

    Seeking to a frame may land after it, where frames are shown in another order than they are stored in or where the
    container has no index (TS), or where no picture stands alone. Then decoding begins one key frame further back, then
    two, four ...
    """
    if first > 0 and clip.stamps_hold:
        yield first
        key, back = int(np.searchsorted(clip.keys, first, side="right")) - 1, 1
        while key > back:
            yield int(clip.keys[key - back])
            back *= 2
    yield 0


def _decoded_from(clip: Clip, start: int, container: InputContainer, threads: int) -> Iterator[VideoFrame]:
    stream = _video_stream(container)
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = threads
    if start:
        _seek(container, stream, int(clip.pts[start]))
    return _decoded(container, stream)


def _numbered(clip: Clip, frames: Iterator[VideoFrame]) -> Iterator[tuple[int, VideoFrame]]:
    """With numbers that rise: of damaged time stamps those that come late are left out."""
    if not clip.stamps_hold:
        yield from zip(range(len(clip.pts)), frames, strict=False)
        return
    numbers = {pts: number for number, pts in enumerate(clip.pts.tolist())}
    last = -1
    for frame in frames:
        number = numbers.get(frame.pts, -1)
        if number > last:
            yield number, frame
            last = number


def _keys(path: Path, pts: NDArray[np.int64], key_pts: list[int]) -> NDArray[np.int64]:
    """Numbers of the frames with these time stamps, and 0; of 0 alone if one of the others does not stand alone."""
    if len(key_pts) > 1:
        one = _frame_at(path, key_pts[len(key_pts) // 2])
        key_pts = key_pts if one and one.key_frame else []
    return np.union1d(np.searchsorted(pts, key_pts), 0).astype(np.int64)


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
    except Exception as error:
        if is_here(path):
            raise
        raise MediaError("no_such_file") from error  # each kind of store has errors of its own
    check_size(size, limits.megabytes)


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if file_kind(head) == "picture" and not head.startswith(b"GIF"):
        raise MediaError("picture_not_clip")


def _check_side(width: int, height: int, limits: ClipLimits) -> None:
    if max(width, height) > limits.largest_side:
        raise LimitError("clip_side_too_long", width=width, height=height, most=limits.largest_side)
    if 0 < min(width, height) < limits.least_side:  # 0 is not known yet
        raise LimitError("clip_too_small", width=width, height=height, least=limits.least_side)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    """A file to read from; whatever PyAV raises or lacks there is one error."""
    try:
        with readable(path) as file, av.open(file, "r", options=_ONLY) as container:
            yield container
    except PoseError:
        raise
    except Exception as error:
        raise MediaError("not_a_clip") from error


def _video_stream(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise MediaError("clip_without_pictures")
    stream = _readable(container.streams.video)
    if stream is None:
        raise MediaError("clip_codec_unknown")
    return stream


def sound_track(container: InputContainer) -> AudioStream | None:
    """The first that can be read."""
    return _readable(container.streams.audio)


def _readable(streams: Sequence[_Stream]) -> _Stream | None:
    """The first one whose codec is known; others have no codec context, nor a size or a rate."""
    known = (stream for stream in streams if stream.codec_context is not None)
    return next((stream for stream in known if stream.codec_context.codec.name in _DECODERS), None)


def _scan(container: InputContainer, stream: VideoStream) -> tuple[NDArray[np.int64], list[int], bool]:
    """The time stamps of all frames, sorted, those of key frames, and whether the file could be read to its end."""
    stamps: set[int] = set()
    keys: list[int] = []
    whole = True
    try:
        for packet in container.demux(stream):
            still_alive()
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


def _frame_at(path: Path, pts: int | None = None) -> VideoFrame | None:
    """The first frame that can be decoded, of all or where decoding begins for one with this time stamp."""
    with _opened(path) as container:
        stream = _video_stream(container)
        if pts is not None:
            _seek(container, stream, pts)
        return next(_decoded(container, stream), None)


def _seek(container: InputContainer, stream: VideoStream, pts: int) -> None:
    """Go to where decoding begins for a frame; with a damaged index stay at the beginning."""
    with suppress(av.error.FFmpegError):
        container.seek(pts, stream=stream)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """What can be decoded: damaged packets are passed over, the end of a broken file is the end."""
    packets = container.demux(stream)
    while True:
        still_alive()
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue
