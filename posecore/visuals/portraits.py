"""Small pictures of people, by which they are known again in a row of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.media.clip_files import Clip, read_frames
from posecore.media.picture_files import Frame, encode_image, shrink
from posecore.pose import FloatArray, Pose, PoseSequence
from posecore.skeleton import INDEX

SIDE = 112  # pixels: twice what pages show, for screens that are that fine
_TRUNK = [INDEX[f"{side}_{part}"] for part in ("shoulder", "hip") for side in ("left", "right")]
_FACE = slice(0, 11)
_ROOM = 1.5  # so many times what head and trunk take is in the picture
_GOOD_ENOUGH = 0.8  # of the best there is of somebody, for which no other frame is read


def portrait(frame: Frame, pose: Pose, number: int) -> Frame:
    """(112, 112, 3) head and trunk of somebody (from 0) in a frame (H, W, 3); the pose may be of another size."""
    height, width = frame.shape[:2]
    points = pose.resized((width, height)).xy[number]
    upper = points[[*range(_FACE.start, _FACE.stop), *_TRUNK]]
    low, high = np.nanmin(upper, 0), np.nanmax(upper, 0)
    half = max(float((high - low).max()) * _ROOM / 2, 8.0)
    middle, size = (low + high) / 2, np.array([width, height])
    left, top = np.clip(middle - half, 0, size - 2).astype(int).tolist()
    right, bottom = np.clip(middle + half, (left + 2, top + 2), size).astype(int).tolist()
    return shrink(_squared(np.ascontiguousarray(frame[top:bottom, left:right])), SIDE)


def portraits(frame: Frame, pose: Pose) -> list[bytes]:
    """Everybody's in a frame as JPEG."""
    return [encode_image(portrait(frame, pose, number), "jpg", 85) for number in range(pose.people)]


class Shot(NamedTuple):
    """A frame of a clip and who is to be taken from it.

    Attributes:
        frame: its number.
        pose: of these people alone.
        people: their numbers, from 0.
    """

    frame: int
    pose: Pose
    people: list[int]


def shots(sequence: PoseSequence) -> list[Shot]:
    """The frames of a clip to make portraits from: as few as show everybody nearly as well as any frame does."""
    return [
        Shot(int(sequence.frames[row]), sequence.frame(row).take(people), people)
        for row, people in _rows(_quality(sequence))
    ]


def clip_portraits(clip: Clip, wanted: Sequence[Shot], people: int) -> list[bytes]:
    """Everybody's in a clip as JPEG; empty bytes of whoever is in no frame that can be read."""
    found = [b""] * people
    for shot in wanted:
        for _, frame in read_frames(clip, shot.frame, shot.frame + 1):
            for person, made in zip(shot.people, portraits(frame, shot.pose), strict=True):
                found[person] = made
    return found


def _quality(sequence: PoseSequence) -> NDArray[np.float64]:
    """(T, P) how well somebody is seen in a frame: how much of them, how surely, and how large."""
    surely = np.nan_to_num(sequence.visibility * sequence.seen).mean(-1)
    spans: FloatArray = sequence.xy[:, :, _TRUNK].max(2) - sequence.xy[:, :, _TRUNK].min(2)
    return np.asarray(surely * np.sqrt(np.nan_to_num(spans).max(-1)) + np.where(sequence.present, 1e-6, 0), np.float64)


def _rows(quality: NDArray[np.float64]) -> list[tuple[int, list[int]]]:
    """Rows to read, and who is to be taken from each."""
    best = quality.max(0, initial=0)
    missing = np.flatnonzero(best > 0)
    chosen = []
    while len(missing):
        good = quality[:, missing] >= _GOOD_ENOUGH * best[missing]
        row = int((good.sum(1) + quality[:, missing].sum(1) / (1 + best[missing].sum())).argmax())
        chosen.append((row, missing[good[row]].tolist()))
        missing = missing[~good[row]]
    return chosen


def _squared(frame: Frame) -> Frame:
    """The same with its edges repeated to a square."""
    height, width = frame.shape[:2]
    side = max(height, width)
    room = [((side - length) // 2, side - length - (side - length) // 2) for length in (height, width)]
    return np.pad(frame, [*room, (0, 0)], mode="edge")
