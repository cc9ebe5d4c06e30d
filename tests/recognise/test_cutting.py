"""Examples found in recordings: between pauses, and one after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posecore.recognise import cut_by_pauses, cut_evenly
from tests.support import bodies
from tests.support.taught_clips import found

MOVEMENTS = {
    "squats": bodies.squatting(),
    "arms to the sides": lambda way: bodies.Shape(spread=5 + 85 * way),
    "one arm": lambda way: bodies.Shape(spread=(5 + 120 * way, 5)),
}


@pytest.mark.parametrize("yaw", [0, 60])
@pytest.mark.parametrize("name", MOVEMENTS)
def test_five_times_with_pauses_are_five_examples(name: str, yaw: float) -> None:
    shape: Callable[[float], bodies.Shape] = MOVEMENTS[name]
    way = bodies.there_and_back(5, period=2, rest=1, begin=1)
    clip = bodies.clip_of(lambda time: shape(way(time)), 16, yaw=yaw, noise=0.003)
    parts = cut_by_pauses(clip, 0)
    assert len(parts) == 5
    for number, part in enumerate(parts):
        assert (part.start_s, part.end_s) == pytest.approx((1 + 3 * number, 3 + 3 * number), abs=0.4)


def test_a_pause_at_the_bottom_belongs_to_the_squat(media: Path) -> None:
    parts = cut_by_pauses(found(media, "pose_squats"), 0)
    assert len(parts) == 3  # README of the media: lowest near frames 10, 34 and 58, five a second
    for part, bottom in zip(parts, (2.0, 6.8, 11.6), strict=True):
        assert part.start_s < bottom < part.end_s


def test_what_goes_on_evenly_is_cut_evenly(media: Path) -> None:
    jacks = found(media, "jumping_jack_turning_19")  # is there from 2.2 to 22.7 s
    parts = cut_evenly(jacks, 0, 2.0)
    assert len(parts) == 10
    assert all(part.end_s - part.start_s == pytest.approx(2) for part in parts)
    assert all(part.end_s - part.start_s <= 12 for part in cut_by_pauses(jacks, 0))


def test_who_stands_still_or_is_not_there_does_nothing() -> None:
    still = bodies.clip_of(lambda _: bodies.Shape(), 5, noise=0.003)
    assert cut_by_pauses(still, 0) == []
    assert len(cut_evenly(still, 0, 1.0)) == 4
    assert cut_by_pauses(still.part(0, 0), 0) == []
    assert cut_evenly(still.part(0, 1), 0, 1.0) == []
