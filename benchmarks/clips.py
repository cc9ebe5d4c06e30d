"""How long clips take, beside a tutorial's way, and the memory: python -m benchmarks.clips [CLIP...]

Both ways in turn, medians over several rounds. The tutorial's way gets an environment of its own under .benchmarks/.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import psutil

from posecore import AnalysisSettings, Clip, Workers, analyse, analyse_and_render, probe

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".benchmarks" / "tutorial"
PACKAGES = ("mediapipe==0.10.21", "opencv-contrib-python==4.11.0.86")
ROUNDS = 3
LONGER = 10  # times


def tutorial_python() -> Path:
    """Python with the tutorial's packages."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (ENVIRONMENT / "ready").touch()
    return python


def tutorial(clip: Path, folder: Path) -> tuple[float, float]:
    """Frames a second, finding alone and whole."""
    command = [str(tutorial_python()), str(ROOT / "benchmarks" / "tutorial.py"), str(clip), str(folder / "t.mp4")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    frames, finding, everything = map(float, done.stdout.split()[-3:])
    return frames / finding, frames / everything


def ours(clip: Clip, workers: Workers, folder: Path) -> tuple[float, float]:
    """Frames a second, finding alone and with the annotated clip; the workers run already, as in the app."""
    frames = len(clip.pts)
    began = time.perf_counter()
    analyse(clip, AnalysisSettings(), workers.lane())
    found = time.perf_counter()
    analyse_and_render(clip, AnalysisSettings(), workers.lane(), folder / "o.mp4")
    return frames / (found - began), frames / (time.perf_counter() - found)


def compare(path: Path, workers: Workers, folder: Path) -> None:
    clip = probe(path)
    ours(clip, workers, folder)
    rounds = [(*ours(clip, workers, folder), *tutorial(path, folder)) for _ in range(ROUNDS)]
    found, rendered, finding, whole = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{path.name}, {clip.size[0]} x {clip.size[1]}, {len(clip.pts)} frames")
    print(f"  ours: finding {found:6.1f} frames a second, with the annotated clip {rendered:6.1f}")
    print(f"  tutorial: finding {finding:6.1f}, whole {whole:6.1f}")
    print(
        f"  ratio to the tutorial's whole: finding {found / whole:.2f}, with the annotated clip {rendered / whole:.2f}"
    )
    print(f"  ratio to its finding alone:    finding {found / finding:.2f}")


def longer(clip: Path, folder: Path) -> Path:
    """The clip several times over, without encoding it again."""
    target = folder / f"longer{clip.suffix}"
    with av.open(str(target), "w") as out:
        stream, begin = None, 0
        for _ in range(LONGER):
            with av.open(str(clip)) as source:
                track = source.streams.video[0]
                stream = stream or out.add_stream_from_template(track)
                end = begin
                for packet in source.demux(track):
                    if packet.dts is None or packet.pts is None:
                        continue
                    end = max(end, begin + packet.pts + (packet.duration or 1))
                    packet.pts, packet.dts, packet.stream = packet.pts + begin, packet.dts + begin, stream
                    out.mux(packet)
                begin = end
    return target


@contextmanager
def peak_memory(process: psutil.Process) -> Iterator[list[float]]:
    """Megabytes of a process and its children, shared pages counted once; the peak is the last item."""
    peak, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            used = 0.0
            for one in [process, *process.children(recursive=True)]:
                try:
                    used += one.memory_full_info().pss / 1e6
                except psutil.Error:  # it has just ended
                    continue
            peak[0] = max(peak[0], used)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def memory_and_time(clip: Path, folder: Path) -> tuple[float, float]:
    """Megabytes and seconds of the command line on a clip."""
    command = [sys.executable, "-m", "posecore", "video", str(clip), "--out", str(folder / "out")]
    began = time.perf_counter()
    process = psutil.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with peak_memory(process) as peak:
        process.wait()
    return peak[0], time.perf_counter() - began


def main() -> None:
    default = [ROOT / "samples" / "box_jump.mp4", ROOT / "samples" / "balance.mp4"]
    clips = [Path(name) for name in sys.argv[1:]] or default
    print(f"{os.cpu_count()} cores, median of {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Workers() as workers:
            for clip in clips:
                compare(clip, workers, folder)
        clip = clips[-1]
        short, long = memory_and_time(clip, folder), memory_and_time(longer(clip, folder), folder)
        print(f"{clip.name}: peak memory of all processes {short[0]:.0f} MB in {short[1]:.1f} s")
        print(f"{LONGER} times as long: {long[0]:.0f} MB in {long[1]:.1f} s")


if __name__ == "__main__":
    main()
