"""A class made of clips of single people, side by side in one picture."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np

from posecore.media.clip_files import probe, read_frames
from posecore.media.picture_files import Frame

CELL = 360, 640  # width and height of one person's part
ACROSS, RATE, SECONDS = 3, 8, 13


class Pupil(NamedTuple):
    """A clip of somebody.

    Attributes:
        scale: how large they are shown, of what fits.
        squats: how many they do.
        mirrored: whether they are shown as in a mirror.
    """

    clip: str
    squats: int
    scale: float = 1.0
    mirrored: bool = False


CLASS = [
    Pupil("pose_squats", 2),
    Pupil("balance_cam03", 0),
    Pupil("pose_squats", 2, mirrored=True),
    Pupil("balance_cam04", 0),
    Pupil("pose_1", 0),
    Pupil("balance_cam03", 0, mirrored=True),
]
HALF = {2, 5}  # who is half as large in the other class


def write_class(media: Path, pupils: list[Pupil], target: Path) -> None:
    """An MP4 with the pupils row by row; whose clip ends stands still."""
    columns = [_frames(media, pupil) for pupil in pupils]
    with av.open(str(target), "w") as box:
        stream = box.add_stream("libx264", RATE, options={"crf": "18", "preset": "veryfast"})
        stream.width, stream.height = CELL[0] * ACROSS, CELL[1] * (len(pupils) // ACROSS)
        stream.pix_fmt = "yuv420p"
        for number in range(RATE * SECONDS):
            cells = [frames[min(number, len(frames) - 1)] for frames in columns]
            rows = [np.hstack(cells[first : first + ACROSS]) for first in range(0, len(cells), ACROSS)]
            box.mux(stream.encode(av.VideoFrame.from_ndarray(np.vstack(rows), "rgb24")))
        box.mux(stream.encode())


def _frames(media: Path, pupil: Pupil) -> list[Frame]:
    """What is shown of somebody, frame by frame."""
    clip = probe(media / "videos" / f"{pupil.clip}.mp4")
    wanted = np.searchsorted(clip.times, np.arange(0, min(SECONDS, clip.times[-1]), 1 / RATE)).tolist()
    cells = {number: _cell(frame, pupil) for number, frame in read_frames(clip) if number in wanted}
    return [cells[number] for number in wanted]


def _cell(frame: Frame, pupil: Pupil) -> Frame:
    (width, height), (rows, columns) = CELL, frame.shape[:2]
    scale = pupil.scale * min(width / columns, height / rows)
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cell = np.full((height, width, 3), 128, np.uint8)
    left = (width - small.shape[1]) // 2
    cell[height - small.shape[0] :, left : left + small.shape[1]] = small[:, :: -1 if pupil.mirrored else 1]
    return cell
