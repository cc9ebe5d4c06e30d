"""Pin everything that requirements.in and requirements-dev.in bring, for all systems that are named:

    python tools/lock_requirements.py [--upgrade] [--into DIR]

Linux on x86-64 and Arm, macOS on Arm, Windows; Python 3.11 to 3.13. Without --upgrade what is pinned stays.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("requirements", "requirements-dev")
HEADER = "# Made by `make lock` of {name}.in; not to be changed by hand."
OPTIONS = ("--universal", "--python-version", "3.11", "--no-header", "--no-annotate", "--no-emit-index-url")


def lock(folder: Path, *, upgrade: bool = False) -> None:
    """Write both files into a folder in which their .in files lie."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    for name in NAMES:
        target = folder / f"{name}.txt"
        command = [uv, "pip", "compile", *OPTIONS, f"{name}.in", "--output-file", target.name]
        subprocess.run([*command, *(["--upgrade"] if upgrade else []), "--quiet"], cwd=folder, check=True)
        target.write_text(f"{HEADER.format(name=name)}\n{target.read_text('utf-8')}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--into", type=Path, default=ROOT, metavar="DIR")
    options = parser.parse_args()
    lock(options.into, upgrade=options.upgrade)


if __name__ == "__main__":
    main()
