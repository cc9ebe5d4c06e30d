"""A pendulum: every landmark swings on a known way, so every answer is known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecore.kinematics.cleaning import CleaningSettings, clean, drop_untrusted, fill_gaps, jumps, smooth
from posecore.pose import PoseSequence
from posecore.skeleton import INDEX

KNEE = INDEX["left_knee"]


def pendulum(hz: float = 1.0, rate: float = 60.0, seconds: float = 4.0) -> PoseSequence:
    """33 points that swing 100 px wide around places of their own; left ones on the left."""
    time = np.arange(round(rate * seconds)) / rate
    rest = np.stack([np.where(np.arange(33) % 2, 300, 700), 100 + 10 * np.arange(33)], -1)
    swing = 50 * np.sin(2 * np.pi * hz * time)
    xy = (rest[None] + np.stack([swing, swing * 0], -1)[:, None])[:, None]
    ones = np.ones(xy.shape[:3])
    return PoseSequence(xy, ones, ones, ones, np.pad(xy / 500, [(0, 0)] * 3 + [(0, 1)]), time, (1000, 600))


def amplitude(values: np.ndarray) -> float:
    middle = values[len(values) // 4 : -len(values) // 4]
    return float(np.ptp(middle)) / 2


def test_slow_movement_passes_without_delay_and_fast_noise_does_not() -> None:
    slow = pendulum(1.0)
    assert smooth(slow, 6).xy == pytest.approx(slow.xy, abs=1.0)
    assert amplitude(smooth(pendulum(20.0), 6).xy[:, 0, KNEE, 0]) < 1


def test_the_cutoff_keeps_71_percent() -> None:
    assert amplitude(smooth(pendulum(6.0, 240), 6).xy[:, 0, KNEE, 0]) / 50 == pytest.approx(np.sqrt(0.5), abs=0.01)


def test_uneven_times_give_the_same_curve() -> None:
    even = pendulum(1.0)
    rows = np.delete(np.arange(len(even.time)), np.arange(5, 200, 7))
    uneven = smooth(even.part(0, len(even.time)).at(even.frames[rows]), 6)
    assert uneven.xy[:, 0, KNEE, 0] == pytest.approx(even.xy[rows, 0, KNEE, 0], abs=2.0)


def test_too_few_frames_a_second_or_in_a_run_stay_as_they_are() -> None:
    slow_film = pendulum(0.2, 5, 10)
    assert smooth(slow_film, 6) is slow_film
    assert (smooth(pendulum(seconds=0.1), 6).xy == pendulum(seconds=0.1).xy).all()


def test_guessed_landmarks_are_dropped_and_short_gaps_filled() -> None:
    whole = pendulum()
    visibility = whole.visibility.copy()
    visibility[60:66, 0, KNEE] = 0.1
    visibility[120:160, 0, KNEE] = 0.1
    dropped = drop_untrusted(replace(whole, visibility=visibility))
    assert np.isnan(dropped.xy[60:66, 0, KNEE]).all()
    assert np.isnan(dropped.world[60:66, 0, KNEE]).all()
    assert np.isfinite(dropped.xy).all(-1).sum() == whole.xy[..., 0].size - 46
    mended, filled = fill_gaps(dropped, 0.2)
    assert np.flatnonzero(filled[:, 0, KNEE]).tolist() == list(range(60, 66))
    assert mended.xy[60:66, 0, KNEE, 0] == pytest.approx(whole.xy[60:66, 0, KNEE, 0], abs=3)
    assert np.isnan(mended.xy[120:160, 0, KNEE]).all()


def test_gaps_at_the_ends_stay() -> None:
    whole = pendulum()
    visibility = whole.visibility.copy()
    visibility[:5, 0, KNEE] = visibility[-5:, 0, KNEE] = 0
    mended, filled = fill_gaps(drop_untrusted(replace(whole, visibility=visibility)), 1.0)
    assert not filled.any()
    assert np.isnan(mended.xy[:5, 0, KNEE]).all()


def test_every_step_can_be_left_out() -> None:
    whole = pendulum()
    result = clean(whole, CleaningSettings(repair=False, drop=False, longest_gap_s=None, cutoff_hz=None))
    assert result.sequence is whole
    assert not result.filled.any()


def test_a_person_who_is_away_stays_away() -> None:
    whole = pendulum()
    away = whole.mapped(
        lambda values: np.where(np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1)) < 90, values, np.nan)
    )
    result = clean(away, CleaningSettings()).sequence
    assert np.isnan(result.xy[90:]).all()
    assert np.isfinite(result.xy[:90]).all()


def test_where_the_tracker_takes_up_somebody_else_nothing_is_smoothed_or_filled_across() -> None:
    whole = pendulum()
    xy, visibility = whole.xy.copy(), whole.visibility.copy()
    xy[120:] += 2000  # further than the 320 pixels of a torso, in one frame
    visibility[118:122, 0, KNEE] = 0
    other = replace(whole, xy=xy, size=(4000, 3000))
    assert np.flatnonzero(jumps(other)).tolist() == [120]
    assert smooth(other, 3).xy[119:121] == pytest.approx(xy[119:121], abs=5)
    assert not fill_gaps(drop_untrusted(replace(other, visibility=visibility)), 1.0)[1].any()


def test_a_fast_movement_is_no_jump() -> None:
    assert not jumps(pendulum(3.0)).any()
    assert not jumps(pendulum(0.5, 5, 10)).any()
