"""Memory: how much there may be, how much is in use, and how it is fetched from the system and given back."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import psutil

# Names of glibc's malloc.h.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENA_MAX = -1, -2, -3, -8

SET_MEGABYTES = "POSELAB_MEMORY_MB"  # the variable of the environment that says how much there may be
_MEGA = 1_000_000
_CGROUPS = Path("/sys/fs/cgroup")


def give_back_memory() -> None:
    """Hand what was freed back to the system; glibc keeps it otherwise."""
    if library := _glibc():
        library.malloc_trim(0)


def tune_malloc(options: Mapping[int, int]) -> None:
    """Change how memory is fetched, by the names above, see `man mallopt`."""
    if library := _glibc():
        for option, value in options.items():
            library.mallopt(option, value)


def memory_limit(groups: Path = _CGROUPS, membership: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes that this process and its children may have together.

    What POSELAB_MEMORY_MB says, else the least of what the machine has and what the control groups (version 1 or 2)
    allow in which this process is.
    """
    told = os.environ.get(SET_MEGABYTES, "")
    if told.isdigit() and int(told):
        return int(told) * _MEGA
    return min([int(psutil.virtual_memory().total), *_group_limits(groups, membership)])


def memory_in_use(process: psutil.Process | None = None) -> int:
    """Bytes of a process, without what it shares with others where the system tells (Linux); 0 when it is gone."""
    try:
        memory = (process or psutil.Process()).memory_info()
    except psutil.Error:
        return 0
    return int(memory.rss - getattr(memory, "shared", 0))


def _group_limits(groups: Path, membership: Path) -> Iterator[int]:
    """Of the groups in which this process is, and of those that hold them."""
    if not membership.is_file():
        return
    for line in membership.read_text().splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            folder, name = groups, "memory.max"
        elif "memory" in controllers.split(","):
            folder, name = groups / "memory", "memory.limit_in_bytes"
        else:
            continue
        # In a container the path is that of the host, while its own group is mounted at the top.
        inner = folder / group.strip("/")
        for place in [inner, *inner.parents]:
            limit = place / name
            if limit.is_file() and (words := limit.read_text().strip()).isdigit():
                yield int(words)
            if place == folder:
                break


@cache
def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
