"""What the memory that there is may be used for.

The app itself comes first; what is left is shared by the processes that read pictures and those that work on clips.
Figures were measured on Linux with Python 3.11; elsewhere they are a little higher.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

from posecore.memory import memory_limit

_MEGA = 1_000_000
_APP = 400 * _MEGA  # the app with all pages open, two models for photos, some visits
_USED = 0.95  # of the limit; a little belongs to the kernel
_READER, _CLIP_WORKER, _STREAM = 150 * _MEGA, 260 * _MEGA, 70 * _MEGA  # what an ordinary job takes
_MOST = 1500 * _MEGA  # for one job: more than the largest that is accepted takes


@dataclass(frozen=True)
class Shares:
    """How many processes of a kind there may be, how many bytes each, and how many streams and threads for photos."""

    limit: int
    readers: int
    reader_bytes: int
    clip_workers: int
    clip_worker_bytes: int
    streams: int
    photo_threads: int
    usable: int
    ordinary_clip_bytes: int = _CLIP_WORKER // 2  # more than its process has when it waits


@cache
def shares() -> Shares:
    """Those of this app."""
    return shared_out(memory_limit(), os.cpu_count() or 1)


def shared_out(limit: int, cores: int) -> Shares:
    """Shares of so many bytes on so many cores; at least what one visitor needs."""
    usable = int(limit * _USED)
    rest = max(0, usable - _APP)
    clip_workers = max(1, min(cores // 2, rest // (2 * _CLIP_WORKER)))
    readers = max(1, min(cores, 4, rest // (3 * _READER)))
    left = max(rest - clip_workers * _CLIP_WORKER - readers * _READER, 0)
    return Shares(
        limit,
        readers,
        min(_MOST, _READER + left),
        clip_workers,
        min(_MOST, _CLIP_WORKER + left),
        max(1, rest // _STREAM),
        max(1, min(cores, rest // (2 * _READER))),
        usable,
    )


def most_megabytes_in_memory() -> int:
    """How large a file may be that Streamlit's own uploader takes, which keeps it in memory, twice for a moment."""
    return max(20, min(500, (shares().limit - _APP) // (4 * _MEGA)))
