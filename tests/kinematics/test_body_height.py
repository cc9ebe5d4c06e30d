from __future__ import annotations

import numpy as np
import pytest

from posecore import metres_per_pixel, pixel_height
from posecore.pose import PoseSequence
from posecore.skeleton import INDEX
from tests.support.bodies import standing


def changed(sequence: PoseSequence, rows: slice, part: str, move: tuple[float, float]) -> PoseSequence:
    """With a part moved in some frames."""
    numbers = [INDEX[f"{side}_{part}"] for side in ("left", "right")]

    def change(values: np.ndarray) -> np.ndarray:
        if values.ndim != 4 or values.shape[-1] != 2:
            return values
        values = values.copy()
        values[rows, :, numbers] += np.array(move)
        return values

    return sequence.mapped(change)


def test_somebody_upright_is_as_tall_as_drawn() -> None:
    assert pixel_height(standing(800), 0) == pytest.approx(800, abs=0.5)
    assert metres_per_pixel(standing(800), 0, 1.6) == pytest.approx(0.002, rel=1e-3)


def test_frames_with_bent_knees_do_not_count() -> None:
    squatting = changed(standing(800), slice(0, 8), "knee", (180, 60))
    assert pixel_height(squatting, 0) == pytest.approx(800, abs=0.5)


def test_a_frame_that_is_far_off_does_not_count() -> None:
    odd = changed(standing(800), slice(3, 4), "heel", (0, 90))
    assert pixel_height(odd, 0) == pytest.approx(800, abs=0.5)


def test_who_never_stands_straight_has_no_height() -> None:
    sitting = changed(standing(800), slice(None), "knee", (180, 60))
    assert np.isnan(pixel_height(sitting, 0))
    assert np.isnan(metres_per_pixel(sitting, 0, 1.7))


def test_who_is_not_whole_in_the_picture_has_no_height() -> None:
    assert np.isnan(pixel_height(changed(standing(800), slice(None), "heel", (0, 200)), 0))


@pytest.mark.parametrize("height", [0.0, 0.3, 3.0, float("nan")])
def test_a_height_that_nobody_has_is_refused(height: float) -> None:
    with pytest.raises(ValueError, match="height_m"):
        metres_per_pixel(standing(), 0, height)
