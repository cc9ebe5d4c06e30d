"""A clip with nothing in it, for a movement whose clip is not at hand: players need something that runs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from posecore import palette
from posecore.media.atomic_files import told_as_write_error, written_whole
from posecore.palette import rgb

_SIDE = 32  # pixels
_TICK = Fraction(1, 90_000)  # seconds
_KEY_EVERY = 60  # frames, so that players can jump


def write_blank_clip(target: Path, time: NDArray[np.float64]) -> None:
    """An MP4 file of frames without anything, as wide as high.

    Args:
        time: (T,) seconds, rising; the first frame comes at 0.

    Raises:
        WriteError: the file cannot be written.
    """
    stamps = np.round((time - time[0]) / float(_TICK)).astype(np.int64)
    frame = av.VideoFrame.from_ndarray(np.full((_SIDE, _SIDE, 3), rgb(palette.PAPER), np.uint8), format="rgb24")
    picture = frame.reformat(format="yuv420p")
    with written_whole(target) as draft, told_as_write_error(target), av.open(str(draft), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width = stream.height = _SIDE
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = _TICK
        stream.codec_context.gop_size = _KEY_EVERY
        for stamp in stamps.tolist():
            picture.pts, picture.time_base = stamp, _TICK
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
