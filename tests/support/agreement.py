"""What two engines, processors or machines must agree on. To the last bit only one engine on one machine does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecore import Pose
from posecore.detection.second_look import torso_distances

MEDIAN, NEARLY_ALL = 0.005, 0.02  # torso lengths between landmarks, at the median and at the 99th percentile


def assert_agree(one: Sequence[Pose], other: Sequence[Pose]) -> None:
    """The same number of people in each picture, with their landmarks at the same places."""
    assert [pose.people for pose in one] == [pose.people for pose in other]
    apart = np.concatenate([torso_distances(a, b) for a, b in zip(one, other, strict=True)])
    assert len(apart) == sum(pose.people for pose in one)
    if len(apart):
        assert np.median(apart) <= MEDIAN
        assert np.quantile(apart, 0.99) <= NEARLY_ALL
