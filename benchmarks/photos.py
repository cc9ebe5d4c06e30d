"""How long photos take, alone and many at once: python -m benchmarks --only photos

Models in turn, round by round, so that a machine whose speed drifts is fair to all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from benchmarks.table import Row
from posecore import MODELS, DetectorSettings, ImageDetector, decode_image

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, MANY = 15, 60
PHOTO = ROOT / "samples" / "balance.jpg"


def rows() -> Iterator[Row]:
    yield from _one_photo()
    yield _many_photos()


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def _one_photo() -> Iterator[Row]:
    photo = decode_image(PHOTO)
    height, width = photo.shape[:2]
    scale = (1_000_000 / (height * width)) ** 0.5
    size = (round(width * scale), round(height * scale))
    frame = cv2.resize(photo, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    data = PHOTO.read_bytes()
    times: dict[str, list[float]] = {model: [] for model in MODELS}
    decoding = []
    with ImageDetector() as detector:
        for model in MODELS:
            detector.warm(DetectorSettings(model)).result()
        for _ in range(ROUNDS):
            decoding.append(_milliseconds(lambda: decode_image(data)))
            for model, values in times.items():
                settings = DetectorSettings(model)
                values.append(_milliseconds(lambda settings=settings: detector.detect(frame, settings)))
    yield Row("decode a JPEG of 2 megapixels", decoding, "ms")
    for model, values in times.items():
        yield Row(f"a photo of 1 megapixel, {model}", values, "ms")


def _many_photos() -> Row:
    """Decoding included, with one thread and with as many as the app uses, in turn."""
    data = PHOTO.read_bytes()
    rates: tuple[list[float], list[float]] = ([], [])
    with ImageDetector() as detector:
        detector.warm().result()
        for number in range(1 + 5):
            for threads, values in zip((1, detector.callers), rates, strict=True):
                with ThreadPoolExecutor(threads) as pool:
                    spent = _milliseconds(
                        lambda p=pool: list(p.map(lambda _: detector.detect(decode_image(data)), range(MANY)))
                    )
                if number:  # the first round fetches memory
                    values.append(MANY * 1000 / spent)
    return Row("photos, full, on all cores", rates[1], "a second", "as many as with one thread", rates[0])
