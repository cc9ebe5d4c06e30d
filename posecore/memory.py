"""Memory that is given back to the system."""

from __future__ import annotations

import ctypes
import platform
from functools import cache


def give_back_memory() -> None:
    """Hand what was freed back to the system; glibc keeps it otherwise."""
    if library := glibc():
        library.malloc_trim(0)


@cache
def glibc() -> ctypes.CDLL | None:
    """Linux's usual C library; None elsewhere."""
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
