"""Which engine is quicker for what, in turn: python -m benchmarks --only engines

What `posecore.detection.engines` lets each of them serve is taken from this, and for live streams from
POSELAB_ENGINE=litert|mediapipe python -m benchmarks --only webcam. How far they agree: python -m benchmarks.agreement.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from benchmarks.table import Row
from posecore import MODELS, DetectorSettings, ImageDetector, StreamTracker, decode_image, probe, read_frames
from posecore.detection.engines import FORCED
from posecore.media.picture_files import shrink

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ENGINES = ("litert", "mediapipe")
ROUNDS, LOOKS, FRAMES = 7, 8, 24
STREAMS, SIDE = 4, 640  # pixels

Work = Callable[[], object]


def rows() -> Iterator[Row]:
    for model in MODELS:
        yield _in_turn(f"a photo of one person, {model}", lambda m=model: _photo("balance.jpg", m), LOOKS)
        yield _in_turn(f"a photo of two people, {model}", lambda m=model: _photo("two_people.jpg", m), LOOKS)
        yield _in_turn(f"photos on all cores, {model}", lambda m=model: _photos(m), LOOKS)
        yield _in_turn(f"one person in a stream, {model}", lambda m=model: _streams(m, 1, 1), FRAMES)
        yield _in_turn(f"two people in a stream, {model}", lambda m=model: _streams(m, 5, 1), FRAMES)
        yield _in_turn(
            f"{STREAMS} streams in threads, {model}", lambda m=model: _streams(m, 1, STREAMS), FRAMES * STREAMS
        )


def _in_turn(name: str, opened: Callable[[], tuple[Work, ExitStack]], count: int) -> Row:
    """Milliseconds of one of so many pictures by LiteRT, beside MediaPipe."""
    with ExitStack() as everything:
        works = []
        for engine in ENGINES:
            with patch.dict(os.environ, {FORCED: engine}):
                work, close = opened()
                everything.push(close)
                work()
                works.append(work)
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for engine, work, spent in zip(ENGINES, works, times, strict=True):
                with patch.dict(os.environ, {FORCED: engine}):
                    began = time.perf_counter()
                    work()
                    spent.append(1000 * (time.perf_counter() - began) / count)
    return Row(f"{name}, LiteRT", times[0], "ms", "as fast as MediaPipe", times[1], inverse=True)


def _photo(name: str, model: str) -> tuple[Work, ExitStack]:
    photo, settings, close = decode_image(SAMPLES / name), DetectorSettings(model), ExitStack()
    detector = close.enter_context(ImageDetector())
    return lambda: [detector.detect(photo, settings) for _ in range(LOOKS)], close


def _photos(model: str) -> tuple[Work, ExitStack]:
    photo, settings, close = decode_image(SAMPLES / "balance.jpg"), DetectorSettings(model), ExitStack()
    detector = close.enter_context(ImageDetector())
    pool = close.enter_context(ThreadPoolExecutor(detector.callers))
    return lambda: list(pool.map(lambda frame: detector.detect(frame, settings), [photo] * LOOKS)), close


def _streams(model: str, people: int, streams: int) -> tuple[Work, ExitStack]:
    clip, close = probe(SAMPLES / ("two_people.mp4" if people > 1 else "balance.mp4")), ExitStack()
    frames = [shrink(frame, SIDE) for _, frame in islice(read_frames(clip), FRAMES)]
    trackers = [close.enter_context(StreamTracker(DetectorSettings(model, people))) for _ in range(streams)]
    pool = close.enter_context(ThreadPoolExecutor(streams))

    def follow(tracker: StreamTracker) -> None:
        for frame in frames:
            tracker.track(frame, time.perf_counter())

    return lambda: list(pool.map(follow, trackers)), close
