"""Whether the app works: alive if the server answers, ready if everything that finds people did so lately."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posecore.serving.log import log

LATELY_S = 600.0  # a check that old does not count any more
CHECK_EVERY_S = 240.0


@dataclass
class Part:
    """Something that has to work, and when it last did."""

    check: Callable[[], object]
    worked: float = 0.0

    @property
    def works(self) -> bool:
        return bool(self.worked) and time.monotonic() - self.worked < LATELY_S


PARTS: dict[str, Part] = {}


def must_work(name: str, check: Callable[[], object]) -> None:
    """Have a part checked from now on: `check` raises where it does not work."""
    PARTS[name] = Part(check)


def check_parts() -> None:
    """Try each part once; an error of one leaves the others."""
    for name, part in PARTS.items():
        try:
            part.check()
        except Exception:  # noqa: BLE001  (whatever it is, the part does not work)
            log.exception("check failed", part=name)
            continue
        part.worked = time.monotonic()


def is_ready() -> bool:
    """Whether all parts worked lately."""
    return bool(PARTS) and all(part.works for part in PARTS.values())


async def _alive(_request: Request) -> Response:
    return JSONResponse({"alive": True})


async def _ready(_request: Request) -> Response:
    parts = {name: part.works for name, part in PARTS.items()}
    return JSONResponse({"ready": is_ready(), **parts}, 200 if is_ready() else 503)


def health_routes() -> list[Route]:
    """/health/alive and /health/ready."""
    route = partial(Route, methods=["GET"])
    return [route("/health/alive", _alive), route("/health/ready", _ready)]
