"""How often a movement is done where it is done several times without a pause."""

from __future__ import annotations

import numpy as np

from posecore.recognise.body_signals import Array, body_signals
from posecore.recognise.features import RATE, STILL, Track, at_even_times, limb_speeds, smoothed, speed_of
from posecore.recognise.teaching import Example

_LEAST_WIDTH = 0.6  # radians and the like, that the body must go to and fro by in all, to be counted
_LEAST_SWING = 0.4  # of the usual width, for a turn to count as one
_RESTING = 0.35  # of an example's greatest speed, under which it begins and ends at rest
_EDGE_S = 0.2  # of an example's beginning and end, that tell of it


def cycles(track: Track) -> int:
    """How often the body goes away from where it mostly is and back again, along the way on which it moves most."""
    way = _main_way(track)
    if way is None:
        return 0
    low, high = np.percentile(way, [5, 95])
    if high - low < _LEAST_WIDTH:
        return 0
    return min(_swings(way, low, high), _swings(-way, -high, -low))


def cycles_of_examples(examples: tuple[Example, ...]) -> float:
    """How many times to and fro one movement is: as in its examples, if these begin and end at rest; otherwise once.

    Infinitely many for a posture, which is done once however long it is kept.
    """
    if np.median([speed_of(one.track) for one in examples]) <= STILL:
        return np.inf
    whole = [cycles(one.track) for one in examples if _rests_at_both_ends(one.track)]
    return max(1.0, float(np.median(whole))) if 2 * len(whole) > len(examples) else 1.0


def repetitions(track: Track, cycles_each: float) -> int:
    """How often a movement is done in a part of a clip in which it is done at least once."""
    return max(1, round(cycles(track) / cycles_each))


def _main_way(track: Track) -> Array | None:
    """(n,) where the body is along the direction in which its signals spread most."""
    if len(track.time) < 3:
        return None
    signals = body_signals(smoothed(at_even_times(track, float(track.time[0]), float(track.time[-1]))))
    known = np.isfinite(signals).mean(0) > 0.5
    signals = signals[:, known]
    if not known.any():
        return None
    middle = np.nanmedian(signals, axis=0)
    values = np.nan_to_num(signals - middle)
    _, _, ways = np.linalg.svd(values - values.mean(0), full_matrices=False)
    return np.asarray(values @ ways[0])


def _swings(way: Array, low: float, high: float) -> int:
    """How often it comes up over the middle third and goes under it again, the last time perhaps not whole."""
    third = _LEAST_SWING / 2 * (high - low)
    above, below = (low + high) / 2 + third, (low + high) / 2 - third
    up, count = False, 0
    for value in way.tolist():
        if not up and value > above:
            up, count = True, count + 1
        elif up and value < below:
            up = False
    return count


def _rests_at_both_ends(track: Track) -> bool:
    _, speed = limb_speeds(track)
    edge = max(1, round(_EDGE_S * RATE))
    ends = np.concatenate([speed[:edge], speed[-edge:]])
    known = speed[np.isfinite(speed)]
    return bool(np.isfinite(ends).all() and len(known) and ends.max() < _RESTING * known.max())
