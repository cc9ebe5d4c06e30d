"""A moment of somebody's movement as a small picture: cut out of the clip, with the skeleton on it."""

from __future__ import annotations

import numpy as np

from posecore import palette
from posecore.media.clip_files import Clip, read_frames
from posecore.media.picture_files import Frame, encode_image, shrink
from posecore.palette import rgb
from posecore.pose import Pose, PoseSequence
from posecore.visuals.skeleton_drawing import draw_pose

_SIDE = 480
_QUALITY = 82


def moment_picture(clip: Clip | None, sequence: PoseSequence, person: int, moment_s: float) -> bytes | None:
    """JPEG, at most 480 pixels wide and high; on a plain ground where there is no clip.

    Returns:
        None where the file gives no frame.
    """
    row = int(np.abs(sequence.time - moment_s).argmin())
    pose = sequence.frame(row).take([person])
    frame = _plain(sequence.size) if clip is None else _frame(clip, int(sequence.frames[row]))
    if frame is None:
        return None
    return encode_image(shrink(_around(draw_pose(frame, pose), pose), _SIDE), "jpg", _QUALITY)


def _plain(size: tuple[int, int]) -> Frame:
    return np.full((size[1], size[0], 3), rgb(palette.PAPER), np.uint8)


def _frame(clip: Clip, number: int) -> Frame | None:
    return next((frame for _, frame in read_frames(clip, number, number + 1)), None)


def _around(frame: Frame, pose: Pose) -> Frame:
    """The part of the picture with the person in it, and some room."""
    height, width = frame.shape[:2]
    points = pose.resized((width, height)).xy[0]
    points = points[np.isfinite(points).all(-1)]
    if not len(points):
        return frame
    low, high = points.min(0), points.max(0)
    middle, side = (low + high) / 2, float((high - low).max())
    half = side * np.array([0.5, 0.65])  # wide enough for arms that swing, with room for the head
    size = np.array([width, height])
    left, top = np.clip(middle - half, 0, size - 1).astype(int).tolist()
    right, bottom = np.clip(middle + half, (left + 1, top + 1), size).astype(int).tolist()
    return np.ascontiguousarray(frame[top:bottom, left:right])
