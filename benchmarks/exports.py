"""How long half an hour of movement takes to be written in each format, and the memory: --only exports

The movement is a real clip's, forwards and backwards again and again at 30 frames a second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.table import Row
from posecore import DetectorSettings, PoseSequence, StreamTracker, probe, read_frames, read_poselab
from posecore.formats.exports import export
from posecore.formats.file_formats import FORMATS

MINUTES, RATE = 30, 30
_WRITE = """
import resource, sys, time
from pathlib import Path
from posecore import export, read_poselab
sequence = read_poselab(Path(sys.argv[1]))
began = time.perf_counter()
export(sequence, sys.argv[2], Path(sys.argv[3]))
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def half_an_hour(clip: Path) -> PoseSequence:
    """One person's movement of `MINUTES`."""
    found = probe(clip)
    with StreamTracker(DetectorSettings("lite", people=1)) as tracker:
        poses = [tracker.track(frame, number / RATE) for number, frame in read_frames(found)]
    rows = [*range(len(poses)), *reversed(range(len(poses)))]
    count = MINUTES * 60 * RATE
    often = [poses[rows[k % len(rows)]] for k in range(count)]
    return PoseSequence.from_poses(often, np.arange(count) / RATE, found.size)


def rows() -> Iterator[Row]:
    """Seconds and megabytes of a process of its own for each."""
    clip = Path(os.environ["POSECORE_MEDIA"]) / "videos" / "balance_cam01.mp4"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "long.poselab"
        export(half_an_hour(clip), "poselab", source)
        assert len(read_poselab(source).time) == MINUTES * 60 * RATE
        for kind in FORMATS:
            command = [sys.executable, "-c", _WRITE, str(source), kind, str(Path(folder) / "out")]
            seconds, megabytes = map(float, subprocess.check_output(command, text=True).split())
            yield Row(f"{MINUTES} minutes as {kind}", [seconds], "s", note=f"{megabytes:.0f} MB")
