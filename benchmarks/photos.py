"""How long photos take: python -m benchmarks.photos

Medians over several rounds, models in turn, so that a machine whose speed drifts is fair to all.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2

from posecore import MODELS, DetectorSettings, ImageDetector, decode_image

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
PHOTO = ROOT / "samples" / "balance.jpg"

FIRST = """
import sys, time
start = time.perf_counter()
from posecore import ImageDetector, decode_image
imported = time.perf_counter()
frame = decode_image(sys.argv[1])
decoded = time.perf_counter()
with ImageDetector() as detector:
    assert detector.detect(frame).people == 1
    print(imported - start, time.perf_counter() - decoded)
"""


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def median_and_spread(values: list[float]) -> str:
    return f"{statistics.median(values):8.1f}   ({min(values):.1f} to {max(values):.1f})"


def first_detection() -> None:
    """In new processes: the import, then everything from asking for a detector to its first answer."""
    runs = [
        [float(v) for v in subprocess.check_output([sys.executable, "-c", FIRST, str(PHOTO)], cwd=ROOT).split()]
        for _ in range(5)
    ]
    for name, values in zip(("import posecore", "first detection, full"), zip(*runs, strict=True), strict=True):
        print(f"{name:38}{median_and_spread([1000 * v for v in values])}")


def one_photo() -> None:
    """One photo of a megapixel, models in turn."""
    photo = decode_image(PHOTO)
    height, width = photo.shape[:2]
    scale = (1_000_000 / (height * width)) ** 0.5
    frame = cv2.resize(photo, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    data = PHOTO.read_bytes()
    times: dict[str, list[float]] = {model: [] for model in MODELS}
    decoding = []
    with ImageDetector() as detector:
        for model in MODELS:
            detector.warm(DetectorSettings(model))
        for _ in range(ROUNDS):
            decoding.append(milliseconds(lambda: decode_image(data)))
            for model, values in times.items():
                settings = DetectorSettings(model)
                values.append(milliseconds(lambda settings=settings: detector.detect(frame, settings)))
    print(f"{'decode a JPEG of 2 megapixels':38}{median_and_spread(decoding)}")
    for model, values in times.items():
        print(f"{f'detect in 1 megapixel, {model}':38}{median_and_spread(values)}")


def many_photos() -> None:
    """Photos a second, decoding included, with one worker and with one a core, in turn."""
    data = PHOTO.read_bytes()
    cores = os.cpu_count() or 1
    rates: dict[int, list[float]] = {1: [], cores: []}
    with ImageDetector() as detector:
        detector.warm()
        for _ in range(3):
            for workers, values in rates.items():
                with ThreadPoolExecutor(workers) as pool:
                    spent = milliseconds(
                        lambda p=pool: list(p.map(lambda _: detector.detect(decode_image(data)), range(60)))
                    )
                values.append(60_000 / spent)
    for workers, values in rates.items():
        print(f"{f'photos a second, {workers} at once':38}{median_and_spread(values)}")
    ratio = statistics.median(b / a for a, b in zip(*rates.values(), strict=True))
    print(f"{'all cores against one':38}{ratio:8.2f} times")


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':38}{'median':>8}   (least to most), milliseconds unless said otherwise")
    first_detection()
    one_photo()
    many_photos()


if __name__ == "__main__":
    main()
