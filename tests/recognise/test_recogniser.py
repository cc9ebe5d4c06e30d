"""What was taught is recognised in somebody else's clip, and what was not is unknown."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from posecore.recognise import Example, Recogniser, Teaching, check, example_of, train
from tests.support import bodies
from tests.support.changed_sequences import mirrored
from tests.support.taught_clips import (
    JACKS,
    NEVER_TAUGHT,
    QUICK,
    SQUATS,
    TAUGHT,
    Shown,
    examples_of,
    found,
    said_of,
    teaching_of,
)

MOTIONS = {
    "squat": bodies.squatting(),
    "raise": lambda way: bodies.Shape(spread=5 + 85 * way),
    "bend": bodies.bending,
}


def part_right(said: list[str | None], name: str | None) -> float:
    return sum(one == name for one in said) / len(said)


@cache
def done_by(name: str, seed: int) -> Example:
    """A movement by somebody who does it a little otherwise each time and stands turned."""
    random = np.random.default_rng(seed)
    way = bodies.there_and_back(1, period=float(random.uniform(1.6, 2.4)), begin=0.2)
    size, yaw = random.uniform(0.9, 1.1), float(random.uniform(-40, 40))
    shape = MOTIONS[name]
    clip = bodies.clip_of(lambda t: shape(size * way(t)), 2.4, yaw=yaw, noise=0.01)
    return example_of(clip, 0, 0, 2.3)


@cache
def taught(*names: str, examples: int = 4) -> Teaching:
    teaching = Teaching()
    for name in names:
        teaching = teaching.with_examples(name, *(done_by(name, seed) for seed in range(examples)))
    return teaching


def test_somebody_turned_otherwise_is_recognised() -> None:
    recogniser = train(taught(*MOTIONS))
    for name in MOTIONS:
        assert part_right(said_of(recogniser, [done_by(name, seed) for seed in range(50, 60)]), name) >= 0.9


@pytest.mark.parametrize("name", MOTIONS)
def test_what_was_not_taught_is_unknown(name: str) -> None:
    recogniser = train(taught(*(other for other in MOTIONS if other != name)))
    assert part_right(said_of(recogniser, [done_by(name, seed) for seed in range(50, 60)]), None) >= 0.8


def test_the_same_teaching_makes_the_same_recogniser() -> None:
    one, other = (train(taught("squat", "raise")) for _ in range(2))
    example = done_by("bend", 9)
    first, second = (which.judge(example.track, [1.5, 2.0]) for which in (one, other))
    assert np.array_equal(first.labels, second.labels)
    assert np.array_equal(first.confidence, second.confidence)


def raised(left: float, right: float, number: int) -> Example:
    way = bodies.there_and_back(1, begin=0.2)
    clip = bodies.clip_of(lambda t: bodies.Shape(spread=(5 + left * way(t), 5 + right * way(t))), 2.4, yaw=10 * number)
    return example_of(clip, 0, 0, 2.3)


def test_a_movement_in_the_mirror_is_the_same_unless_two_differ_by_it() -> None:
    left, right = ([raised(a, b, k) for k in range(4)] for a, b in ((100, 0), (0, 100)))
    squats = [done_by("squat", seed) for seed in range(4)]
    one_side = train(Teaching().with_examples("left arm", *left).with_examples("squat", *squats))
    assert one_side.mirrors
    assert part_right(said_of(one_side, right), "left arm") == 1
    both = train(Teaching().with_examples("left arm", *left).with_examples("right arm", *right))
    assert not both.mirrors
    assert part_right(said_of(both, right), "right arm") == 1
    assert part_right(said_of(both, left), "left arm") == 1


def test_postures_are_recognised_too() -> None:
    def held(spread: float, seed: int) -> Example:
        clip = bodies.clip_of(lambda _: bodies.Shape(spread=spread), 1.2, noise=0.01, yaw=15 * seed)
        return example_of(clip, 0, 0, 1.1)

    teaching = Teaching()
    for name, spread in (("hanging", 5), ("to the sides", 90)):
        teaching = teaching.with_examples(name, *(held(spread, seed) for seed in range(3)))
    recogniser = train(teaching)
    assert recogniser.window_s == pytest.approx(1.1, abs=0.11)
    assert said_of(recogniser, [held(88, 7)]) == ["to the sides"]
    assert said_of(recogniser, [held(170, 7)]) == [None]


def without(shown: list[Shown], clip: str) -> list[Shown]:
    return [one for one in shown if one.clip != clip]


def test_real_movements_in_another_part_of_their_clip(media: Path) -> None:
    shares = []
    for left_out in [*SQUATS, *JACKS]:
        said = said_of(train(teaching_of(media, without(QUICK, left_out.clip))), examples_of(media, left_out))
        shares.append(part_right(said, left_out.movement))
    assert np.mean(shares) >= 0.9


def test_real_movements_that_were_never_shown(media: Path) -> None:
    recogniser = train(teaching_of(media, QUICK))
    others = [one for one in NEVER_TAUGHT[1:] if (media / "sequences" / f"{one.file}.npz").exists()]
    said = [name for one in others for name in said_of(recogniser, examples_of(media, one))]
    assert part_right(said, None) >= 0.8


def test_real_movements_in_a_mirror(media: Path) -> None:
    recogniser = train(teaching_of(media, QUICK))
    push_ups = mirrored(found(media, "push_up_incline_12"))
    assert part_right(said_of(recogniser, [example_of(push_ups, 0, 14, 20)]), "push-up") >= 0.9


def test_sixty_examples_are_learnt_in_five_seconds(media: Path) -> None:
    teaching = taught(*MOTIONS)
    for one in taught(*MOTIONS).movements:
        teaching = teaching.with_examples(one.name, *one.examples * 4)
    assert sum(len(one.examples) for one in teaching.movements) == 60
    begin = time.perf_counter()
    recogniser = train(teaching)
    trained = time.perf_counter()
    assert trained - begin < 5
    check(teaching)
    assert time.perf_counter() - trained < 15
    looks = []
    for _ in range(30):
        begin = time.perf_counter()
        recogniser.judge(done_by("squat", 3).track, [2.0])
        looks.append(time.perf_counter() - begin)
    assert min(looks) < 0.1


@pytest.mark.slow
def test_each_clip_left_out(media: Path) -> None:
    """The goal: 0.9, by windows and by movements, with what is wrongly called unknown counted as wrong."""
    said: dict[str, list[str | None]] = {}
    for clip in sorted({one.clip for one in TAUGHT}):
        recogniser = train(teaching_of(media, without(TAUGHT, clip)))
        for one in (one for one in TAUGHT if one.clip == clip):
            said.setdefault(one.movement, []).extend(said_of(recogniser, examples_of(media, one)))
    shares = {name: part_right(names, name) for name, names in said.items()}
    assert (
        sum(part_right(names, name) * len(names) for name, names in said.items()) / sum(map(len, said.values())) >= 0.9
    )
    assert np.mean(list(shares.values())) >= 0.9


@pytest.mark.slow
def test_what_is_never_shown_is_unknown_four_times_in_five(media: Path) -> None:
    shares: dict[str, float] = {}
    whole: Recogniser = train(teaching_of(media, TAUGHT))
    for one in NEVER_TAUGHT:
        shares[one.movement] = part_right(said_of(whole, examples_of(media, one)), None)
    for name in {one.movement for one in TAUGHT}:
        recogniser = train(teaching_of(media, [one for one in TAUGHT if one.movement != name]))
        said = [s for one in TAUGHT if one.movement == name for s in said_of(recogniser, examples_of(media, one))]
        shares[name] = part_right(said, None)
    assert np.mean(list(shares.values())) >= 0.8
