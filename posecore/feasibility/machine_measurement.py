"""What this machine can do: every model at several picture sizes, with one worker and with as many as there are cores.

Each worker is a process that does what the app does with a picture: photos are decoded and looked at one by one, the
frames of a clip are decoded and followed, those of a webcam are followed, drawn on and encoded.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import partial
from itertools import count
from typing import Literal, NamedTuple

import av
import cv2
import numpy as np
import pandas as pd

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.frame_preparation import prepare
from posecore.detection.image_detector import ImageDetector
from posecore.detection.models import MODELS
from posecore.detection.stream_tracker import StreamTracker
from posecore.errors import MediaError
from posecore.live.admission import seconds_a_frame, streams_served
from posecore.live.session import LiveSettings
from posecore.media.picture_files import Frame, decode_image, encode_image
from posecore.media.upright_frames import DecodedPicture, reduction
from posecore.memory import give_back_memory, memory_in_use
from posecore.pose import Pose
from posecore.processes.machine import processor
from posecore.processes.worker_processes import Workers

Kind = Literal["photo", "clip", "webcam"]
WORKER_BYTES = 260_000_000  # that a worker takes with the largest model and picture
SIZES = ((640, 360), (1280, 720), (1920, 1080))
CLIP_SECONDS, CLIP_RATE = 60, 30.0  # of the clips that are counted by the hour
_LEAD = 0.4  # seconds in which a worker opens its model and finds the person
_LEAST_WINDOW = 0.12  # seconds
_STREAM_SECONDS, _STREAM_FRAMES = 4.0, 5  # for all webcams; frames of each
_FRAMES = 24  # of the clip that is followed again and again

# Told which part is done, 0 to 1, and which kind of work, model and number of workers come next.
OnMeasured = Callable[[float, Kind, str, int], object]


@dataclass(frozen=True, eq=False)
class Machine:
    """A measurement.

    Attributes:
        table: a row per kind of work, model, size and number of workers: kind, model, width, height, workers,
            milliseconds (a picture in one worker), per_second (pictures in all workers), memory_mb (of all workers,
            without what they share), streams (webcams at once; NaN for other kinds).
        made: when.
        description: processor, cores and system, without names.
    """

    table: pd.DataFrame
    made: datetime
    description: str
    cores: int

    def row(self, kind: Kind, model: str, size: tuple[int, int], workers: int | None = None) -> pd.Series:
        """One row; with as many workers as there are, if no number is given."""
        table = self.table
        chosen = table[(table["kind"] == kind) & (table["model"] == model) & (table["width"] == size[0])]
        return chosen[chosen["workers"] == (workers or chosen["workers"].max())].iloc[0]


class _Material(NamedTuple):
    """The same person in one size: a photo as a file, and the packets of a clip."""

    photo: bytes
    packets: tuple[bytes, ...]


class _Window(NamedTuple):
    """How many pictures a worker did in how many seconds, and its own memory in bytes."""

    pictures: int
    seconds: float
    memory: int


def measure(
    frames: Callable[[], Sequence[Frame]],
    seconds: float = 20.0,
    on_measured: OnMeasured | None = None,
    most_workers: int | None = None,
) -> Machine:
    """Measure this machine; takes about so many seconds.

    Other work on the machine makes the figures worse.

    Args:
        frames: gives those of a clip with one person, (H, W, 3) uint8 RGB, twice as wide as high or so; it is called in
            a worker, so that nothing of it stays here.
        most_workers: processes at once, each of which takes up to `WORKER_BYTES`; by default as many as there are
            cores.

    Raises:
        MediaError: nobody is found in them, so nothing could be measured.
    """
    tell = on_measured or (lambda *_: None)
    counts = worker_counts(most_workers)
    runs: list[tuple[Kind, str, int]] = [(kind, m, n) for n in counts for m in MODELS for kind in ("photo", "clip")]
    window = max(_LEAST_WINDOW, ((seconds - _STREAM_SECONDS) / len(runs) - _LEAD) / len(SIZES))
    steps = len(runs) + len(MODELS)
    rows: list[dict[str, object]] = []
    with Workers(1) as maker:  # one of its own, for what it has used stays with it
        materials = maker.lane().submit(_materials, frames).result()
    with Workers(counts[-1]) as workers:
        for done, (kind, model, used) in enumerate(runs):
            tell(done / steps, kind, model, used)
            rows += _timed(workers, kind, model, used, materials, window)
        for done, model in enumerate(MODELS, len(runs)):
            tell(done / steps, "webcam", model, 1)
            rows += workers.lane().submit(partial(_streams, model, materials)).result()
    return Machine(pd.DataFrame(rows), datetime.now().astimezone(), description(), os.cpu_count() or 1)


def worker_counts(most: int | None = None) -> list[int]:
    """1, 2, 4 ... and as many as there are cores, or as may be."""
    last = max(1, min(os.cpu_count() or 1, most or sys.maxsize))
    return sorted({last, *(2**power for power in range(last.bit_length()) if 2**power <= last)})


def clips_an_hour(per_second: float) -> float:
    """How many clips of a minute at 30 frames a second are followed in an hour."""
    return per_second * 3600 / (CLIP_SECONDS * CLIP_RATE)


def description() -> str:
    """Processor, cores and system, without names."""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{processor()}, {os.cpu_count()} cores, {system}"


def _materials(frames: Callable[[], Sequence[Frame]]) -> list[_Material]:
    """Runs in a worker."""
    made = frames()
    return [_material(made, size) for size in SIZES]


def _material(frames: Sequence[Frame], size: tuple[int, int]) -> _Material:
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.time_base = Fraction(1, int(CLIP_RATE))
    encoder.options = {"preset": "veryfast", "tune": "zerolatency"}
    packets: list[bytes] = []
    for number, frame in enumerate(frames[:_FRAMES]):
        picture = av.VideoFrame.from_ndarray(_scaled(frame, size), format="rgb24").reformat(format="yuv420p")
        picture.pts, picture.time_base = number, encoder.time_base
        packets += map(bytes, encoder.encode(picture))
    packets += map(bytes, encoder.encode(None))
    return _Material(encode_image(_scaled(frames[0], size), "jpg"), tuple(packets))


def _scaled(frame: Frame, size: tuple[int, int]) -> Frame:
    """The frame in this size, with grey beside it where it has another shape."""
    scale = min(size[0] / frame.shape[1], size[1] / frame.shape[0])
    width, height = (max(1, round(side * scale)) for side in frame.shape[1::-1])
    small = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
    result = np.full((size[1], size[0], 3), 128, np.uint8)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    result[top : top + height, left : left + width] = small
    return result


def _timed(
    workers: Workers, kind: Kind, model: str, used: int, materials: list[_Material], window: float
) -> list[dict[str, object]]:
    begins = time.monotonic() + _LEAD
    jobs = [workers.lane().submit(partial(_windows, kind, model, materials, begins, window)) for _ in range(used)]
    found = [job.result() for job in jobs]
    rows = []
    for size, windows in zip(SIZES, zip(*found, strict=True), strict=True):
        rate = sum(one.pictures / one.seconds for one in windows)
        memory = sum(one.memory for one in windows) / 1e6
        rows.append(_row(kind, model, size, used, 1000 * used / rate, rate, memory))
    return rows


def _row(
    kind: Kind,
    model: str,
    size: tuple[int, int],
    workers: int,
    milliseconds: float,
    per_second: float,
    memory_mb: float,
    streams: float = float("nan"),
) -> dict[str, object]:
    return {
        "kind": kind,
        "model": model,
        "width": size[0],
        "height": size[1],
        "workers": workers,
        "milliseconds": milliseconds,
        "per_second": per_second,
        "memory_mb": memory_mb,
        "streams": streams,
    }


def _windows(kind: Kind, model: str, materials: list[_Material], begins: float, window: float) -> list[_Window]:
    """Runs in a worker: all workers count in the same windows, and work between them too.

    Args:
        begins: by the monotonic clock, which is one for all processes of a machine.
    """
    give_back_memory()  # what another model has used here is not this one's
    found = []
    with _opened(kind, model) as work:
        for number, material in enumerate(materials):
            pictures = work(material)
            next(pictures)
            while time.monotonic() < begins + number * window:
                next(pictures)
            began, done = time.perf_counter(), 0
            while (spent := time.perf_counter() - began) < window or not done:
                next(pictures)
                done += 1
            found.append(_Window(done, spent, memory_in_use()))
    return found


@contextmanager
def _opened(kind: Kind, model: str) -> Iterator[Callable[[_Material], Generator[None]]]:
    """What does one picture after the other, without end."""
    if kind == "photo":
        with ImageDetector(DetectorSettings(model), workers=1) as detector:
            yield lambda material: _photos(detector, material)
    else:
        with StreamTracker(DetectorSettings(model, people=1), threads=1) as tracker:
            moments = (number / CLIP_RATE for number in count())
            yield lambda material: _clip(tracker, material, moments)


def _photos(detector: ImageDetector, material: _Material) -> Generator[None]:
    while True:
        _check(detector.detect(decode_image(material.photo)))
        yield


def _clip(tracker: StreamTracker, material: _Material, moments: Iterator[float]) -> Generator[None]:
    while True:
        decoder = av.VideoCodecContext.create("h264", "r")
        decoder.thread_count = 1
        for packet in material.packets:
            for frame in decoder.decode(av.Packet(packet)):
                size = frame.width, frame.height
                picture = DecodedPicture(frame, reduction=reduction(size))
                _check(tracker.track(prepare(picture, size), next(moments)))
                yield


def _check(pose: Pose) -> None:
    """Looking at nobody is quicker than at somebody."""
    if not pose.people:
        raise MediaError("nobody_to_measure")


def _streams(model: str, materials: list[_Material]) -> list[dict[str, object]]:
    """Runs in a worker."""
    give_back_memory()
    rows = []
    for size, material in zip(SIZES, materials, strict=True):
        seconds = seconds_a_frame(decode_image(material.photo), _STREAM_FRAMES, LiveSettings(model))
        rate, memory = 1 / seconds, memory_in_use() / 1e6
        rows.append(_row("webcam", model, size, 1, 1000 * seconds, rate, memory, streams_served(seconds)))
    return rows
