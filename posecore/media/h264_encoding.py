"""Frames to H.264: parts encoded side by side, then joined without encoding again, with the sound of the original."""

from __future__ import annotations

import heapq
import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.codec.codec import Codec
from av.codec.context import Flags
from av.container import InputContainer, OutputContainer
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from posecore.errors import WriteError
from posecore.media.atomic_files import told_as_write_error, written_whole
from posecore.media.clip_files import Clip, sound_track
from posecore.media.places import readable
from posecore.media.yuv_planes import Planes

# At 1280 x 720, one thread: ultrafast 3.3 ms a frame, superfast 7.7, veryfast 9.3.
_X264 = {"preset": "ultrafast", "crf": "23", "bf": "0"}
_KEY_EVERY = 2  # seconds, so that players can jump
_COPIED_SOUND = {"aac", "mp3", "opus"}  # what MP4 may hold and browsers play; anything else becomes AAC
_AAC_FRAME = 1024  # samples
_MOST_TICKS = 2**31  # for which a frame may stay in MP4
_TICK = Fraction(1, 90_000)  # seconds, where those of the clip are too many
# What PyAV raises, or lets Python raise, over sound that is damaged or that MP4 does not take.
_UNREADABLE = (av.error.FFmpegError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_Timed = Iterator[tuple[float, "av.Packet[Any]"]]


@dataclass(frozen=True, eq=False)
class Part:
    """Encoded frames in a file, and a row for each: time stamp, duration (in the clip's time base), bytes, key.

    `data` is the file's content where that comes from another machine.
    """

    path: Path
    rows: NDArray[np.int64]
    data: bytes = b""

    def carried(self) -> Part:
        """The same with its content along; the file is gone."""
        data = self.path.read_bytes()
        self.path.unlink()
        return replace(self, data=data)


class PartEncoder:
    """Encodes frames of one size into a file of its own; `part` is there once the context is left."""

    def __init__(self, path: Path, clip: Clip, size: tuple[int, int]) -> None:
        self._path = path
        self._codec = VideoCodecContext.create("libx264", "w")
        _configure(self._codec, clip, size)
        self._codec.flags |= Flags.global_header
        self._time_base = clip.time_base
        self._durations: dict[int, int] = {}
        self._rows: list[tuple[int, int, int, int]] = []
        with told_as_write_error(path):
            self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with told_as_write_error(self._path), self._file:
            if error is None:
                self._encode(None)

    @property
    def part(self) -> Part:
        """What was written."""
        return Part(self._path, np.array(self._rows, np.int64).reshape(-1, 4))

    def write(self, planes: Planes, pts: int, duration: int) -> None:
        """Add a picture."""
        picture = av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")
        picture.pts, picture.time_base = pts, self._time_base
        self._durations[pts] = duration
        with told_as_write_error(self._path):
            self._encode(picture)

    def _encode(self, picture: av.VideoFrame | None) -> None:
        for packet in self._codec.encode(picture):
            assert packet.pts is not None
            self._rows.append((packet.pts, self._durations.pop(packet.pts), packet.size, packet.is_keyframe))
            self._file.write(packet)


def fitting_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height scaled down to `longest`, both even as H.264 wants them."""
    scale = min(1.0, longest / max(size))
    width, height = (max(2, round(side * scale / 2) * 2) for side in size)
    return width, height


def join(parts: Sequence[Part], target: Path, clip: Clip, size: tuple[int, int], begin_s: float, end_s: float) -> None:
    """Put encoded parts into an MP4 file that browsers play, with the clip's sound from `begin_s` to `end_s`.

    Sound that cannot be read ends where it breaks; where MP4 does not take it, the clip is without.

    Raises:
        WriteError: the file cannot be written.
    """
    with written_whole(target) as draft:
        if clip.has_audio and _joined_with_sound(parts, draft, clip, size, begin_s, end_s):
            return
        try:
            with _output(draft, clip, size) as out:
                _mux(out, _pictures(parts, clip, out.streams.video[0]))
        except OSError:
            raise
        except av.error.FFmpegError as error:
            raise WriteError("not_written", name=target.name, reason=error.strerror) from error


def _joined_with_sound(
    parts: Sequence[Part], target: Path, clip: Clip, size: tuple[int, int], begin_s: float, end_s: float
) -> bool:
    """Whether that was possible. What the system says against writing is raised."""
    try:
        with readable(clip.path) as file, av.open(file, "r") as source, _output(target, clip, size) as out:
            sound = _sound(source, out, clip, begin_s, end_s)
            pictures = _pictures(parts, clip, out.streams.video[0])
            _mux(out, heapq.merge(pictures, sound, key=lambda timed: timed[0]))
    except OSError:
        raise
    except _UNREADABLE:
        return False
    return True


@contextmanager
def _output(target: Path, clip: Clip, size: tuple[int, int]) -> Iterator[OutputContainer]:
    with av.open(str(target), "w", format="mp4", container_options={"movflags": "+faststart"}) as out:
        stream = out.add_stream("libx264", rate=_rate(clip))
        _configure(stream.codec_context, clip, size)
        if clip.duration_s * clip.time_base.denominator >= _MOST_TICKS:
            stream.codec_context.time_base = _TICK
        yield out


def _mux(out: OutputContainer, packets: _Timed) -> None:
    for _, packet in packets:
        out.mux(packet)


def _rate(clip: Clip) -> Fraction:
    rate = clip.frames_per_second
    return Fraction(min(max(rate, 0.1), 1000.0) if math.isfinite(rate) else 25.0).limit_denominator(1001)


def _configure(codec: VideoCodecContext, clip: Clip, size: tuple[int, int]) -> None:
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.time_base = clip.time_base
    codec.framerate = _rate(clip)
    codec.gop_size = max(1, round(_KEY_EVERY * codec.framerate))
    codec.color_primaries, codec.color_trc, codec.colorspace = clip.colours
    codec.thread_count = 1
    codec.options = dict(_X264)


def _pictures(parts: Sequence[Part], clip: Clip, stream: Any) -> _Timed:
    begin = int(next(part.rows[0, 0] for part in parts if len(part.rows)))
    for part in parts:
        with io.BytesIO(part.data) if part.data else part.path.open("rb") as file:
            for pts, duration, size, is_key in part.rows.tolist():
                packet = av.Packet(file.read(size))
                packet.stream = stream
                packet.time_base = clip.time_base
                packet.pts = packet.dts = pts - begin
                packet.duration = duration
                packet.is_keyframe = bool(is_key)
                yield float((pts - begin) * clip.time_base), packet


def _sound(source: InputContainer, out: OutputContainer, clip: Clip, begin_s: float, end_s: float) -> _Timed:
    """Packets of the sound, timed from `begin_s`. Sound that cannot be read ends where it breaks."""
    track = sound_track(source)
    if track is None:
        return iter(())
    zero = (float(clip.pts[0] * clip.time_base) if clip.stamps_hold else 0.0) + begin_s
    if track.codec_context.name in _COPIED_SOUND:
        copy = out.add_stream_from_template(track)
        return _within(_copied(source, track, copy, zero), end_s - begin_s)
    coded = out.add_stream("aac", rate=track.rate if track.rate in (Codec("aac", "w").audio_rates or ()) else 48_000)
    return _within(_recoded(source, track, coded, zero), end_s - begin_s)


def _within(packets: _Timed, seconds: float) -> _Timed:
    with suppress(*_UNREADABLE):
        for time, packet in packets:
            if time >= seconds:
                return
            if time >= 0:
                yield time, packet


def _copied(source: InputContainer, track: Any, copy: Any, zero: float) -> _Timed:
    for packet in source.demux(track):
        if packet.dts is None or packet.pts is None:
            continue
        shift = round(zero / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        packet.stream = copy
        yield float(packet.pts * packet.time_base), packet


def _recoded(source: InputContainer, track: Any, coded: Any, zero: float) -> _Timed:
    resampler = AudioResampler("fltp", "stereo", coded.codec_context.sample_rate, _AAC_FRAME)
    begun = False
    for frame in source.decode(track):
        time = float(frame.pts * frame.time_base) - zero if frame.pts is not None else 0.0
        if time < 0:
            continue
        for piece in resampler.resample(frame):
            if not begun:
                first, begun = round(time * piece.sample_rate) - (piece.pts or 0), True
            piece.pts = (piece.pts or 0) + first
            yield from ((float(p.pts * p.time_base), p) for p in coded.encode(piece))
    yield from ((float(p.pts * p.time_base), p) for p in coded.encode(None))
