from __future__ import annotations

import numpy as np
import pytest

from posecore import decode_image, model_path
from posecore.detection.litert.landmark_model import LandmarkModel, _refined
from posecore.detection.litert.person_detector import PersonDetector
from posecore.detection.litert.regions import Region
from posecore.media.picture import Picture
from posecore.skeleton import INDEX
from tests.support.paths import SAMPLES

PHOTO = Picture(decode_image(SAMPLES / "balance.jpg"))


def heat_at(column: int, row: int, warmth: float = 10.0) -> np.ndarray:
    """Cold but for one cell, of one landmark."""
    heat = np.full((64, 64, 3), -100, np.float32)
    heat[row, column, 0] = warmth
    return heat


def moved(places: list[list[float]], heat: np.ndarray) -> np.ndarray:
    """Where landmarks at these places are seen; what else is known of them stays, or becomes a probability."""
    points = np.full((len(places), 5), 0.25, np.float32)
    points[:, :2], points[:, 3:] = places, (0, np.log(3))
    refined = _refined(points, heat)
    assert refined[:, 2:] == pytest.approx(np.tile([0.25, 0.5, 0.75], (len(places), 1)))
    return refined[:, :2]


def test_somebody_stands_in_the_region() -> None:
    (region,) = PersonDetector(model_path("full"), 0.5, threads=1).find(PHOTO)
    found = LandmarkModel(model_path("full"), 0.5, threads=1).look(PHOTO, region)
    assert found
    assert found.points[INDEX["nose"], 1] < found.points[INDEX["left_hip"], 1] < found.points[INDEX["left_ankle"], 1]
    assert (found.points[:, 3:] >= 0).all()
    assert (found.points[:, 3:] <= 1).all()
    assert np.abs(found.world[[23, 24]].mean(0)).max() < 0.02
    assert found.region.overlap(region) > 0.7


@pytest.mark.parametrize("side", [20.0, 0.0])
def test_nobody_is_in_a_corner_or_in_nothing(side: float) -> None:
    assert LandmarkModel(model_path("lite"), 0.5, threads=1).look(PHOTO, Region(10, 10, side, 0)) is None


def test_a_place_moves_to_the_heat_next_to_it() -> None:
    assert moved([[0.5, 0.5]], heat_at(34, 30))[0] == pytest.approx([34 / 64, 30 / 64])


def test_a_place_stays_where_it_is_cold_or_far() -> None:
    for heat in (heat_at(34, 30, -1.0), heat_at(40, 30)):
        assert (moved([[0.5, 0.5]], heat) == np.float32(0.5)).all()


def test_at_the_edge_only_what_is_there_counts() -> None:
    assert moved([[0.0, 0.999]], heat_at(1, 63))[0] == pytest.approx([1 / 64, 63 / 64])


def test_a_place_outside_stays() -> None:
    places = [[1.2, 0.5], [-0.3, 0.5], [0.5, 1.2]]
    assert (moved(places, heat_at(32, 32)) == np.float32(places)).all()
