"""COCO keypoints: the 17 points and the JSON of https://cocodataset.org/#format-data, an image a frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from posecore.pose import PoseSequence
from posecore.skeleton import INDEX

KEYPOINTS = (
    "nose",
    *(f"{side}_{part}" for part in ("eye", "ear", "shoulder", "elbow", "wrist") for side in ("left", "right")),
    *(f"{side}_{part}" for part in ("hip", "knee", "ankle") for side in ("left", "right")),
)
_PLACES = [INDEX[name] for name in KEYPOINTS]
_LIMBS = (
    *((16, 14), (14, 12), (17, 15), (15, 13), (12, 13), (6, 12), (7, 13), (6, 7), (6, 8), (7, 9)),
    *((8, 10), (9, 11), (2, 3), (1, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7)),
)
_SEEN, _GUESSED, _MISSING = 2, 1, 0  # COCO's words: labelled and visible, labelled and hidden, not labelled


def write_coco(sequence: PoseSequence, path: Path) -> None:
    """An annotation per frame and person; a guessed point is "labelled but not visible", a missing one 0, 0, 0."""
    width, height = sequence.size
    record = {
        "info": {"description": "PoseLab, from MediaPipe's 33 landmarks"},
        "images": [
            {"id": int(number), "width": width, "height": height, "file_name": f"{int(number):06d}.jpg"}
            for number in sequence.frames
        ],
        "annotations": _annotations(sequence),
        "categories": [{"id": 1, "name": "person", "keypoints": KEYPOINTS, "skeleton": _LIMBS}],
    }
    with path.open("w", encoding="utf-8") as file:
        json.dump(record, file, allow_nan=False)


def _annotations(sequence: PoseSequence) -> list[dict[str, Any]]:
    rows, people = np.nonzero(sequence.present)
    xy, seen = sequence.xy[rows, people][:, _PLACES], sequence.seen[rows, people][:, _PLACES]
    known = np.asarray(np.isfinite(xy).all(-1))
    states = np.where(known, np.where(seen, _SEEN, _GUESSED), _MISSING)
    points = np.concatenate([np.where(known[..., None], xy, 0), states[..., None]], -1).round(2)
    low, high = np.nanmin(xy, 1), np.nanmax(xy, 1)
    boxes = np.concatenate([low, high - low], -1).round(2)
    return [
        {
            "id": number,
            "image_id": int(sequence.frames[row]),
            "category_id": 1,
            "track_id": int(person) + 1,
            "keypoints": points[number - 1].ravel().tolist(),
            "num_keypoints": int(known[number - 1].sum()),
            "bbox": boxes[number - 1].tolist(),
            "area": float(boxes[number - 1, 2] * boxes[number - 1, 3]),
            "iscrowd": 0,
        }
        for number, (row, person) in enumerate(zip(rows, people, strict=True), 1)
    ]
