"""Signals with jumps that nobody makes, and with pictures that come seldom."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posecore.exercises.exercise import Signal
from posecore.exercises.exercise_files import load_exercise
from posecore.exercises.signal_phases import Excursion, PhaseTracker
from posecore.exercises.steady_signal import GapFiller, JumpGuard, Sample
from tests.exercises.test_repetitions import captured

ELBOW = Signal("elbow", "lowest", "both", rest=140, turn=80)


def through_guard(values: list[float], fps: float = 30) -> list[float]:
    guard = JumpGuard(ELBOW, way_s=0.08)
    sure = [one for k, value in enumerate(values) for one in guard.update(Sample(k / fps, value))]
    return [one.value for one in [*sure, *guard.finish()]]


def test_what_comes_back_after_a_jump_was_never_there() -> None:
    assert through_guard([70.0] * 5 + [170.0] * 6 + [72.0] * 5) == [70.0] * 5 + [72.0] * 5


def test_what_stays_after_a_jump_is_believed_late_with_its_times() -> None:
    guard = JumpGuard(ELBOW, way_s=0.08)
    out = [guard.update(Sample(k / 30, 70.0 if k < 5 else 170.0)) for k in range(40)]
    late = next(k for k, samples in enumerate(out) if len(samples) > 1)
    assert out[5:late] == [[]] * (late - 5)
    assert [round(one.time_s * 30) for one in out[late]] == list(range(5, late + 1))
    assert late / 30 < 1


def test_a_quick_arm_is_no_jump() -> None:
    swing = (110 + 50 * np.cos(2 * np.pi * 2 * np.arange(60) / 60)).tolist()  # twice a second
    assert through_guard(swing, fps=60) == swing


def test_a_cubic_through_slow_samples_finds_the_turn_between_them() -> None:
    filler = GapFiller()
    samples = [Sample(t, 100 + 50 * np.cos(2 * np.pi * t / 1.5)) for t in np.arange(0, 3, 0.25).tolist()]
    out = [one for sample in samples for one in filler.update(sample)] + filler.finish()
    assert [one.time_s for one in out] == sorted(one.time_s for one in out)
    assert set(samples) <= set(out)
    wanted = [100 + 50 * np.cos(2 * np.pi * one.time_s / 1.5) for one in out]
    assert [one.value for one in out] == pytest.approx(wanted, abs=6)
    # What comes after the last sample but one is not known.
    assert max(one.time_s - before.time_s for before, one in pairwise(out[:-1])) <= 0.06


def test_quick_samples_come_out_as_they_are() -> None:
    filler = GapFiller()
    for k in range(20):
        assert filler.update(Sample(k / 15, k)) == [Sample(k / 15, k)]
    assert filler.finish() == []


def test_nothing_is_put_into_long_gaps() -> None:
    filler = GapFiller()
    out = [one for t in (0.0, 0.5, 3.0, 3.05) for one in filler.update(Sample(t, t))]
    assert not [one for one in out if 0.5 < one.time_s < 3]


def excursions(time: np.ndarray, values: np.ndarray) -> list[Excursion]:
    squat = load_exercise("squat")
    assert squat.signal
    tracker = PhaseTracker(squat.signal, squat.longest_s, squat.way_s)
    found = [tracker.update(t, v) for t, v in zip(time.tolist(), values.tolist(), strict=True)]
    return [way for way in [*found, tracker.finish()] if way]


def test_five_pictures_a_second_with_a_fifth_missing(media: Path) -> None:
    time, knee = captured(media)
    complete = []
    for seed in range(30):
        random = np.random.default_rng(seed)
        even = np.arange(0, 8, 0.2)
        even = even[random.random(len(even)) >= 0.2]
        found = excursions(even, np.interp(even, time, knee) + random.normal(0, 3, len(even)))
        complete.append(sum(way.progress >= 1 for way in found))
        assert complete[-1] >= 3
    # What is not counted lies in gaps of 0.6 s and more, or ends in the last picture.
    assert complete.count(5) >= 22


def test_a_movement_that_is_under_way_at_first_counts_and_one_at_its_turn_does_not() -> None:
    time = np.arange(0, 3, 1 / 30)
    begun = np.interp(time, [0, 0.5, 1.2, 3], [125, 90, 175, 175])
    (way,) = excursions(time, begun)
    assert (way.start_s, way.whole, way.progress > 1) == (0, True, True)
    (way,) = excursions(time, np.interp(time, [0, 0.5, 1.2, 3], [95, 90, 175, 175]))
    assert not way.whole


def test_how_long_somebody_stays_at_the_turn() -> None:
    time = np.arange(0, 6, 1 / 30)
    (way,) = excursions(time, np.interp(time, [0, 1, 2, 4, 5, 6], [175, 175, 90, 90, 175, 175]))
    assert way.at_turn_s == pytest.approx(2.4, abs=0.15)
