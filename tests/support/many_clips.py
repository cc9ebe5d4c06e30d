"""A folder of short clips, cut out of longer ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import av
import numpy as np

from posecore.media.clip_files import probe, read_frames
from posecore.media.picture_files import Frame

_RATE = 30


def write_clips(sources: Sequence[Path], folder: Path, count: int, frames: int = 12) -> list[Path]:
    """So many clips of real people, of so many frames each, in folders named for the clips they are cut from."""
    written: list[Path] = []
    for number in range(count):
        source = sources[number % len(sources)]
        target = folder / source.stem / f"{number:02}.mp4"
        target.parent.mkdir(parents=True, exist_ok=True)
        first = 4 * (number // len(sources))
        write_clip(target, (frame for _, frame in read_frames(probe(source), first, first + frames)), _RATE)
        written.append(target)
    return written


def write_clip(target: Path, frames: Iterable[Frame], rate: int) -> None:
    """An MP4 of these frames, all of one size."""
    with av.open(str(target), "w") as box:
        stream = box.add_stream("libx264", rate, options={"crf": "20", "preset": "veryfast"})
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(frames):
            if not number:
                stream.height, stream.width = (side // 2 * 2 for side in frame.shape[:2])
            shown = np.ascontiguousarray(frame[: stream.height, : stream.width])
            box.mux(stream.encode(av.VideoFrame.from_ndarray(shown, "rgb24")))
        box.mux(stream.encode())
