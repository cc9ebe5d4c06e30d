"""A group of processes that may have so much memory together, where this machine lets us make one (Linux, root)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")


class MemoryGroup:
    """Made with so many bytes; `enter` is for the child before it becomes the program."""

    def __init__(self, name: str, limit: int) -> None:
        version_1 = (_GROUPS / "memory").is_dir()
        self._folder = (_GROUPS / "memory" if version_1 else _GROUPS) / f"{name}-{os.getpid()}"
        self._members = "tasks" if version_1 else "cgroup.procs"
        self._events = "memory.failcnt" if version_1 else "memory.events"
        self._folder.mkdir()
        (self._folder / ("memory.limit_in_bytes" if version_1 else "memory.max")).write_text(str(limit))

    def enter(self) -> None:
        """Put the process that calls into it."""
        (self._folder / self._members).write_text(str(os.getpid()))

    def anonymous(self) -> int:
        """Bytes in use without what the system keeps of files."""
        lines = dict(line.split() for line in (self._folder / "memory.stat").read_text().splitlines())
        return int(lines.get("total_rss", lines.get("anon", 0)))

    def killed(self) -> int:
        """How many processes the system ended for want of memory."""
        text = next(
            (self._folder / name).read_text()
            for name in ("memory.events", "memory.oom_control")
            if (self._folder / name).is_file()
        )
        return int(dict(line.split() for line in text.splitlines()).get("oom_kill", 0))

    def close(self) -> None:
        with suppress(OSError):
            self._folder.rmdir()


def make_group(name: str, limit: int) -> MemoryGroup | None:
    """None where this machine does not let us."""
    try:
        return MemoryGroup(name, limit)
    except OSError:
        return None
