"""Four cameras around one person: which landmarks are right, by what the other three see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from posecore.pose import PoseSequence
from tests.support.filmed_sequences import found_in

Array = NDArray[np.float64]


class Camera(NamedTuple):
    """Where a point in space appears: (3, 4) projection to pixels."""

    projection: Array

    def seen(self, points: Array) -> Array:
        """(..., 3) millimetres to (..., 2) pixels."""
        there = points @ self.projection[:, :3].T + self.projection[:, 3]
        return np.asarray(there[..., :2] / there[..., 2:])


def load_views(media: Path) -> list[PoseSequence]:
    """What is found in the clip of each camera."""
    return [found_in(media / "videos" / f"balance_cam0{number}.mp4") for number in (1, 2, 3, 4)]


def load_cameras(media: Path) -> list[Camera]:
    """From a calibration of Qualisys; its lenses bend by less than two pixels, which is left out."""
    cameras = []
    for one in ElementTree.parse(media / "truth" / "balance_Calib.qca.txt").getroot().iter("camera"):
        transform, inner = one.find("transform"), one.find("intrinsic")
        assert transform is not None
        assert inner is not None
        turned = np.array([[float(transform.attrib[f"r{a}{b}"]) for b in (1, 2, 3)] for a in (1, 2, 3)])
        place = np.array([float(transform.attrib[axis]) for axis in "xyz"])
        # Axes of the camera: Qualisys has y up and looks backwards; lengths of the sensor are in 64ths of a pixel.
        rotation = np.diag([1.0, -1.0, -1.0]) @ turned
        focal = [float(inner.attrib[f"focalLength{axis}"]) / 64 for axis in "UV"]
        centre = [float(inner.attrib[f"centerPoint{axis}"]) / 64 for axis in "UV"]
        lens = np.array([[focal[0], 0, centre[0]], [0, focal[1], centre[1]], [0, 0, 1]])
        cameras.append(Camera(lens @ np.column_stack([rotation, -rotation @ place])))
    return cameras


def seen(view: PoseSequence, landmarks: list[int]) -> tuple[Array, Array]:
    """(T, L, 2) pixels where a camera sees landmarks, and (T, L) what that is worth."""
    worth = np.maximum(view.visibility[:, 0][:, landmarks], 0.05)
    return view.xy[:, 0][:, landmarks].astype(np.float64), worth.astype(np.float64)


def triangulated(cameras: Sequence[Camera], places: Sequence[Array], weights: Sequence[Array]) -> Array:
    """(..., 3) the points that fit the places (..., 2) in all pictures best, by direct linear transformation."""
    rows = []
    for camera, xy, weight in zip(cameras, places, weights, strict=True):
        p = camera.projection
        for axis in (0, 1):
            row = xy[..., axis, None] * p[2] - p[axis]
            rows.append(weight[..., None] * row / np.linalg.norm(row, axis=-1, keepdims=True))
    _, _, vectors = np.linalg.svd(np.stack(rows, -2))
    solution = vectors[..., -1, :]
    return np.asarray(solution[..., :3] / solution[..., 3:])
