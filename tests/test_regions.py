from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecore import decode_image
from posecore.images import Frame
from posecore.pictures import Picture
from posecore.regions import Cutter, Region

PHOTO = decode_image(Path(__file__).resolve().parent.parent / "samples" / "two_people.jpg")


def region(*values: float) -> Region:
    return Region(*(np.float32(value) for value in values))


def cut_as_opencv_3(pixels: Frame, place: Region, side: int, border: int) -> Frame:
    """warpPerspective of OpenCV 3 written out: every place in float64, counted in pieces of 64 columns."""
    x, y, width, height, angle = place
    radians = float(np.float32(float(np.float32(angle * np.float32(180))) / math.pi)) * math.pi / 180
    up, right = (np.float32(turn(radians)) * np.float32(0.5) for turn in (math.cos, math.sin))
    low = x - right * height - up * width, y + up * height - right * width
    high = x + right * height - up * width, y - up * height - right * width
    corners = np.array([low, high, (2 * x - low[0], 2 * y - low[1]), (2 * x - high[0], 2 * y - high[1])], np.float32)
    target = np.array([[0, side], [0, 0], [side, 0], [side, side]], np.float32)
    m = cv2.getPerspectiveTransform(corners, target)
    cofactors = [
        [
            m[(c + 1) % 3, (r + 1) % 3] * m[(c + 2) % 3, (r + 2) % 3]
            - m[(c + 1) % 3, (r + 2) % 3] * m[(c + 2) % 3, (r + 1) % 3]
            for c in range(3)
        ]
        for r in range(3)
    ]
    determinant = sum(m[0, c] * cofactors[c][0] for c in range(3))
    inverse = np.array(cofactors) * (1 / determinant)
    column, row = np.meshgrid(np.arange(side, dtype=float), np.arange(side, dtype=float))
    piece = column // 64 * 64
    across, down, near = ((a * piece + b * row + c) + a * (column - piece) for a, b, c in inverse)
    places = np.rint(np.stack([across, down], -1) * (32 / near)[..., None]).astype(int)
    parts = ((places[..., 1] & 31) * 32 + (places[..., 0] & 31)).astype(np.uint16)
    cut = cv2.remap(pixels, (places >> 5).astype(np.int16), parts, cv2.INTER_LINEAR, borderMode=border)
    return cut.astype(np.uint8)


@pytest.mark.parametrize(("side", "border"), [(224, cv2.BORDER_CONSTANT), (256, cv2.BORDER_REPLICATE)])
def test_cuts_are_those_of_opencv_3(side: int, border: int) -> None:
    random = np.random.default_rng(7)
    cutter, size = Cutter(side, border), (PHOTO.shape[1], PHOTO.shape[0])
    for number in range(60):
        angle = 0 if number % 3 == 0 else random.normal(0, 0.8)
        width = random.choice([0.5, 1.0, random.uniform(0.05, 2.5)])
        place = region(*random.uniform(-0.1, 1.1, 2), width, width * size[0] / size[1], angle).in_pixels(size)
        apart = cutter.cut(Picture(PHOTO), place) != cut_as_opencv_3(PHOTO, place, side, border)
        assert not apart.any(), (place, apart.sum())


def test_a_cut_of_the_whole_is_the_picture_scaled() -> None:
    square = np.ascontiguousarray(PHOTO[:512, :512])
    cut = Cutter(256, cv2.BORDER_REPLICATE).cut(Picture(square), region(256, 256, 512, 512, 0))
    assert (cut == square[::2, ::2]).all()


def test_somebody_upright() -> None:
    """The circle's middle in the middle of 200 x 100 pixels, its top 20 pixels above: 40 across, and a quarter more."""
    found = Region.around(np.float32([0.5, 0.5]), np.float32([0.5, 0.3]), (200, 100))
    assert found == pytest.approx(region(0.5, 0.5, 0.25, 0.5, 0), abs=1e-6)


@pytest.mark.parametrize(
    ("edge", "angle"), [((0.6, 0.5), math.pi / 2), ((0.4, 0.5), -math.pi / 2), ((0.6, 0.3), math.pi / 4)]
)
def test_somebody_turned_clockwise(edge: tuple[float, float], angle: float) -> None:
    assert Region.around(np.float32([0.5, 0.5]), np.float32(edge), (200, 100)).angle == pytest.approx(angle, abs=1e-6)


def test_somebody_upside_down() -> None:
    found = Region.around(np.float32([0.5, 0.5]), np.float32([0.5, 0.9]), (200, 100))
    assert abs(found.angle) == pytest.approx(math.pi, abs=1e-6)


def test_points_of_a_region_turned_by_a_quarter() -> None:
    """Its right is the picture's bottom."""
    points = np.float32([[0.5, 0.5, 0.1, 1, 1], [1.0, 0.5, 0.2, 1, 1], [0.5, 0.0, 0.0, 1, 1]])
    placed = region(0.4, 0.6, 0.2, 0.2, math.pi / 2).whole(points)
    expected = [[0.4, 0.6, 0.02], [0.4, 0.7, 0.04], [0.5, 0.6, 0]]
    assert placed[:, :3] == pytest.approx(np.array(expected), abs=1e-6)
    assert (placed[:, 3:] == 1).all()


def test_metres_of_a_region_turned_by_a_quarter() -> None:
    turned = region(0.4, 0.6, 0.2, 0.2, math.pi / 2).turned_back(np.float32([[1, 0, 3], [0, 1, 3]]))
    assert turned == pytest.approx(np.array([[0, 1, 3], [-1, 0, 3]]), abs=1e-6)


def test_overlap() -> None:
    one = region(0.5, 0.5, 0.2, 0.2, 0)
    assert one.overlaps(one) == pytest.approx(1)
    assert one.overlaps(region(0.6, 0.5, 0.2, 0.2, 1)) == pytest.approx(1 / 3)
    assert one.overlaps(region(0.8, 0.5, 0.2, 0.2, 0)) == 0
