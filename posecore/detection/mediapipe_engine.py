"""MediaPipe's pose landmarker through its C functions; nothing else in posecore knows MediaPipe.

Its Python classes hand every call to another thread and build an object a landmark, which costs 1 to 2 ms a frame.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from mediapipe.tasks.python.components.containers.landmark_c import LandmarkC
from mediapipe.tasks.python.core.mediapipe_c_bindings import load_raw_library
from mediapipe.tasks.python.core.mediapipe_c_utils import handle_status
from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarkerResultC

from posecore.detection.models import model_path
from posecore.errors import ModelError
from posecore.media.picture import Picture
from posecore.pose import FloatArray, Landmarks
from posecore.skeleton import LANDMARKS

# MediaPipe's landmark is a structure of 4-byte fields and a pointer; these of them are floats that we take.
_WORDS = ctypes.sizeof(LandmarkC) // 4
_VALUES = [getattr(LandmarkC, name).offset // 4 for name in ("x", "y", "z", "visibility", "presence")]
_DETECT = {False: "MpPoseLandmarkerDetectImage", True: "MpPoseLandmarkerDetectForVideo"}


class MediaPipeLandmarker:
    """One open landmarker; for one thread at a time. `close` frees it."""

    def __init__(self, model: str | Path, people: int, min_confidence: float, *, follows: bool) -> None:
        """Open it, for single pictures or, if it `follows`, for the frames of one stream.

        Args:
            model: its name, or the path of a bundle.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        path = model if isinstance(model, Path) else model_path(model)
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode.VIDEO if follows else vision.RunningMode.IMAGE,
            num_poses=people,
            min_pose_detection_confidence=min_confidence,
            min_pose_presence_confidence=min_confidence,
            min_tracking_confidence=min_confidence,
        )
        try:
            self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError("model_broken", name=path.stem) from error
        self._library = load_raw_library()
        self._detect = getattr(self._library, _DETECT[follows])

    def find(self, picture: Picture, time_ms: int | None = None) -> Landmarks:
        """The people in a picture; with its time, later than the last, where it follows a stream."""
        width, height = picture.size
        # mp.Image reads packed rows whatever the strides say, and finds nobody in a strided view.
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(picture.whole()))
        result, message = PoseLandmarkerResultC(), ctypes.c_char_p()
        moment = () if time_ms is None else (ctypes.c_int64(time_ms),)
        status = self._detect(
            self._landmarker._handle,
            image._image_ptr,
            None,
            *moment,
            ctypes.byref(result),
            ctypes.byref(message),
        )
        try:
            handle_status(status, message)
            points = _read(result.pose_landmarks, result.pose_landmarks_count)
            points[..., :3] *= np.array([width, height, width], np.float32)
            world = _read(result.pose_world_landmarks, result.pose_world_landmarks_count)
        finally:
            if message.value is not None:
                self._library.MpErrorFree(message)
            self._library.MpPoseLandmarkerCloseResult(ctypes.byref(result))
        return Landmarks(points, world[..., :3])

    def forget(self) -> None:
        """Nothing: MediaPipe's graph finds out by itself that those are gone whom it follows."""

    def close(self) -> None:
        """Free it."""
        self._landmarker.close()


def _read(people: Any, count: int) -> FloatArray:
    """(P, 33, 5) out of MediaPipe's lists."""
    read = np.zeros((count, len(LANDMARKS), len(_VALUES)), np.float32)
    for row, person in zip(read, people[:count] if count else (), strict=True):
        data = ctypes.string_at(person.landmarks, person.landmarks_count * _WORDS * 4)
        row[:] = np.frombuffer(data, np.float32).reshape(-1, _WORDS)[:, _VALUES]
    return read
