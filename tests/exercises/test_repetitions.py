"""Counting and judging against motions known by hand, motion capture and real clips."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from posecore.exercises.attempts import Attempt
from posecore.exercises.body_measures import Body
from posecore.exercises.exercise_files import exercise_names, load_exercise
from posecore.exercises.own_range import calibrate
from posecore.exercises.repetitions import RepCounter, Repetition, count_reps, signal_values
from posecore.exercises.signal_phases import PhaseTracker
from posecore.pose import PoseSequence
from tests.support.bodies import (
    Shape,
    bending,
    clip_of,
    curling,
    jumping,
    lunging,
    plank,
    pressing,
    pushing_up,
    raising,
    sitting_up,
    squatting,
    there_and_back,
)
from tests.support.filmed_sequences import WALKING, found_in

MOTIONS: dict[str, tuple[Callable[[float], Shape], float]] = {
    "squat": (squatting(), 0),
    "lunge": (lunging, 80),
    "push_up": (pushing_up, 90),
    "sit_up": (sitting_up, 90),
    "bicep_curl": (curling, 0),
    "shoulder_press": (pressing, 0),
    "jumping_jack": (jumping, 0),
    "high_knees": (raising, 20),
    "side_bend": (bending, 0),
}


def counted(name: str, shape: Callable[[float], Shape], times: int = 3, **clip: float | bool) -> list[Repetition]:
    way = there_and_back(times)
    sequence = clip_of(lambda t: shape(way(t)), 0.5 + times * 2.5, **clip)  # type: ignore[arg-type]
    return count_reps(sequence, 0, load_exercise(name))


def faults(repetitions: list[Repetition]) -> set[str]:
    return {fault.name for one in repetitions for fault in one.faults}


@pytest.mark.parametrize("name", MOTIONS)
def test_three_repetitions_of_each_exercise_without_faults(name: str) -> None:
    shape, yaw = MOTIONS[name]
    found = counted(name, shape, yaw=yaw)
    assert [one.number for one in found] == [1, 2, 3]
    assert [one.turn_s for one in found] == pytest.approx([1.5, 4, 6.5], abs=0.15)
    assert faults(found) == set()
    assert all(one.score >= 90 for one in found)


@pytest.mark.parametrize("name", MOTIONS)
@pytest.mark.parametrize("fps", [5, 12, 60])
def test_any_frame_rate_gives_the_same_times(name: str, fps: float) -> None:
    shape, yaw = MOTIONS[name]
    expected, found = counted(name, shape, yaw=yaw), counted(name, shape, yaw=yaw, fps=fps)
    assert [one.end_s for one in found] == pytest.approx([one.end_s for one in expected], abs=0.1)
    assert [one.start_s for one in found] == pytest.approx([one.start_s for one in expected], abs=0.1)


@pytest.mark.parametrize("name", MOTIONS)
def test_jitter_and_missing_frames_change_no_count(name: str) -> None:
    shape, yaw = MOTIONS[name]
    assert len(counted(name, shape, yaw=yaw, noise=0.012, missing=0.2)) == 3  # about 3 degrees at a limb
    assert len(counted(name, shape, yaw=yaw, noise=0.012, fps=60)) == 3


@pytest.mark.parametrize("yaw", [0, 45, 90, 135, 180, -45, -90])
@pytest.mark.parametrize("scale", [40, 400])
def test_squats_from_any_direction_at_any_scale(yaw: float, scale: float) -> None:
    found = counted("squat", squatting(), yaw=yaw, scale=scale, hide_far_side=abs(yaw) == 90, fps=15)
    assert (len(found), faults(found)) == (3, set())


@pytest.mark.parametrize("name", exercise_names())
def test_other_motions_are_no_squats_and_no_push_ups(name: str) -> None:
    shape, yaw = MOTIONS.get(name, (lambda way: plank(), 90))
    for other in ("squat", "push_up"):
        if name != other:
            assert counted(other, shape, yaw=yaw, times=2) == []


@pytest.mark.parametrize("yaw", [0, 60, 90])
def test_everyday_movement_is_no_repetition(yaw: float) -> None:
    sit = there_and_back(1, period=2, begin=1)

    def sitting_down(t: float) -> Shape:
        way = 1.0 if t > 2 else sit(t)
        return Shape(trunk=5 + 30 * way * (t < 2), thigh=2 + 86 * way, shank=-3)

    def standing_up(t: float) -> Shape:
        return sitting_down(max(0.0, 4 - t))

    def walking(t: float) -> Shape:
        left, right = np.sin(2 * np.pi * t), np.sin(2 * np.pi * t + np.pi)
        swing = [max(0.0, np.cos(2 * np.pi * t + shift)) * 60 for shift in (0, np.pi)]
        return Shape(
            thigh=(5 + 25 * left, 5 + 25 * right),
            shank=(5 + 25 * left - swing[0], 5 + 25 * right - swing[1]),
            arm=(20 * right, 20 * left),
            forearm=(20 * right + 15, 20 * left + 15),
        )

    def waving(t: float) -> Shape:
        return Shape(spread=(5, 120), forearm_spread=150 + 40 * np.sin(6 * t), arm=0, forearm=0)

    for motion in (lambda t: Shape(), sitting_down, standing_up, walking, waving):
        sequence = clip_of(motion, 6, fps=15, yaw=yaw, noise=0.005)
        assert [count_reps(sequence, 0, load_exercise(name)) for name in ("squat", "push_up")] == [[], []]


def test_a_plank_is_held_and_a_body_on_the_floor_is_not() -> None:
    def motion(t: float) -> Shape:
        return plank() if 1 <= t < 6 else Shape(trunk=90, thigh=-90, shank=-90, arm=-90, forearm=-90)

    counter = RepCounter(load_exercise("plank"))
    sequence = clip_of(motion, 8, yaw=90, fps=10)
    for row, t in enumerate(sequence.time.tolist()):
        counter.update(t, Body.at(sequence, row))
        if t == 4:
            assert (counter.phase, counter.count) == ("hold", 0)
            assert counter.held_s == pytest.approx(3, abs=0.11)
    (held,) = counter.repetitions
    assert (held.start_s, held.end_s) == pytest.approx((1, 5.9), abs=0.11)
    assert held.faults == ()
    assert counter.held_s == 0


def test_a_plank_that_lasts_to_the_end_and_sags() -> None:
    (held,) = count_reps(clip_of(lambda t: plank(-10), 5, yaw=-90, fps=10), 0, load_exercise("plank"))
    assert held.depth == pytest.approx(4.9, abs=0.01)
    assert [fault.name for fault in held.faults] == ["hips_sag"]


@pytest.mark.parametrize(
    ("expected", "shape", "yaw"),
    [
        ("knees_in", squatting(knees_in=0.09), 0),
        ("heels_up", squatting(heel=25), 90),
        ("shallow", squatting(depth=72), 45),
        ("bent_forward", squatting(trunk=68), 90),
        ("bent_forward", squatting(trunk=68), 30),
    ],
)
def test_faults_of_a_squat_are_found_where_made(expected: str, shape: Callable[[float], Shape], yaw: float) -> None:
    found = counted("squat", shape, yaw=yaw, noise=0.004)
    assert [{fault.name for fault in one.faults} for one in found] == [{expected}] * 3
    good = counted("squat", squatting(), yaw=yaw, noise=0.004)
    assert found[0].score < good[0].score
    assert found[0].faults[0].message("zh") != found[0].faults[0].message("en")


def test_only_the_repetition_with_the_fault_has_it() -> None:
    way = there_and_back(3)

    def motion(t: float) -> Shape:
        return squatting(trunk=70 if 3 < t < 5.4 else 35)(way(t))

    found = count_reps(clip_of(motion, 8), 0, load_exercise("squat"))
    assert [len(one.faults) for one in found] == [0, 1, 0]


def test_faults_of_a_push_up() -> None:
    assert faults(counted("push_up", partial(pushing_up, hips=-11), yaw=90)) == {"hips_sag"}
    assert faults(counted("push_up", partial(pushing_up, hips=17), yaw=-90)) == {"hips_high"}


def test_half_a_squat_is_an_attempt_and_not_counted() -> None:
    counter = RepCounter(load_exercise("squat"))
    way = there_and_back(2)
    sequence = clip_of(lambda t: squatting(depth=55)(way(t)), 5.5)
    for row, t in enumerate(sequence.time.tolist()):
        counter.update(t, Body.at(sequence, row))
    assert (counter.count, counter.halves) == (0, 2)
    assert isinstance(counter.newest, Attempt)
    assert [reason.cause for reason in counter.newest.reasons] == ["half"]


def test_a_start_in_the_middle_and_an_end_before_the_end_count_nothing() -> None:
    way = there_and_back(3)
    sequence = clip_of(lambda t: squatting()(way(t)), 8)
    assert len(count_reps(sequence.part(45, 120), 0, load_exercise("squat"))) == 0
    assert len(count_reps(sequence.part(45, 200), 0, load_exercise("squat"))) == 1


def test_legs_outside_the_picture_are_no_squat() -> None:
    way = there_and_back(3)
    sequence = clip_of(lambda t: squatting()(way(t)), 8)
    cut = PoseSequence(
        xy=sequence.xy, z=sequence.z, visibility=sequence.visibility, presence=sequence.presence,
        world=sequence.world, time=sequence.time, size=(1000, 560),
    )  # fmt: skip
    assert count_reps(cut, 0, load_exercise("squat")) == []


def test_both_knees_of_high_knees_count_and_overlap() -> None:
    def running(t: float) -> Shape:
        swing = np.sin(2 * np.pi * 1.2 * t)
        return raising(max(0.0, swing), max(0.0, -swing))

    found = count_reps(clip_of(running, 5, fps=30), 0, load_exercise("high_knees"))
    assert [one.side for one in found] == ["left", "right"] * 6
    assert [one.number for one in found] == list(range(1, 13))


def test_live_and_clip_give_the_same(media: Path) -> None:
    sequence = squats_of(media)
    exercise = load_exercise("squat")
    counter, one_by_one = RepCounter(exercise), []
    for row, t in enumerate(sequence.time.tolist()):
        one_by_one += counter.update(t, Body.of(sequence.frame(row)))
        counter.update(t, Body.of(sequence.frame(row)))  # a frame that comes twice changes nothing
    assert one_by_one == counter.repetitions == count_reps(sequence, 0, exercise)


def squats_of(media: Path) -> PoseSequence:
    places = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text()))
    world = np.array(json.loads((media / "truth" / "pose_squats_3d.full.json").read_text()))
    ones = np.ones((len(places), 1, 33))
    return PoseSequence(
        xy=places[:, None, :, :2], z=places[:, None, :, 2], visibility=ones, presence=ones, world=world[:, None],
        time=np.arange(len(places)) / 5, size=(720, 1280),
    )  # fmt: skip


def test_a_real_clip_of_two_squats_and_a_third_that_is_cut_off(media: Path) -> None:
    found = count_reps(squats_of(media), 0, load_exercise("squat"))
    assert [one.turn_s for one in found] == pytest.approx([2.0, 6.8], abs=0.4)
    assert faults(found) == set()


@pytest.mark.parametrize(
    "name",
    ["balance_cam01", "balance_cam02", "balance_cam03", "balance_cam04", pytest.param(WALKING, marks=pytest.mark.slow)],
)
def test_balancing_and_walking_are_nothing(media: Path, name: str) -> None:
    sequence = found_in(media / "videos" / f"{name}.mp4")
    assert {e: count_reps(sequence, 0, load_exercise(e)) for e in exercise_names()} == {e: [] for e in exercise_names()}


def test_real_jumping_jacks_on_a_box(media: Path) -> None:
    sequence = found_in(media / "videos" / "sports2d_demo.mp4")
    turns = [rep.turn_s for rep in count_reps(sequence, 0, load_exercise("jumping_jack"))]
    # Seen in the frames: the hands are over the head from 0.63 to 0.97 s and from 1.80 to 2.10 s. Which of these
    # moments is the highest hangs on the model and on the processor's rounding.
    assert 0.6 <= turns[0] <= 1.0
    assert 1.77 <= turns[1] <= 2.13
    # At 5 s the arms swing up for a somersault with the feet together. Against the sun, it hangs on the processor's
    # rounding whether that is seen as a third.
    assert turns[2:] == pytest.approx([5.0] * (len(turns) - 2), abs=0.2)
    assert len(turns) <= 3


def captured(media: Path) -> tuple[np.ndarray, np.ndarray]:
    table = pd.read_csv(media / "truth" / "opencap_squats_angles.csv")
    return table["time_s"].to_numpy(), 180 - table["knee_angle_r"].to_numpy()


def ends(time: np.ndarray, values: np.ndarray) -> list[float]:
    signal = load_exercise("squat").signal
    assert signal
    tracker = PhaseTracker(signal)
    ways = [*(tracker.update(t, v) for t, v in zip(time.tolist(), values.tolist(), strict=True)), tracker.finish()]
    return [way.end_s for way in ways if way and way.progress >= 1]


CAPTURED_ENDS = [1.37, 2.88, 4.40, 6.00, 7.65]


@pytest.mark.parametrize("fps", [5, 15, 30, 60, 100])
@pytest.mark.parametrize("noise", [0, 3])
@pytest.mark.parametrize("missing", [0, 0.2])
def test_motion_captured_squats(media: Path, fps: int, noise: float, missing: float) -> None:
    time, knee = captured(media)
    even = np.arange(0, 8, 1 / fps)
    for seed in range(5):
        random = np.random.default_rng(seed)
        values = np.interp(even, time, knee) + random.normal(0, noise, len(even))
        values[random.random(len(even)) < missing] = np.nan
        found = ends(even, values)
        assert len(found) == 5 if fps > 5 or not missing else len(found) >= 3
        if not (fps == 5 and (missing or noise)):
            assert found == pytest.approx(CAPTURED_ENDS, abs=0.15)


def test_motion_captured_walking_is_no_squat(media: Path) -> None:
    rows = (media / "truth" / "walking1_videoAndMocap.mot").read_text().split("endheader")[1].strip().splitlines()
    names = rows[0].split()
    table = np.array([row.split() for row in rows[1:]], float)
    for name in ("knee_angle_r", "knee_angle_l"):
        assert ends(np.arange(len(table) * 5) / 100, np.tile(180 - table[:, names.index(name)], 5)) == []


def test_single_wild_values_and_gaps_count_nothing() -> None:
    time = np.arange(0, 6, 1 / 30)
    values = np.full(len(time), 170.0)
    values[[30, 60, 61, 90]] = [80, np.nan, 60, 20]
    assert ends(time, values) == []
    bent = np.where((time > 1) & (time < 4), 90.0, 170.0)
    bent[(time > 1.5) & (time < 3.5)] = np.nan
    assert ends(time, bent) == []  # two seconds unseen: nobody knows what happened
    bent = np.where((time > 1) & (time < 4), 90.0, 170.0)
    bent[(time > 2) & (time < 3)] = np.nan
    assert len(ends(time, bent)) == 1


def test_thresholds_in_a_persons_own_range() -> None:
    stiff = squatting(depth=62)
    assert counted("squat", stiff) == []
    way = there_and_back(2, period=4)
    values = signal_values(clip_of(lambda t: stiff(way(t)), 9), 0, load_exercise("squat"))
    own = calibrate(load_exercise("squat"), values)
    assert own.signal
    assert 115 < own.signal.turn < 140 < own.signal.rest < 170
    way = there_and_back(3)
    found = count_reps(clip_of(lambda t: stiff(way(t)), 8), 0, own)
    assert len(found) == 3
    assert {fault.name for fault in found[0].faults} == {"shallow"}
    assert found[0].parts["depth"] < 30  # still measured by the standard


def test_the_parts_of_a_score_add_up() -> None:
    (one,) = counted("squat", squatting(depth=72), times=1)
    assert set(one.parts) == {"depth", "tempo", "faults"}
    assert one.score == round(sum(one.parts.values()))
    assert one.parts["depth"] == pytest.approx(40 * (145 - one.depth) / 55)
    assert one.parts["faults"] == pytest.approx(30 * 0.7)
    assert one.down_s + one.up_s == pytest.approx(one.end_s - one.start_s)
