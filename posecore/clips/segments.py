"""How a clip is cut for several workers: by the clip alone, never by their number, so that one worker or a hundred
give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posecore.errors import MediaError
from posecore.media.clip_files import Clip

LONGEST = 300  # frames of a segment, about
# Frames before a segment in which its tracker settles. Its smoothing has a long memory (0.05 Hz), so a few frames from
# far back serve better than the same number of close ones.
WARM_UP = (50, 40, 32, 26, 20, 16, 12, 9, 6, 4, 3, 2, 1)
# What it costs to decode a frame on the way to a segment, and one of its warm-up, measured in frames of the segment.
_ON_THE_WAY, _WARMING = 0.3, 0.8
_MOST_EXTRA = 0.3  # of all frames; where frames that stand alone are rare, many segments would decode the same ones


@dataclass(frozen=True, eq=False)
class Segment:
    """Numbers of frames in a clip, and those before them that only warm up; all rising."""

    frames: NDArray[np.int64]
    warm_up: NDArray[np.int64]

    @property
    def first(self) -> int:
        """The first frame that has to be decoded."""
        return int(self.warm_up[0] if len(self.warm_up) else self.frames[0])

    @property
    def end(self) -> int:
        """The number after the last frame."""
        return int(self.frames[-1]) + 1


def chosen_frames(clip: Clip, start_s: float = 0.0, end_s: float | None = None, every: int = 1) -> NDArray[np.int64]:
    """Numbers of the frames in a part of a clip.

    Raises:
        MediaError: there are none.
    """
    end = clip.duration_s if end_s is None else end_s
    first, stop = np.searchsorted(clip.times, [start_s - 1e-6, end - 1e-6]).tolist()
    if first >= stop:
        raise MediaError("clip_part_empty")
    return np.arange(first, stop, every, dtype=np.int64)


def cut(clip: Clip, frames: NDArray[np.int64], warm_up: tuple[int, ...] = ()) -> list[Segment]:
    """Segments that cover all frames and take about the same time.

    Args:
        frames: numbers of frames in the clip, rising.
        warm_up: how many frames before a segment each frame of its warm-up lies, falling.
    """
    before = np.array(warm_up, np.int64)

    def segment(begin: int, end: int) -> Segment:
        return Segment(frames[begin:end], frames[(begin - before)[before <= begin]])

    def extra(begin: int) -> float:
        """What a segment that begins there costs besides its frames."""
        first = segment(begin, begin + 1).first
        key = max(clip.keys[np.searchsorted(clip.keys, first, side="right") - 1], 0)
        return _ON_THE_WAY * float(first - key) + _WARMING * float(segment(begin, begin + 1).warm_up.size)

    parts = -(-len(frames) // LONGEST)
    parts += parts % 2 if parts > 1 else 0  # a process works on two at once
    while True:
        borders = _even(len(frames), parts, extra)
        if parts <= 2 or sum(extra(border) for border in borders[:-1]) <= _MOST_EXTRA * len(frames):
            return [segment(begin, end) for begin, end in pairwise(borders)]
        parts = max(2, parts * 3 // 4)


def joined(segments: Sequence[Segment]) -> Segment:
    """One segment out of neighbours, with the warm-up of the first."""
    return Segment(np.concatenate([segment.frames for segment in segments]), segments[0].warm_up)


def _even(count: int, parts: int, extra: Callable[[int], float]) -> list[int]:
    """Borders from 0 to `count` between parts that cost the same: their length and `extra` of their beginning."""
    low, high = 0.0, 2.0 * count + 1
    borders = [0, count]
    while high - low > 0.5:
        cost = (low + high) / 2
        tried = [0]
        while len(tried) <= parts and tried[-1] < count:
            tried.append(min(count, tried[-1] + max(1, int(cost - extra(tried[-1])))))
        if tried[-1] == count:
            borders, high = tried, cost
        else:
            low = cost
    return borders
