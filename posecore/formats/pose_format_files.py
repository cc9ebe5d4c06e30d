"""`.pose`, the binary format of the pose-format project (sign language research), version 0.2.

Format: A. Moryossef, M. Müller, R. Fahrni, pose-format: library for .pose files, 2023.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from posecore.palette import SIDES, rgb
from posecore.pose import PoseSequence, frame_rate
from posecore.skeleton import BONES, LANDMARKS, bone_side

_VERSION = 0.2
# The names that pose-format knows the same landmarks by.
_COMPONENTS = ("POSE_LANDMARKS", "POSE_WORLD_LANDMARKS")


def write_pose(sequence: PoseSequence, path: Path) -> None:
    """Pixels, and metres from the middle of the hips; confidence is visibility, and 0 where nobody was found."""
    places = np.concatenate([sequence.xy, sequence.z[..., None]], -1)
    values = np.nan_to_num(np.concatenate([places, sequence.world], 2), nan=0.0)
    sure = np.nan_to_num(np.concatenate([sequence.visibility] * 2, 2), nan=0.0)
    with path.open("wb") as file:
        file.write(struct.pack("<f3HH", _VERSION, *sequence.size, 0, len(_COMPONENTS)))
        for name in _COMPONENTS:
            file.write(_component(name))
        file.write(struct.pack("<fIH", frame_rate(sequence.time), len(values), sequence.people))
        file.write(values.astype("<f4").tobytes())
        file.write(sure.astype("<f4").tobytes())


def _component(name: str) -> bytes:
    colours = [rgb(SIDES[bone_side(bone)]) for bone in BONES]
    parts = [_text(name), _text("XYZC"), struct.pack("<3H", len(LANDMARKS), len(BONES), len(colours))]
    parts += [_text(landmark.upper()) for landmark in LANDMARKS]
    parts += [struct.pack("<2H", *bone) for bone in BONES]
    parts += [struct.pack("<3H", *colour) for colour in colours]
    return b"".join(parts)


def _text(words: str) -> bytes:
    content = words.encode()
    return struct.pack("<H", len(content)) + content
