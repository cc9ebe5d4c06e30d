"""How long clips take, beside a tutorial's way, and the memory: python -m benchmarks --only clips, or, for clips of
one's own, python -m benchmarks.clips CLIP...

Both ways in turn, medians over several rounds. The tutorial's way gets an environment of its own under .benchmarks/.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
import psutil

from benchmarks.environments import python_with
from benchmarks.models import bare_inference
from benchmarks.table import Row, show
from posecore import AnalysisSettings, Clip, Workers, analyse, analyse_and_render, probe, read_frames

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mediapipe==0.10.21", "opencv-contrib-python==4.11.0.86")
ROUNDS = 3
LONGER = (4, 16)  # times


def tutorial(clip: Path, folder: Path) -> tuple[float, float]:
    """Frames a second, finding alone and whole."""
    command = [
        str(python_with("tutorial", PACKAGES)),
        str(ROOT / "benchmarks" / "tutorial.py"),
        str(clip),
        str(folder / "t.mp4"),
    ]
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


def compare(path: Path, name: str, workers: Workers, folder: Path) -> Iterator[Row]:
    clip = probe(path)
    ours(clip, workers, folder)
    rounds = [(*ours(clip, workers, folder), *tutorial(path, folder)) for _ in range(ROUNDS)]
    found, rendered, finding, whole = zip(*rounds, strict=True)
    name = f"{name}, {clip.size[0]} x {clip.size[1]}"
    yield Row(f"{name}, finding", found, "frames a second", "the tutorial's finding alone", finding)
    yield Row(f"{name}, finding", found, "frames a second", "the tutorial's whole loop", whole)
    yield Row(f"{name}, with the annotated clip", rendered, "frames a second", "the tutorial's whole loop", whole)


def as_720p(path: Path, folder: Path) -> Path:
    """The clip as H.264 of 1280 x 720 pixels."""
    target, clip = folder / "720p.mp4", probe(path)
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=round(clip.frames_per_second))
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for _, frame in read_frames(clip):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24").reformat(1280, 720, "yuv420p")))
        out.mux(stream.encode(None))
    return target


def processor_time(path: Path, workers: Workers, folder: Path) -> Row:
    """Of all threads of the worker that finds, a frame; beside the bare inference, in turn."""
    clip = probe(as_720p(path, folder))
    analyse(clip, AnalysisSettings(), workers.lane())
    spent, bare = [], []
    for _ in range(ROUNDS):
        began = _processor_seconds(workers)
        found = analyse(clip, AnalysisSettings(), workers.lane())
        spent.append(1000 * (_processor_seconds(workers) - began) / len(found.time))
        bare.append(statistics.median(bare_inference("full", folder)))
    note = "decoding, converting, following; smaller is better"
    return Row("H.264 of 1280 x 720, processor time of a frame", spent, "ms", "the bare inference", bare, note=note)


def _processor_seconds(workers: Workers) -> float:
    times = [psutil.Process(number).cpu_times() for number in workers.process_ids]
    return sum(time.user + time.system for time in times)


def longer(clip: Path, folder: Path, times: int) -> Path:
    """The clip so many times over, without encoding it again."""
    target = folder / f"longer{times}{clip.suffix}"
    with av.open(str(target), "w") as out:
        stream, begin = None, 0
        for _ in range(times):
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


def by_length(clip: Path, folder: Path) -> Iterator[Row]:
    """Memory and time of the command line against the clip's length."""
    # Once is not enough for something so short.
    memories, times_of_one = zip(*(memory_and_time(clip, folder) for _ in range(ROUNDS)), strict=True)
    usual, one = statistics.median(memories), statistics.median(times_of_one)
    yield Row(f"{clip.name}, command line", times_of_one, "s", note=f"{usual:.0f} MB at most, all processes")
    further = []  # seconds for each length beyond the first, which also has the start of the command line in it
    for times in LONGER:
        memory, seconds = memory_and_time(longer(clip, folder, times), folder)
        further.append((seconds - one) / (times - 1))
        note = f"{memory:.0f} MB at most, {memory / usual - 1:+.0%}"
        yield Row(f"{clip.name}, {times} times as long", [seconds], "s", "the time of one", [one], note=note)
    beside = f"that of {LONGER[0]} times as long"
    yield Row(f"each further length of {LONGER[-1]}", [further[-1]], "s", beside, [further[0]])


def rows(clips: Sequence[Path] = ()) -> Iterator[Row]:
    chosen = list(clips) or [ROOT / "samples" / "box_jump.mp4", ROOT / "samples" / "balance.mp4"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Workers() as workers:
            for clip in chosen:
                yield from compare(clip, clip.name, workers, folder)
            name = f"{chosen[-1].name}, {LONGER[0]} times as long"
            yield from compare(longer(chosen[-1], folder, LONGER[0]), name, workers, folder)
            yield processor_time(chosen[0], workers, folder)
        yield from by_length(chosen[-1], folder)


if __name__ == "__main__":
    show(rows([Path(name) for name in sys.argv[1:]]))
