"""Landmarks that a browser found in the frames of a stream, as it sends them: rows of 32-bit floats, little endian.

A row is the moment in seconds since the packet's own, and for everybody 33 landmarks of x, y, z in pixels of the frame,
visibility, presence, and x, y, z in metres; NaN for whoever is not there.
"""

from __future__ import annotations

import numpy as np

from posecore.errors import MediaError
from posecore.live.history import FASTEST, MOST_FOLLOWED
from posecore.pose import PoseSequence
from posecore.skeleton import LANDMARKS

MOST_ROWS = 30 * FASTEST  # for what waited while the network was gone
_VALUES = 8  # of a landmark
_LARGEST_SIDE = 8192
_FARTHEST = 10.0  # sides of the frame beyond which nothing is believed


def row_bytes(people: int) -> int:
    """How long a row is."""
    return 4 * (1 + people * len(LANDMARKS) * _VALUES)


def rows_in(packet: bytes, people: int, size: tuple[int, int], began: float = 0.0) -> PoseSequence:
    """The rows of a packet.

    Args:
        people: that every row has place for.
        size: (width, height) of the frames.
        began: seconds, the packet's own moment.

    Raises:
        MediaError: it is no such packet.
    """
    fits = 1 <= people <= MOST_FOLLOWED and all(1 <= side <= _LARGEST_SIDE for side in size)
    if not fits or len(packet) % row_bytes(people) or len(packet) > MOST_ROWS * row_bytes(people):
        raise MediaError("no_such_file")
    rows = np.frombuffer(packet, "<f4").reshape(-1, row_bytes(people) // 4)
    moments = rows[:, 0].astype(np.float64)
    if not (np.isfinite(moments).all() and (np.diff(moments) > 0).all()):
        raise MediaError("no_such_file")
    points = rows[:, 1:].reshape(-1, people, len(LANDMARKS), _VALUES)
    with np.errstate(invalid="ignore"):
        believed = (np.abs(points) <= _FARTHEST * max(size)).all((2, 3))
    points = np.where(believed[..., None, None], points, np.nan).astype(np.float32)
    shares = points[..., 3:5].clip(0, 1)
    return PoseSequence(
        points[..., :2], points[..., 2], shares[..., 0], shares[..., 1], points[..., 5:], began + moments, size
    )
