"""Signs of life: whoever works long in a worker process says so now and then, and is ended only when that stops."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY_S = 0.5

_tell: Callable[[], object] | None = None
_told = 0.0


def still_alive() -> None:
    """Say that the work goes on; in a process that nobody watches it does nothing."""
    global _told
    if _tell is None:
        return
    now = time.monotonic()
    if now - _told >= _EVERY_S:
        _told = now
        _tell()


def tell_with(tell: Callable[[], object]) -> None:
    """What `still_alive` does from now on, every half second at most."""
    global _tell
    _tell = tell
