"""MediaPipe's pose landmarker for one person in the frames of a stream, around LiteRT instead of its graph.

The graph hands every frame from thread to thread and copies it, and has one thread a model: a quarter of the time of a
frame. Landmarks are the same to the last bit, which tests/test_follower.py compares.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecore.landmark_model import LandmarkModel
from posecore.models import model_path
from posecore.person_detector import PersonDetector
from posecore.pictures import Picture
from posecore.pose import FloatArray, Landmarks
from posecore.regions import Region
from posecore.skeleton import LANDMARKS
from posecore.smoothing import LowPass, OneEuro

_VISIBILITY = 3  # its place among a point's numbers


class Follower:
    """Follows one person; for one thread at a time."""

    def __init__(self, model: str | Path, min_confidence: float, threads: int = 1) -> None:
        """Open it.

        Args:
            model: its name, or the path of a bundle.
            threads: that one look uses.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        bundle = model if isinstance(model, Path) else model_path(model)
        self._detector = PersonDetector(bundle, min_confidence, threads)
        self._model = LandmarkModel(bundle, min_confidence, threads)
        self._region: Region | None = None
        self._points, self._world = OneEuro(0.05, 80), OneEuro(0.1, 40)
        self._visibility = LowPass(0.1)

    def find(self, picture: Picture, time_ms: int) -> Landmarks:
        """Who is followed in the next frame; its time is later than the last one's."""
        region = self._region or self._detector.find(picture)
        found = self._model.look(picture, region) if region else None
        self._region = found.region if found else None
        if found is None:
            self._points.reset()
            return Landmarks(np.zeros((0, len(LANDMARKS), 5), np.float32), np.zeros((0, len(LANDMARKS), 3), np.float32))
        width, height = picture.size
        points, time_ns = found.points, time_ms * 1_000_000
        points[:, _VISIBILITY] = self._visibility.smooth(points[:, _VISIBILITY].copy())
        size = np.array([width, height, width], np.float32)
        points[:, :3] = self._points.smooth(points[:, :3] * size, time_ns, _scale(found.region, size)) / size
        return Landmarks(points[None], self._world.smooth(found.world, time_ns)[None])

    def close(self) -> None:
        """Free it."""
        del self._detector, self._model


def _scale(region: Region, size: FloatArray) -> float:
    """One divided by the pixels of a region's side."""
    return float(1 / ((region.width * size[0] + region.height * size[1]) / np.float32(2)))
