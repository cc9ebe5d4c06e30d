"""A folder of clips on a Dask cluster of one to four workers of one thread: --only cluster

24 clips of real people, one of ten minutes and the others of some seconds. Scheduler, workers and the command are all
on this machine, so that more workers than cores bring nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.table import Row
from posecore.media.clip_files import probe, read_frames
from posecore.media.picture_files import shrink
from tests.support.cluster import dask_cluster
from tests.support.many_clips import write_clip

ROOT = Path(__file__).resolve().parent.parent
MINUTES, RATE, SHORT, SIDE = 10, 30, 23, 640
WORKERS = (1, 2, 3, 4)
_SOURCES = ("balance_cam01.mp4", "sports2d_demo.mp4", "pose_squats.mp4")


def rows() -> Iterator[Row]:
    """Seconds for all, and how many times as quick as one worker that is; times the workers it would be at best."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        frames = write_folder(folder / "clips")
        alone = 0.0
        for count in WORKERS:
            spent = seconds(folder, count)
            alone = alone or spent
            note = f"{frames / spent:.0f} frames a second, {alone / spent:.2f} times one worker"
            yield Row(f"24 clips, {count} workers", [spent], "s", note=note)


def write_folder(folder: Path) -> int:
    """The clips; returns how many frames they have."""
    media = Path(os.environ["POSECORE_MEDIA"]) / "videos"
    folder.mkdir()
    pictures = [shrink(frame, SIDE) for _, frame in read_frames(probe(media / _SOURCES[0]))]
    there_and_back = [*pictures, *reversed(pictures)]
    write_clip(folder / "long.mp4", islice(cycle(there_and_back), MINUTES * 60 * RATE), RATE)
    total = MINUTES * 60 * RATE
    for number in range(SHORT):
        clip = [shrink(frame, SIDE) for _, frame in read_frames(probe(media / _SOURCES[number % 3]), 0, 150)]
        count = len(clip) + number  # no two alike
        write_clip(folder / f"{number:02}.mp4", islice(cycle(clip + clip[::-1]), count), RATE)
        total += count
    return total


def seconds(folder: Path, workers: int) -> float:
    """From the command's beginning to its end, on workers that are there already."""
    logs, out = folder / f"logs{workers}", folder / f"out{workers}"
    logs.mkdir()
    with dask_cluster(logs, workers) as cluster:
        began = time.perf_counter()
        command = [sys.executable, "-m", "posecore", "video", str(folder / "clips"), "--out", str(out), "--no-render"]
        command += ["--cluster", cluster.address]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began
