"""What is told apart by looks alone: scenes, and people by what they wear."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore.detection.frame_preparation import Prepared
from posecore.media.picture import Box, Picture
from posecore.pose import FloatArray, Pose
from posecore.skeleton import INDEX

# A camera that pans or somebody who jumps changes the picture, but its parts still go together with those before.
_UNLIKE, _CHANGED = 0.5, 0.06  # correlation of brightness below which, and mean change above which, it is another scene
_ACROSS = 0.25, 0.5, 0.75  # parts of the way from one side of the body to the other ...
_DOWN = 0.2, 0.4, 0.6, 0.8  # ... and down the trunk or the thighs, at which clothes are looked at


class SceneCuts:
    """Notices where one stream goes on with another scene."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def is_cut(self, picture: Picture) -> bool:
        """Whether the next frame shows another scene than the one before."""
        last, now = self._last, np.asarray(picture.thumbnail() / 255, np.float32)
        self._last = now
        if last is None or last.shape != now.shape or np.abs(now - last).mean() < _CHANGED:
            return False
        one, other = (values - values.mean() for values in (last, now))
        norm = float(np.linalg.norm(one) * np.linalg.norm(other))
        return float((one * other).sum()) < _UNLIKE * norm


def clothes(ready: Prepared, pose: Pose) -> FloatArray:
    """(P, 6) the colours of trunk and thighs in CIE L*a*b*, medians; NaN for what is not seen.

    Args:
        pose: of the people in the prepared frame.
    """
    pose = pose.resized(ready.picture.size)
    colours = [_colour(ready.picture, pose.xy[number, ends]) for number in range(pose.people) for ends in _WORN]
    return np.array(colours, np.float32).reshape(-1, CLOTHES)


def _ends(upper: str, lower: str) -> list[int]:
    return [INDEX[f"{side}_{part}"] for part in (upper, lower) for side in ("left", "right")]


_WORN = _ends("shoulder", "hip"), _ends("hip", "knee")
CLOTHES = 3 * len(_WORN)  # numbers that say what somebody wears


def _colour(picture: Picture, ends: FloatArray) -> FloatArray:
    """(3,) the median colour between four points (4, 2): left and right above, left and right below."""
    above, below = (
        np.array([left + part * (right - left) for part in _ACROSS]) for left, right in (ends[:2], ends[2:])
    )
    points = np.concatenate([above + part * (below - above) for part in _DOWN])
    points = points[((points >= 0) & (points < picture.size)).all(-1)].astype(np.intp)  # false for NaN
    if not len(points):
        return np.full(3, np.nan, np.float32)
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    pixels, x, y = picture.part(Box(left, top, right + 1, bottom + 1))
    seen = pixels[points[:, 1] - y, points[:, 0] - x].astype(np.float32) / 255
    return np.asarray(np.median(cv2.cvtColor(seen[None], cv2.COLOR_RGB2LAB)[0], 0), np.float32)
