"""The engine for the visitor's browser, and what draws curves and figures: GET /engine/<digest>/<name>, kept for good.

A file's digest is part of its address, so that a new version has a new one.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from pages.shared.script_modules import joined_modules
from posecore.detection.models import FOLDER, MODELS

PATH = "/engine"
_ASSETS = Path(__file__).resolve().parents[3] / "assets"
_SCRIPT, _BINARY, _WASM = "text/javascript", "application/octet-stream", "application/wasm"
_RELAXED, _COMPATIBLE = "kernels_relaxed.wasm", "kernels.wasm"  # with relaxed SIMD, and without
_ENGINE = {"worker": "worker.js", "relaxed": _RELAXED, "compatible": _COMPATIBLE}
_FILES = {
    "worker.js": (_ASSETS / "landmarker" / "worker.js", _SCRIPT),
    **{build: (_ASSETS / "engine" / build, _WASM) for build in (_RELAXED, _COMPATIBLE)},
    "three_bundle.mjs": (_ASSETS / "three" / "three_bundle.mjs", _SCRIPT),
    # Of the same version as the charts of pages.
    "plotly.min.js": (Path(plotly.__file__).parent / "package_data" / "plotly.min.js", _SCRIPT),
    **{f"{model}.task": (FOLDER / f"{model}.task", _BINARY) for model in MODELS},
}
_FOREVER = "public, max-age=31536000, immutable"


def engine_address(name: str) -> str:
    """Where the browser gets a file from, after the app's own path."""
    return f"{PATH}/{_digest(_FILES[name][0])}/{name}"


def engine_files(model: str, base: str) -> dict[str, str]:
    """Where the browser gets everything that finds people by one of the `MODELS`, each by what it is; `base` is the
    app's own path."""
    return {kind: base + engine_address(name) for kind, name in {**_ENGINE, "model": f"{model}.task"}.items()}


def model_bytes(model: str) -> int:
    """Of what the browser shows a bar for while it loads."""
    return _FILES[f"{model}.task"][0].stat().st_size


def engine_megabytes(model: str) -> int:
    """What the browser loads altogether."""
    return round(sum(_FILES[name][0].stat().st_size for name in (*_ENGINE.values(), f"{model}.task")) / 1e6)


class _File(FileResponse):
    """In fewer parts than usual, each of which waits for a thread."""

    chunk_size = 1 << 20


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(_made(path) or path.read_bytes()).hexdigest()[:16]


async def _send(request: Request) -> Response:
    path, mimetype = _FILES.get(request.path_params["name"], (None, ""))
    if path is None:
        return Response(status_code=404)
    headers = {"Cache-Control": _FOREVER, "X-Content-Type-Options": "nosniff"}
    if made := _made(path):
        return Response(made, media_type=mimetype, headers={**headers, "Content-Encoding": "gzip"})
    return _File(path, media_type=mimetype, headers=headers)


@cache
def _made(path: Path) -> bytes | None:
    """What lies nowhere as it is sent, packed."""
    if path.name == "worker.js":
        return gzip.compress(joined_modules(path).encode(), mtime=0)
    if path.name == "plotly.min.js":  # 4.8 MB
        return gzip.compress(path.read_bytes(), mtime=0)
    return None


def engine_routes() -> list[Route]:
    """The same for everybody."""
    return [Route(f"{PATH}/{{digest}}/{{name}}", _send, methods=["GET"])]
