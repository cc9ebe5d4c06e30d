"""A program that has what others leave of the processors: visitors' browsers do not run on the server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")


@contextmanager
def last_in_line(program: str, folder: Path) -> Iterator[str]:
    """A script in `folder` that runs a program so: in a group of the least weight, or where none may be made, as nice.

    Chromium as root gives itself precedence again: there it must be a group.
    """
    version_1 = (_GROUPS / "cpu").is_dir()
    group = (_GROUPS / "cpu" if version_1 else _GROUPS) / f"poselab-visitors-{os.getpid()}"
    begin = "exec nice -n 19"
    with suppress(OSError):
        group.mkdir()
        (group / ("cpu.shares" if version_1 else "cpu.weight")).write_text("2" if version_1 else "1")
        begin = f"echo $$ > {group / 'cgroup.procs'} && exec"
    script = folder / "last_in_line"
    script.write_text(f'#!/bin/sh\n{begin} "{program}" "$@"\n')
    script.chmod(0o755)
    yield str(script)
    with suppress(OSError):
        group.rmdir()
