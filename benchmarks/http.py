"""Photos a second over HTTP beside the library's own on all cores, in turn: --only http

The service and its callers are on the same cores; each caller keeps its connection and sends one photo after another.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from benchmarks.table import Row
from posecore import DetectorSettings, ImageDetector, decode_image, pose_record
from tests.support.http_caller import serving

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = [ROOT / "samples" / name for name in ("balance.jpg", "two_people.jpg", "astronaut.png")]
CALLERS, PHOTOS, ROUNDS = 8, 120, 5


def rows() -> Iterator[Row]:
    """Photos a second of each, and what one is of the other."""
    photos = [path.read_bytes() for path in SAMPLES]
    rates: dict[str, list[float]] = {"library": [], "HTTP": []}
    with ImageDetector(DetectorSettings()) as detector, serving(POSELAB_LOG_LEVEL="WARNING") as service:
        port = int(service.address.rsplit(":", 1)[1])

        def look(photo: bytes) -> object:
            return pose_record(detector.detect(decode_image(photo)), "full")

        for round_ in range(ROUNDS + 1):  # the first opens models
            library = _rate(look, photos, detector.callers)
            http_ = _rate_over_http(port, photos)
            if round_:
                rates["library"].append(library)
                rates["HTTP"].append(http_)
    yield Row("photos over HTTP", rates["HTTP"], "a second", "the library's own on all cores", rates["library"])


def _rate(look: Callable[[bytes], object], photos: list[bytes], threads: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(look, islice(cycle(photos), PHOTOS)):
            pass
    return PHOTOS / (time.perf_counter() - began)


def _rate_over_http(port: int, photos: list[bytes]) -> float:
    def call(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for photo in islice(cycle(photos), number, number + PHOTOS // CALLERS):
            connection.request("POST", "/images", photo)
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            answer.read()
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(call, range(CALLERS)))
    return PHOTOS / (time.perf_counter() - began)
