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
from contextlib import ExitStack
from pathlib import Path

import av

from benchmarks.table import Row
from posecore.media.clip_files import probe, read_frames
from posecore.media.picture_files import shrink

ROOT = Path(__file__).resolve().parent.parent
MINUTES, RATE, SHORT, SIDE = 10, 30, 23, 640
WORKERS = (1, 2, 3, 4)
_PORT = "18786"
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
    _write(folder / "long.mp4", there_and_back, MINUTES * 60 * RATE)
    total = MINUTES * 60 * RATE
    for number in range(SHORT):
        clip = [shrink(frame, SIDE) for _, frame in read_frames(probe(media / _SOURCES[number % 3]), 0, 150)]
        count = len(clip) + number  # no two alike
        _write(folder / f"{number:02}.mp4", clip + clip[::-1], count)
        total += count
    return total


def _write(target: Path, pictures: list, count: int) -> None:  # type: ignore[type-arg]
    with av.open(str(target), "w") as box:
        stream = box.add_stream("libx264", RATE, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height = (side // 2 * 2 for side in pictures[0].shape[1::-1])
        stream.pix_fmt = "yuv420p"
        for number in range(count):
            frame = pictures[number % len(pictures)][: stream.height, : stream.width]
            box.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        box.mux(stream.encode())


def seconds(folder: Path, workers: int) -> float:
    """From the command's beginning to its end, on workers that are there already."""
    address = f"tcp://127.0.0.1:{_PORT}"
    with ExitStack() as stack:
        for command in (
            ["scheduler", "--host", "127.0.0.1", "--port", _PORT, "--no-dashboard"],
            *(
                ["worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder / f"w{n}")]
                for n in range(workers)
            ),
        ):
            stack.enter_context(_Started(command))
        from distributed import Client

        with Client(address, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
        began = time.perf_counter()
        out = folder / f"out{workers}"
        command = [sys.executable, "-m", "posecore", "video", str(folder / "clips"), "--out", str(out), "--no-render"]
        subprocess.run([*command, "--cluster", address], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


class _Started:
    """A program of Dask, ended with the context."""

    def __init__(self, arguments: list[str]) -> None:
        program = str(Path(sys.executable).with_name("dask"))
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen([program, *arguments], env=environment, stderr=subprocess.DEVNULL)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
