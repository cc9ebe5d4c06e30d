"""Make sure that the programs are there that tests start or that set their clock; install Debian's if not.

Without one of them its tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = {
    "nginx": ["nginx", "libnginx-mod-stream"],
    "caddy": ["caddy"],
    "promtool": ["prometheus"],
    "turnserver": ["coturn"],
    "faketime": ["faketime"],
    "firefox-esr": ["firefox-esr", "libgl1-mesa-dri", "libegl1"],
    "Xvfb": ["xvfb"],
}
_POLICY = Path("/usr/sbin/policy-rc.d")


def missing() -> list[str]:
    """Debian packages of what is not there."""
    return [package for program, packages in PROGRAMS.items() if not shutil.which(program) for package in packages]


@contextmanager
def nothing_starts() -> Iterator[None]:
    """Packages may not start their servers meanwhile."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


def install(packages: list[str]) -> None:
    """As root on Debian; elsewhere nothing happens."""
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        return
    print(f"Installing {' '.join(packages)} for the tests ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with nothing_starts():
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, check=False, stdout=subprocess.DEVNULL)


def main() -> None:
    if packages := missing():
        install(packages)
    if left := missing():
        print(f"Not here, so their tests are skipped: {' '.join(left)}", file=sys.stderr)


if __name__ == "__main__":
    main()
