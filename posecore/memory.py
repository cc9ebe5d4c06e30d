"""Memory of this process: how it is fetched from the system and given back, where the C library is glibc (Linux)."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Mapping
from functools import cache

# Names of glibc's malloc.h.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENA_MAX = -1, -2, -3, -8


def give_back_memory() -> None:
    """Hand what was freed back to the system; glibc keeps it otherwise."""
    if library := _glibc():
        library.malloc_trim(0)


def tune_malloc(options: Mapping[int, int]) -> None:
    """Change how memory is fetched, by the names above, see `man mallopt`."""
    if library := _glibc():
        for option, value in options.items():
            library.mallopt(option, value)


@cache
def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
