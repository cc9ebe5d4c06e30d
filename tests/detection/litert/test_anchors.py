from __future__ import annotations

import numpy as np

from posecore.detection.litert.anchors import Seen


def test_each_thing_is_told_once_and_an_empty_box_is_of_its_own() -> None:
    least = np.array([[0.1, 0.1], [0.5, 0.5], [0.12, 0.1]], np.float32)
    most = np.array([[0.3, 0.3], [0.5, 0.5], [0.3, 0.3]], np.float32)
    seen = Seen(np.array([0.75, 0.5, 0.25], np.float32), least, most, np.zeros((3, 2, 2), np.float32))
    assert [one.scores.tolist() for one in seen.one_by_one()] == [[0.75, 0.25], [0.5]]
