"""A caller's picture from file to answer, in a process without a network: frames never travel between processes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.image_detector import ImageDetector
from posecore.formats.json_records import pose_record
from posecore.media.picture_files import decoded_image
from posecore.visuals.skeleton_drawing import to_png


def picture_answer(path: Path, settings: DetectorSettings, *, drawn: bool) -> bytes:
    """The people in a picture as JSON, or the picture with their skeletons as PNG.

    Raises:
        MediaError, LimitError: as `decode_image`.
    """
    with decoded_image(path) as frame:
        pose = _detector().detect(frame, settings)
        return to_png(frame, pose) if drawn else json.dumps(pose_record(pose, settings.model)).encode()


@cache
def _detector() -> ImageDetector:
    """This process's own, whose models stay open; there are as many processes as cores."""
    return ImageDetector(workers=1)
