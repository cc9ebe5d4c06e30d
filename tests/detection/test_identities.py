"""Identities of stand-ins whose way is known: five figures moved by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecore import PoseSequence, assign_identities
from posecore.detection.identities import Identities
from posecore.pose import FloatArray

RATE = 30.0
SHAPE = np.random.default_rng(1).normal(size=(33, 2))
SHAPE[[11, 12]], SHAPE[[23, 24]] = (0, -0.5), (0, 0.5)


def sequence(ways: list[FloatArray], scales: list[float], order: np.random.Generator | None = None) -> PoseSequence:
    """People at (T, 2) places, NaN when away, with torsos of `scales` pixels, in a random order in each frame."""
    frames, people = len(ways[0]), len(ways)
    xy = np.stack([way[:, None] + SHAPE * scale for way, scale in zip(ways, scales, strict=True)], 1)
    world = np.broadcast_to(np.pad(SHAPE, ((0, 0), (0, 1)))[None, None] * 0.5, (frames, people, 33, 3)).copy()
    for person, scale in enumerate(scales):
        world[:, person] *= 1 + 0.1 * person * (scale > 0)
    ones = np.where(np.isfinite(xy[..., 0]), 1.0, np.nan)
    world[np.isnan(ones)] = np.nan
    if order is not None:
        for row in range(frames):
            turn = order.permutation(people)
            xy[row], world[row], ones[row] = xy[row, turn], world[row, turn], ones[row, turn]
    return PoseSequence(xy, ones, ones, ones, world, np.arange(frames) / RATE, (1000, 600))


def line(start: tuple[float, float], end: tuple[float, float], frames: int = 90) -> FloatArray:
    return np.linspace(start, end, frames)


def middle(result: PoseSequence) -> FloatArray:
    return result.xy[:, :, [11, 12, 23, 24]].mean(2)


@pytest.mark.parametrize("seed", range(5))
def test_people_who_cross_keep_their_places(seed: int) -> None:
    ways = [line((100, 300), (900, 300)), line((900, 330), (100, 330))]
    result = assign_identities(sequence(ways, [120, 110], np.random.default_rng(seed)))
    places = middle(result)
    assert result.people == 2
    assert (np.abs(np.diff(places, axis=0)).max((0, 1)) < 20).all()


def test_somebody_who_leaves_and_comes_back_is_the_same() -> None:
    away = line((800, 300), (600, 300))
    away[30:75] = np.nan
    result = assign_identities(sequence([line((200, 300), (300, 300)), away], [120, 60], np.random.default_rng(3)))
    places = middle(result)[..., 0]
    assert (places[:, 0] < 400).all()
    assert np.isnan(places[30:75, 1]).all()
    assert (places[75:, 1] > 500).all()


def test_the_larger_person_comes_first_whatever_the_order() -> None:
    ways = [line((800, 300), (800, 300)), line((200, 300), (200, 300))]
    result = assign_identities(sequence(ways, [50, 150], np.random.default_rng(4)))
    assert middle(result)[:, 0, 0] == pytest.approx(200)


def test_one_person_found_twice_is_one() -> None:
    ways = [line((200, 300), (300, 300)), line((204, 301), (304, 301))]
    result = assign_identities(sequence(ways, [120, 118]))
    assert result.people == 1


def test_more_people_than_places_leave_somebody_out() -> None:
    ways = [line((x, 300), (x, 300)) for x in (100, 400, 700)]
    assert assign_identities(sequence(ways, [100, 90, 80]), 2).people == 2


def test_nobody_stays_nobody() -> None:
    empty = sequence([np.full((10, 2), np.nan)], [100])
    assert assign_identities(empty).people == 0


def colours(*of_each: tuple[float, float, float], frames: int = 90) -> FloatArray:
    """(T, P, 6) trunk and thighs of one colour, L*a*b*."""
    return np.tile(np.array(of_each, np.float32), (frames, 1, 2))


RED, BLUE = (50.0, 60.0, 40.0), (40.0, 10.0, -50.0)


def test_whoever_comes_back_on_the_other_side_is_known_by_their_clothes() -> None:
    red, blue = line((200, 300), (200, 300)), line((800, 300), (800, 300))
    red[20:85], blue[20:85] = np.nan, np.nan
    red[85:], blue[85:] = (800, 300), (200, 300)
    result = assign_identities(sequence([red, blue], [100, 99]), 4, colours(RED, BLUE))
    assert result.people == 2
    assert (middle(result)[85:, :, 0] == [800, 200]).all()


def test_after_a_cut_clothes_decide_and_nobody_is_guessed() -> None:
    red, blue = line((200, 300), (200, 300)), line((800, 300), (800, 300))
    red[45:], blue[45:] = (800, 300), (200, 300)
    cut = replace(sequence([red, blue], [100, 99]), cuts=np.arange(90) == 45)
    result = assign_identities(cut, 4, colours(RED, BLUE))
    assert result.people == 2
    assert (middle(result)[45:, :, 0] == [800, 200]).all()
    alike = assign_identities(cut, 4, colours(RED, RED))
    assert alike.people == 4
    assert not (alike.present[:45].any(0) & alike.present[45:].any(0)).any()


def test_a_ghost_of_a_moment_takes_nobodys_place() -> None:
    ghost = line((500, 500), (500, 500))
    ghost[5:] = np.nan
    late = line((800, 300), (800, 300))
    late[:40] = np.nan
    result = assign_identities(sequence([line((200, 300), (200, 300)), ghost, late], [100, 60, 80]), 2)
    assert result.present.sum(0).tolist() == [90, 50]
    assert np.nanmax(middle(result)[:, 1, 0]) > 700


def test_frame_by_frame_they_are_the_same_as_over_a_clip() -> None:
    ways = [line((100, 300), (900, 300)), line((900, 320), (100, 320)), line((300, 100), (320, 100))]
    ways[2][30:60] = np.nan
    mixed = sequence(ways, [80.0, 82.0, 60.0], np.random.default_rng(2))
    identities = Identities(3)
    poses = [
        identities.place(mixed.frame(row).take(np.flatnonzero(mixed.present[row]).tolist()), row / RATE)
        for row in range(90)
    ]
    assert identities.count == 3
    together = PoseSequence.from_poses(poses, mixed.time, mixed.size)
    np.testing.assert_array_equal(together.xy, assign_identities(mixed, 3).xy)
