"""Room in memory for new work: found, waited for, or refused with the time after which to come again."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import psutil

from posecore.errors import BusyError
from posecore.memory import give_back_memory, memory_in_use
from posecore.serving.metrics import REFUSED
from posecore.serving.shares import shares

_LOOK_S = 0.5
_COME_AGAIN_S = 30

# What can give memory back at once: idle landmarkers and processes; each is asked before anybody is refused.
GIVE_BACK: list[Callable[[], object]] = []


def in_use() -> int:
    """Bytes of this process and its children."""
    here = psutil.Process()
    return memory_in_use(here) + sum(memory_in_use(child) for child in here.children(recursive=True))


def free_room() -> int:
    """Bytes that may still be used."""
    return shares().usable - in_use()


def collect() -> None:
    """Free what nobody can reach any more; a full collection is switched off after reruns."""
    gc.collect()
    give_back_memory()


def make_room() -> None:
    """Give back at once what can be had again."""
    for give_back in GIVE_BACK:
        give_back()
    collect()


def find_room(needed: int, patience_s: float = 10.0) -> None:
    """Return when there is room for so many bytes.

    Raises:
        BusyError: there is none for so long.
    """
    if free_room() >= needed:
        return
    make_room()
    end = time.monotonic() + patience_s
    while free_room() < needed:
        if time.monotonic() > end:
            REFUSED.labels("memory").inc()
            raise BusyError("busy", seconds=_COME_AGAIN_S)
        time.sleep(_LOOK_S)
