"""Ten minutes of movement beside ten minutes, aligned: --only compare

The movement is a real clip's, forwards and backwards again and again at 30 frames a second; the second is a tenth
quicker.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.exports import RATE, half_an_hour
from benchmarks.table import Row
from posecore.formats.exports import export

ROOT = Path(__file__).resolve().parent.parent
MINUTES, ROUNDS = 10, 3
_COMPARE = """
import resource, sys, time
from pathlib import Path
from posecore import read_poselab
from posecore.compare import compare
one, other = map(read_poselab, map(Path, sys.argv[1:3]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
score = compare(one, other).score
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, score)
"""


def rows() -> Iterator[Row]:
    """Seconds, with the most memory of the process."""
    long = half_an_hour(ROOT / "samples" / "box_jump.mp4").part(0, MINUTES * 60 * RATE)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("one.poselab", "other.poselab")]
        for path, sequence in zip(paths, (long, replace(long, time=long.time / 1.1)), strict=True):
            export(sequence, "poselab", path)
        command = [sys.executable, "-c", _COMPARE, *map(str, paths)]
        found = [list(map(float, subprocess.check_output(command, text=True).split())) for _ in range(ROUNDS)]
    seconds, megabytes, scores = zip(*found, strict=True)
    assert min(scores) > 95
    yield Row(f"{MINUTES} minutes beside {MINUTES} minutes", seconds, "s", note=f"{max(megabytes):.0f} MB")
