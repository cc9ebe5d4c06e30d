"""Each way to do an exercise counts under its own name, by bodies whose movement is known by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from posecore.errors import ExerciseError
from posecore.exercises.exercise_files import exercise_names, exercise_text, load_exercise
from posecore.exercises.repetitions import followed
from posecore.exercises.review import review_exercise
from posecore.visuals.exercise_report import remarks
from tests.support.bodies import Shape, clip_of, curling, jumping, plank, squatting, there_and_back


def leaning(lean: float, further: float = 0, arms: float = 75) -> Callable[[float], Shape]:
    """Straight from the feet, on the hands, which come to the shoulders."""

    def shape(way: float) -> Shape:
        angle = lean + further * way
        return Shape(
            trunk=angle, thigh=-angle, shank=-angle, arm=arms - 75 * way, forearm=arms + 60 * way, spread=0, heel=20
        )

    return shape


def on_knees(way: float) -> Shape:
    return Shape(trunk=70, thigh=-60, shank=-120, arm=-60 * way, forearm=40 * way, spread=0, heel=60)


def towards_the_camera(way: float) -> Shape:
    return Shape(trunk=78, thigh=-78, shank=-78, arm=-70 * way, forearm=60 * way, spread=10, heel=60)


def crunching(way: float) -> Shape:
    return Shape(trunk=-88 + 33 * way, thigh=130, shank=40, arm=60, forearm=120)


def seated(shape: Callable[[float], Shape]) -> Callable[[float], Shape]:
    def sitting(way: float) -> Shape:
        one = shape(way)
        return Shape(
            arm=one.arm, forearm=one.forearm, spread=one.spread, forearm_spread=one.forearm_spread, thigh=85, shank=0
        )

    return sitting


def overhead(way: float) -> Shape:
    one = squatting()(way)
    return Shape(trunk=one.trunk, thigh=one.thigh, shank=one.shank, arm=175, forearm=175)


def pressing_both(way: float) -> Shape:
    return Shape(spread=70 + 100 * way, forearm_spread=180 - 5 * way, arm=0, forearm=0)


def pressing_one(way: float) -> Shape:
    return Shape(spread=(20 + 150 * way, 5), forearm_spread=(180 - 5 * way, 5), arm=0, forearm=0)


def stepping(way: float) -> Shape:
    return Shape(thigh=(2 + 83 * way, 2 - 2 * way), shank=(-3 - 2 * way, -3 - 85 * way))


def on_the_spot(way: float) -> Shape:
    """The feet stay apart."""
    return Shape(thigh=(35 + 50 * way, -30 + 28 * way), shank=(10 - 12 * way, -35 - 55 * way))


def to_the_side(way: float) -> Shape:
    return Shape(leg_spread=3 + 37 * way, thigh=(2 + 63 * way, 2), shank=(-3 - 27 * way, -3))


CASES: list[tuple[str, str, Callable[[float], Shape], float]] = [
    ("push_up", "incline", leaning(35, 6), 90),
    ("push_up", "wall", leaning(7, 8, 85), 90),
    ("push_up", "knees", on_knees, 90),
    ("push_up", "front", towards_the_camera, 0),
    ("sit_up", "crunch", crunching, 90),
    ("bicep_curl", "seated", seated(curling), 0),
    ("jumping_jack", "side", jumping, 90),
    ("jumping_jack", "arms_only", lambda way: Shape(spread=8 + 150 * way), 0),
    ("squat", "hands_overhead", overhead, 90),
    ("lunge", "step", stepping, 80),
    ("lunge", "lunge", on_the_spot, 80),
    ("lunge", "side", to_the_side, 0),
    ("shoulder_press", "seated", seated(pressing_both), 0),
    ("shoulder_press", "one_arm", pressing_one, 0),
]


@pytest.mark.parametrize(("name", "variant", "shape", "yaw"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
@pytest.mark.parametrize("fps", [6, 30])
def test_three_of_each_variant(
    name: str, variant: str, shape: Callable[[float], Shape], yaw: float, fps: float
) -> None:
    way = there_and_back(3)
    sequence = clip_of(lambda t: shape(way(t)), 8.5, yaw=yaw, noise=0.003, fps=fps)
    assert [one.exercise.name for one in followed(sequence, 0, load_exercise(name)).repetitions] == [variant] * 3


@pytest.mark.parametrize(("name", "variant", "shape", "yaw"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_none_of_them_is_another_exercise(name: str, variant: str, shape: Callable[[float], Shape], yaw: float) -> None:
    way = there_and_back(2)
    sequence = clip_of(lambda t: shape(way(t)), 6, yaw=yaw, noise=0.003)
    others = [other for other in exercise_names() if other not in (name, "plank")]
    counted = {other: followed(sequence, 0, load_exercise(other)).count for other in others}
    assert counted == dict.fromkeys(others, 0), variant


def test_arms_that_take_turns_without_a_pause() -> None:
    left, right = there_and_back(4, period=2, rest=0), there_and_back(4, period=2, rest=0, begin=1.5)

    def motion(t: float) -> Shape:
        return Shape(arm=5, forearm=(10 + 130 * left(t), 10 + 130 * right(t)))

    found = followed(clip_of(motion, 10.5, fps=30), 0, load_exercise("bicep_curl"))
    assert found.count == 8


def test_a_moment_on_a_chair_a_pause_and_sitting_down() -> None:
    def lasting(seconds: float, trunk: float) -> list[str]:
        def motion(t: float) -> Shape:
            way = min(max((t - 1) / 1.2, 0), 1) * min(max((2.2 + seconds + 1.2 - t) / 1.2, 0), 1)
            return squatting(trunk=trunk)(way)

        found = followed(clip_of(motion, seconds + 5, yaw=60), 0, load_exercise("squat"))
        return [one.exercise.name for one in found.repetitions] or [found.attempts[0].reasons[0].message()]

    assert lasting(0.8, 20) == ["chair"]
    assert lasting(0.1, 35) == ["squat"]
    assert lasting(5, 40) == ["paused"]
    assert lasting(5, 8) == ["you stayed down, as if sitting"]


def _always(shape: Shape, _time_s: float) -> Shape:
    return shape


def test_planks_on_elbows_and_on_hands() -> None:
    on_hands = Shape(trunk=75, thigh=-75, shank=-75, arm=-5, forearm=-5, spread=0, heel=60)
    for shape, variant in ((plank(), "elbows"), (on_hands, "hands")):
        still = clip_of(partial(_always, shape), 4, yaw=90, fps=10)
        (held,) = followed(still, 0, load_exercise("plank")).repetitions
        assert held.exercise.name == variant


def test_the_variants_that_were_counted_are_named() -> None:
    way, shape = there_and_back(3), leaning(35, 6)
    found = review_exercise(clip_of(lambda t: shape(way(t)), 8.5, yaw=90), 0, load_exercise("push_up"))
    assert [(kind.name, count) for kind, count in found.kinds] == [("incline", 3)]
    assert remarks(found)[0] == "Counted as: Incline push-up 3."
    assert "上斜俯卧撑 3" in remarks(found, "zh")[0]
    assert found.measure == "reach"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('id = "chair"', 'id = "A chair"', 'id = "A chair"', "small letters"),
        ('[[variants.requires]] # a moment on the chair, upright\nmeasure = "at_turn_s"', "[[variants.requires]]\n"
         'measure = "turning"', 'measure = "turning"', "must be one of these"),
        ("\nalso = true", "\nalso = 3", "also = 3", "true, false"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_variant_is_told_with_its_line(old: str, new: str, line: str, says: str) -> None:
    text = exercise_text("squat").replace(old, new, 1)
    number = next(k for k, one in enumerate(text.splitlines(), 1) if one == line)
    with pytest.raises(ExerciseError, match=f"^Line {number} .*{says}"):
        load_exercise(text)
