from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from posecore import decode_image
from posecore.detection.litert.regions import Region, apart
from posecore.media.picture import Picture
from tests.support.paths import SAMPLES

PHOTO = decode_image(SAMPLES / "two_people.jpg")


def blended(x: float, y: float) -> np.ndarray:
    """The photo between four pixels, outside of it the nearest, in 32nds of a pixel."""
    x, y = round(x * 32) / 32, round(y * 32) / 32
    left, top = math.floor(x), math.floor(y)
    height, width = PHOTO.shape[:2]

    def pixel(column: int, row: int) -> np.ndarray:
        return PHOTO[min(max(row, 0), height - 1), min(max(column, 0), width - 1)].astype(float)

    right, low = x - left, y - top
    return np.asarray(
        (1 - low) * ((1 - right) * pixel(left, top) + right * pixel(left + 1, top))
        + low * ((1 - right) * pixel(left, top + 1) + right * pixel(left + 1, top + 1))
    )


@pytest.mark.parametrize("angle", [0.0, 0.4, -2.0])
@pytest.mark.parametrize(("x", "y", "side"), [(900.3, 700.8, 400.0), (50.0, 900.0, 333.3), (1000.0, 20.0, 1500.0)])
def test_a_cut_is_the_photo_seen_through_the_region(x: float, y: float, side: float, angle: float) -> None:
    cut = Region(x, y, side, angle).cut(Picture(PHOTO), 64, cv2.BORDER_REPLICATE)
    sine, cosine = math.sin(angle), math.cos(angle)
    for row in range(0, 64, 7):
        for column in range(0, 64, 7):
            across, down = (column / 64 - 0.5) * side, (row / 64 - 0.5) * side
            expected = blended(x + cosine * across - sine * down, y + sine * across + cosine * down)
            # A place half way between two 32nds may be rounded to either.
            assert np.abs(cut[row, column] - expected).max() <= 4


def test_what_lies_outside_is_black_where_it_is_asked_for() -> None:
    cut = Region(0, 0, 200, 0).cut(Picture(PHOTO), 64, cv2.BORDER_CONSTANT)
    assert (cut[:31] == 0).all()
    assert cut[33:, 33:].any()


def test_a_cut_of_the_whole_is_the_picture_scaled() -> None:
    square = np.ascontiguousarray(PHOTO[:512, :512])
    cut = Region(256, 256, 512, 0).cut(Picture(square), 256, cv2.BORDER_REPLICATE)
    assert (cut == square[::2, ::2]).all()


def test_somebody_upright() -> None:
    """The circle's top 20 pixels above its middle: 40 across, and a quarter more."""
    assert Region.around(np.float32([100, 50]), np.float32([100, 30])) == pytest.approx((100, 50, 50, 0))


@pytest.mark.parametrize(
    ("edge", "angle"), [((120, 50), math.pi / 2), ((80, 50), -math.pi / 2), ((120, 30), math.pi / 4)]
)
def test_somebody_turned_clockwise(edge: tuple[float, float], angle: float) -> None:
    assert Region.around(np.float32([100, 50]), np.float32(edge)).angle == pytest.approx(angle)


def test_somebody_upside_down() -> None:
    assert abs(Region.around(np.float32([100, 50]), np.float32([100, 90])).angle) == pytest.approx(math.pi)


def test_points_of_a_region_turned_by_a_quarter() -> None:
    """Its right is the picture's bottom."""
    points = np.float32([[0.5, 0.5, 0.1, 1, 1], [1.0, 0.5, 0.2, 1, 1], [0.5, 0.0, 0.0, 1, 1]])
    placed = Region(80, 60, 20, math.pi / 2).whole(points)
    assert placed[:, :3] == pytest.approx(np.array([[80, 60, 2], [80, 70, 4], [90, 60, 0]]), abs=1e-4)
    assert (placed[:, 3:] == 1).all()


def test_metres_of_a_region_turned_by_a_quarter() -> None:
    turned = Region(80, 60, 20, math.pi / 2).turned_back(np.float32([[1, 0, 3], [0, 1, 3]]))
    assert turned == pytest.approx(np.array([[0, 1, 3], [-1, 0, 3]]), abs=1e-6)


def test_overlap() -> None:
    one = Region(50, 50, 20, 0)
    assert one.overlap(one) == pytest.approx(1)
    assert one.overlap(Region(60, 50, 20, 1)) == pytest.approx(1 / 3)
    assert one.overlap(Region(50, 50, 10, 0)) == pytest.approx(1 / 4)
    assert one.overlap(Region(80, 50, 20, 0)) == 0


def test_of_regions_of_one_person_the_last_stays() -> None:
    first, other, same = Region(50, 50, 20, 0), Region(90, 50, 20, 0), Region(52, 50, 20, 0.3)
    assert apart([first, other, same], 0.5) == [other, same]


def test_two_who_saw_it_a_little_differently_look_at_the_same_place() -> None:
    assert Region(450, 350, 260, 0.303).rounded() == Region(450.01, 350.01, 260.01, 0.3031).rounded()


@pytest.mark.parametrize("angle", [-3.0, 0.0, 0.313])
def test_steps_are_small(angle: float) -> None:
    rounded = Region(450.3, 350.8, 260, angle).rounded()
    assert rounded[:2] == pytest.approx((450.3, 350.8), abs=0.6)
    assert rounded.side == pytest.approx(260, rel=0.0101)
    assert rounded.angle == pytest.approx(angle, abs=0.0101)


def test_a_region_of_nothing_stays_one() -> None:
    assert Region(1, 1, 0, 0).rounded() == Region(1, 1, 0, 0)
