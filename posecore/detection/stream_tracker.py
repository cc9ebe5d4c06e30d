"""People followed through the frames of one stream."""

from __future__ import annotations

from functools import partial
from typing import Self

import numpy as np

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.engines import Use, engine_for
from posecore.detection.frame_preparation import Prepared, check_frame, mirror_image, prepare, to_pose
from posecore.detection.plausible_bodies import could_be_bodies
from posecore.detection.second_look import merged, mirrored
from posecore.media.picture import Picture
from posecore.media.picture_files import Frame
from posecore.pose import Pose


class StreamTracker:
    """Follows the people of one stream, frame by frame; belongs to that stream's thread and is closed with it.

    With one person the landmarks are smoothed over time, as MediaPipe does; with more they are not.
    """

    def __init__(self, settings: DetectorSettings | None = None, threads: int = 1, *, live: bool = False) -> None:
        """Open it.

        Args:
            threads: that a look may use in LiteRT. Landmarks are the same.
            live: whether it shares its process with other streams.
        """
        self._settings = settings or DetectorSettings(people=1)
        opened = partial(_Following, "live" if live else "clip", self._settings, threads)
        self._look = opened()
        self._second_look = opened() if self._settings.looks_twice else None

    def track(self, frame: Frame | Prepared, time_s: float) -> Pose:
        """The people in the next frame (H, W, 3), uint8 RGB, at its time in seconds.

        Time that stands still or runs back counts as one millisecond after the frame before.
        """
        if isinstance(frame, Prepared):
            ready = frame
        else:
            check_frame(frame)
            ready = prepare(Picture(frame))
        pose = self._look.at(ready, round(time_s * 1000))
        if self._second_look:
            second = mirrored(self._second_look.at(mirror_image(ready), round(time_s * 1000)))
            pose = merged(pose, second, self._settings.people)
        return pose

    def forget(self) -> None:
        """Follow nobody any more: what comes next shows another scene."""
        self._look.forget()
        if self._second_look:
            self._second_look.forget()

    def close(self) -> None:
        """Free the landmarkers."""
        self._look.close()
        if self._second_look:
            self._second_look.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Following:
    """One landmarker that follows the people of a stream."""

    def __init__(self, use: Use, settings: DetectorSettings, threads: int) -> None:
        self._landmarker = settings.open_landmarker(use, threads)
        self._looks_closer = settings.looks_closer and engine_for(use, closer=True) == "litert"
        self._last_ms = -1
        self._had_people = False

    def at(self, ready: Prepared, time_ms: int) -> Pose:
        """The people in the next frame."""
        pose = self._find(ready, time_ms)
        if not pose.people and self._had_people:
            # A landmarker that loses somebody looks anew only at the next frame: show it this one again.
            pose = self._find(ready, 0)
        self._had_people = pose.people > 0
        return pose

    def forget(self) -> None:
        """As `StreamTracker.forget`."""
        self._landmarker.forget()
        self._had_people = False

    def close(self) -> None:
        """Free it."""
        self._landmarker.close()

    def _find(self, ready: Prepared, time_ms: int) -> Pose:
        self._last_ms = max(time_ms, self._last_ms + 1)
        pose = to_pose(self._landmarker.find(ready.picture, self._last_ms), ready)
        bodies = could_be_bodies(pose, looked_closer=self._looks_closer)
        return pose if bodies.all() else pose.take(np.flatnonzero(bodies).tolist())
