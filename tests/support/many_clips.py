"""A folder of short clips, cut out of longer ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av

from posecore.media.clip_files import probe, read_frames


def write_clips(sources: Sequence[Path], folder: Path, count: int, frames: int = 12) -> list[Path]:
    """So many clips of real people, of so many frames each, in folders named for the clips they are cut from."""
    written: list[Path] = []
    for number in range(count):
        source = sources[number % len(sources)]
        target = folder / source.stem / f"{number:02}.mp4"
        target.parent.mkdir(parents=True, exist_ok=True)
        _cut_out(source, target, 4 * (number // len(sources)), frames)
        written.append(target)
    return written


def _cut_out(source: Path, target: Path, first: int, frames: int) -> None:
    clip = probe(source)
    with av.open(str(target), "w") as box:
        stream = box.add_stream("libx264", 30, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height = (side // 2 * 2 for side in clip.size)
        stream.pix_fmt = "yuv420p"
        for _, frame in read_frames(clip, first, first + frames):
            shown = av.VideoFrame.from_ndarray(frame[: stream.height, : stream.width], "rgb24")
            box.mux(stream.encode(shown))
        box.mux(stream.encode())
