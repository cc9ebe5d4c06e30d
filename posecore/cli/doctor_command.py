"""posecore doctor: whether this machine has what it takes, line by line, and what to do where it has not."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import typer

from posecore.cli import options
from posecore.cli.batches import DONE, FAILED
from posecore.errors import PoseError

_LEAST_PYTHON = (3, 11)
_LEAST_MEMORY, _LEAST_DISK = 1_000_000_000, 1_000_000_000
_DECODERS = ("h264", "hevc", "vp9", "av1", "mpeg4", "mjpeg")
_GOOD, _BAD = "ok", "NO"
_SIZE = 640, 480
_TURN_PORT, _TLS_PORT, _PATIENCE_S = 3478, 5349, 3.0
_BINDING = bytes.fromhex("000100002112a442")  # a STUN request (RFC 8489) without its number


class Finding(NamedTuple):
    """What was looked at, whether it is good, and what was found, or what to do."""

    name: str
    good: bool
    words: str


def doctor(as_json: options.AsJson = False) -> None:
    """Say whether this machine has what it takes, and what to do where it has not."""
    found: list[Finding] = []
    for name, check in _CHECKS.items():
        for one in _looked_at(name, check):
            found.append(one)
            if not as_json:
                typer.echo(f"{_GOOD if one.good else _BAD} {one.name}: {one.words}")
    if as_json:
        typer.echo(json.dumps([one._asdict() for one in found], indent=1))
    raise typer.Exit(DONE if all(one.good for one in found) else FAILED)


def _looked_at(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds; one that fails itself is a finding too."""
    try:
        yield from check()
    except (PoseError, ImportError, OSError) as error:
        yield Finding(name, good=False, words=str(error))


def _python() -> Iterator[Finding]:
    now = sys.version_info[:3]
    words = ".".join(map(str, now))
    good = now >= _LEAST_PYTHON
    yield Finding("Python", good, words if good else f"{words}; install Python 3.11 or newer")


def _packages() -> Iterator[Finding]:
    """What everything is made of; a wheel for another machine fails here."""
    from importlib import import_module

    for name in ("numpy", "scipy", "cv2", "av", "PIL", "pillow_heif", "pandas", "pyarrow", "plotly"):
        try:
            module = import_module(name)
        except ImportError as error:
            yield Finding(name, good=False, words=f"{error}; install the packages of requirements.txt anew")
        else:
            yield Finding(name, good=True, words=str(getattr(module, "__version__", "there")))


def _engines() -> Iterator[Finding]:
    from posecore.detection.engines import engine_for, engine_versions

    words = ", ".join(f"{name} {version}" for name, version in engine_versions().items())
    yield Finding("engines", good=bool(words), words=words or "none; install ai-edge-litert, or mediapipe")
    uses = ", ".join(f"{use} by {engine_for(use)}" for use in ("picture", "clip", "live"))
    yield Finding("which serves what", good=True, words=uses)


def _models() -> Iterator[Finding]:
    """Each is opened and looks at a picture without anybody."""
    import numpy as np

    from posecore.detection.detector_settings import DetectorSettings
    from posecore.detection.image_detector import ImageDetector
    from posecore.detection.models import MODELS

    nobody = np.full((_SIZE[1], _SIZE[0], 3), 128, np.uint8)
    for model in MODELS:
        try:
            with ImageDetector(DetectorSettings(model)) as detector:
                detector.detect(nobody)
                began = time.perf_counter()
                people = detector.detect(nobody).people
                took = time.perf_counter() - began
        except PoseError as error:
            yield Finding(f"model {model}", good=False, words=str(error))
        else:
            words = (
                f"{1000 * took:.0f} ms a picture" if not people else "sees somebody in an empty picture; install anew"
            )
            yield Finding(f"model {model}", good=not people, words=words)


def _codecs() -> Iterator[Finding]:
    import av

    missing = [name for name in _DECODERS if name not in av.codecs_available]
    words = f"{', '.join(missing)} cannot be read; install PyAV from PyPI" if missing else ", ".join(_DECODERS)
    yield Finding("clips can be read", good=not missing, words=words)
    writes = "libx264" in av.codecs_available
    yield Finding(
        "clips can be written", good=writes, words="H.264" if writes else "no libx264; install PyAV from PyPI"
    )


def _memory() -> Iterator[Finding]:
    from posecore.memory import memory_limit

    limit = memory_limit()
    good = limit >= _LEAST_MEMORY
    words = f"{limit / 1e9:.1f} GB"
    yield Finding("memory", good, words if good else f"{words}; the app needs 1 GB: give it more, or set fewer workers")


def _folder() -> Iterator[Finding]:
    place = Path(tempfile.gettempdir())
    with tempfile.TemporaryFile() as file:
        file.write(b"\0")
    free = shutil.disk_usage(place).free
    good = free >= _LEAST_DISK
    words = f"{place}, {free / 1e9:.1f} GB free"
    yield Finding("temporary folder", good, words if good else f"{words}; clips need 1 GB: free some, or set TMPDIR")


def _workers() -> Iterator[Finding]:
    """A process for strangers' files starts and answers."""
    from posecore.processes.worker_processes import Workers

    with Workers(1) as workers:
        other = workers.lane().submit(os.getpid).result(timeout=60)
    yield Finding("worker processes", good=other != os.getpid(), words=f"{os.cpu_count() or 1} cores")


def _camera() -> Iterator[Finding]:
    """Of this machine; visitors' cameras are their browsers' matter."""
    there = sorted(path.name for path in Path("/dev").glob("video*")) if sys.platform == "linux" else []
    words = ", ".join(there) or "the browser asks for it; none is needed on a server"
    yield Finding("camera", good=True, words=words)


def _relays() -> Iterator[Finding]:
    """TURN relays that are set answer; none are needed where the browser itself looks at pictures."""
    urls = [url.strip() for url in os.environ.get("TURN_URLS", "").split(",") if url.strip()]
    if not urls:
        yield Finding("TURN relay", good=True, words="none set in TURN_URLS; pictures over WebRTC may need one")
    for url in urls:
        why = _unanswered(url)
        words = f"{url} does not answer ({why}); see to its address and to firewalls" if why else f"{url} answers"
        yield Finding("TURN relay", good=not why, words=words)


def _unanswered(url: str) -> str:
    """Why a relay's address (RFC 7065) gives no answer; empty where it does."""
    match = re.fullmatch(r"(turns?|stuns?):([^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?", url)
    if not match:
        return "not an address such as turn:example.org:3478"
    scheme, host, port, transport = match.groups()
    address = host, int(port or (_TLS_PORT if scheme.endswith("s") else _TURN_PORT))
    try:
        if transport == "tcp" or scheme.endswith("s"):
            socket.create_connection(address, _PATIENCE_S).close()
            return ""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(_PATIENCE_S)
            asking.sendto(_BINDING + os.urandom(12), address)
            asking.recv(1024)
    except OSError as error:
        return str(error)
    return ""


_CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Python": _python,
    "packages": _packages,
    "engines": _engines,
    "models": _models,
    "codecs": _codecs,
    "memory": _memory,
    "temporary folder": _folder,
    "worker processes": _workers,
    "camera": _camera,
    "TURN relay": _relays,
}
