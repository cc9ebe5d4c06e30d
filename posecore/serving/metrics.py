"""Figures to watch, for Prometheus: on a port of their own, where POSELAB_METRICS_PORT names one."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from posecore.errors import BusyError, PoseError
from posecore.serving.folders import app_folder
from posecore.serving.log import log

PORT, ADDRESS = "POSELAB_METRICS_PORT", "POSELAB_METRICS_ADDRESS"

REGISTRY = CollectorRegistry()
VISITS = Counter("poselab_visits", "Visits that began", registry=REGISTRY)
PHOTOS = Counter("poselab_photos", "Photos looked at", registry=REGISTRY)
CLIPS = Counter("poselab_clips", "Clips analysed", registry=REGISTRY)
FRAMES = Counter("poselab_frames", "Frames in which people were looked for", ["kind"], registry=REGISTRY)
REFUSED = Counter("poselab_refused", "What was told to come later", ["reason"], registry=REGISTRY)
ERRORS = Counter("poselab_errors", "What ended in an error, by its kind", ["kind"], registry=REGISTRY)
SECONDS = Histogram(
    "poselab_step_seconds",
    "How long steps take",
    ["step"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300),
    registry=REGISTRY,
)


class Gauges(Collector):
    """What is read when somebody asks: name, help, and what gives values by the label `part` (or "" for none)."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[str, Callable[[], dict[str, float]]]] = {}

    def add(self, name: str, words: str, read: Callable[[], dict[str, float]]) -> None:
        """Let `read` be asked from now on."""
        self._sources[name] = (words, read)

    def collect(self) -> Iterator[Metric]:
        for name, (words, read) in self._sources.items():
            values = read()
            kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            family = kind(name, words, labels=["part"] if any(values) else [])
            for part, value in values.items():
                family.add_metric([part] if part else [], value)
            yield family


GAUGES = Gauges()
REGISTRY.register(GAUGES)


@contextmanager
def step(name: str, **counts: float) -> Iterator[None]:
    """Measure and log a step, and what becomes of it.

    Args:
        counts: sizes and the like, for the log; never anything of the visitor's own.
    """
    began = time.monotonic()
    outcome = "done"
    try:
        yield
    except PoseError as error:
        outcome = error.code
        failed(error)
        raise
    finally:
        seconds = time.monotonic() - began
        SECONDS.labels(name).observe(seconds)
        log.info("step", step=name, seconds=round(seconds, 3), outcome=outcome, **counts)


def failed(error: PoseError | None) -> None:
    """Count an error; None is one that nobody foresaw."""
    ERRORS.labels(error.code if error else "unexpected").inc()
    if isinstance(error, BusyError):
        REFUSED.labels("queue").inc()


def serve_metrics() -> WSGIServer | None:
    """Open the port, if one is named; whoever calls closes it."""
    port = os.environ.get(PORT, "")
    if not port.isdigit() or not int(port):
        return None
    GAUGES.add("poselab_disk_free_bytes", "Room for what visitors bring", lambda: {"": _disk().free})
    GAUGES.add("poselab_disk_total_bytes", "All room there", lambda: {"": _disk().total})
    server, _ = start_http_server(int(port), os.environ.get(ADDRESS, "127.0.0.1"), REGISTRY)
    return server


def _disk() -> shutil._ntuple_diskusage:
    return shutil.disk_usage(app_folder())
