from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from posecore.detection.litert.smoothing import LowPass, OneEuro

FRAME = 0.033  # seconds


def filtered(values: list[float], min_cutoff: float, beta: float, scale: float) -> list[float]:
    """The One-Euro filter as its authors write it, one number at a time."""

    def share(cutoff: float) -> float:
        return 1 / (1 + 1 / (2 * math.pi * cutoff) / FRAME)

    result, speed = [values[0]], 0.0
    for before, now in pairwise(values):
        change = (now - before) * scale / FRAME
        speed = share(1.0) * change + (1 - share(1.0)) * speed
        moved = share(min_cutoff + beta * abs(speed))
        result.append(moved * now + (1 - moved) * result[-1])
    return result


def test_one_euro_is_what_its_authors_wrote() -> None:
    values = [10.0, 10.5, 9.8, 14.0, 19.0, 19.1]
    smooth, expected = OneEuro(0.05, 80), filtered(values, 0.05, 80, 0.01)
    for number, value in enumerate(values):
        found = smooth.smooth(np.array([value], np.float32), (number + 1) * FRAME, 0.01)
        assert found[0] == pytest.approx(expected[number], rel=1e-5)


def test_who_stands_still_is_smoothed_and_who_moves_is_followed() -> None:
    still, moving = OneEuro(0.05, 80), OneEuro(0.05, 80)
    for number in range(1, 30):
        resting = still.smooth(np.array([1 + 1e-4 * (-1) ** number], np.float32), number * FRAME)
        running = moving.smooth(np.array([number], np.float32), number * FRAME)
    assert abs(resting[0] - 1) < 0.6e-4
    assert running[0] == pytest.approx(29, abs=0.1)


def test_after_a_reset_the_next_value_is_taken_as_it_is() -> None:
    smooth = OneEuro(0.05, 80)
    smooth.smooth(np.array([1], np.float32), FRAME)
    smooth.reset()
    assert smooth.smooth(np.array([5], np.float32), 2 * FRAME)[0] == 5


def test_time_that_stands_still_smooths_nothing() -> None:
    smooth = OneEuro(0.05, 80)
    smooth.smooth(np.array([1], np.float32), FRAME)
    assert smooth.smooth(np.array([5], np.float32), FRAME)[0] == 5


def test_a_low_pass_mixes_old_and_new() -> None:
    smooth = LowPass(0.1)
    assert smooth.smooth(np.array([1], np.float32))[0] == 1
    assert smooth.smooth(np.array([0], np.float32))[0] == pytest.approx(0.9)
    assert smooth.smooth(np.array([0], np.float32))[0] == pytest.approx(0.81)
