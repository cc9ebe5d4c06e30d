"""Where the examples in a recording are: between pauses, or one after another in what goes on evenly."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.ndimage import label, uniform_filter1d

from posecore.limits import TAUGHT_LIMITS
from posecore.pose import BoolArray, PoseSequence
from posecore.recognise.body_signals import SIGNALS, Array
from posecore.recognise.features import LONGEST_GAP_S, RATE, STILL, Track, features, limb_speeds, track_of
from posecore.recognise.teaching import LEAST_S

_STEADY_S = 0.3  # over which speed is averaged
_STILL_SHARE = 0.2  # of the speed of the movement itself, under which a body pauses
_PAUSE_S = 0.4  # a shorter one is a turning point
_ALIKE = 0.3  # between two pauses in the same posture, as `features` are measured
_MUCH = 1 / 3  # of the time of the posture that is rested in longest
_LEAD_S = 0.2  # of a pause that is left to the movement at each end
EVEN_S = 2.0  # of an example of what goes on evenly
_ONCE_S = 6.0  # what takes longer without a rest is done over and over


class Part(NamedTuple):
    """Of a clip, in its seconds."""

    start_s: float
    end_s: float


def cut_into_examples(sequence: PoseSequence, person: int) -> list[Part]:
    """What is done between pauses; of what goes on evenly, and of postures, parts of one length."""
    between = cut_by_pauses(sequence, person)
    if not between:
        return cut_evenly(sequence, person, EVEN_S)
    parts: list[Part] = []
    for part in between:
        count = int((part.end_s - part.start_s) / EVEN_S) if part.end_s - part.start_s > _ONCE_S else 1
        parts += _pieces(part, count)
    return parts


def cut_by_pauses(sequence: PoseSequence, person: int) -> list[Part]:
    """What somebody does between pauses in which they rest.

    A pause in another posture, such as at the bottom of a squat, belongs to the movement. What is longer than an
    example may be is cut evenly.
    """
    return [part for track in _seen(track_of(sequence, person)) for part in _between_pauses(track)]


def cut_evenly(sequence: PoseSequence, person: int, seconds: float) -> list[Part]:
    """Parts of one length while somebody is seen, for what goes on evenly, such as walking, and for postures."""
    parts = []
    for track in _seen(track_of(sequence, person)):
        begin, end = float(track.time[0]), float(track.time[-1])
        count = int((end - begin + 1e-6) / seconds)
        parts += [Part(begin + k * seconds, begin + (k + 1) * seconds) for k in range(count)]
    return parts


def _seen(track: Track) -> list[Track]:
    """The times in which somebody is there without a gap."""
    edges = [0, *(np.flatnonzero(np.diff(track.time) > LONGEST_GAP_S) + 1).tolist(), len(track.time)]
    return [Track(track.time[a:b], track.points[a:b]) for a, b in pairwise(edges) if b - a > 1]


def _between_pauses(track: Track) -> list[Part]:
    time, speed = limb_speeds(track)
    if not np.isfinite(speed).any():
        return []
    rests = _in_one_posture(track, _pauses(time, speed))
    edges = [Part(float(time[0]), float(time[0])), *rests, Part(float(time[-1]), float(time[-1]))]
    parts = []
    for before, after in pairwise(edges):
        start = max(before.start_s, before.end_s - _LEAD_S)
        end = min(after.end_s, after.start_s + _LEAD_S)
        if after.start_s - before.end_s >= LEAST_S and _moves(time, speed, before.end_s, after.start_s):
            parts += _pieces(Part(start, end), int(np.ceil((end - start) / TAUGHT_LIMITS.example_seconds)))
    return parts


def _pauses(time: Array, speed: Array) -> list[Part]:
    """Where the body hardly moves for long enough."""
    steady = uniform_filter1d(np.nan_to_num(speed), max(1, round(_STEADY_S * RATE)), mode="nearest")
    still: BoolArray = steady < max(STILL, _STILL_SHARE * float(np.percentile(steady, 90)))
    runs, count = label(still & np.isfinite(speed))
    found = [time[runs == number] for number in range(1, count + 1)]
    return [Part(float(run[0]), float(run[-1])) for run in found if run[-1] - run[0] >= _PAUSE_S]


def _in_one_posture(track: Track, pauses: list[Part]) -> list[Part]:
    """Those in the posture of rest: in which much time is spent, and most like how the clip begins."""
    if not pauses:
        return []
    begin = float(track.time[0])
    beginning, *others = (_posture(track, part) for part in (Part(begin, begin + _PAUSE_S), *pauses))
    postures = np.array(others)
    alike = np.array([_apart(one, postures) for one in postures]) <= _ALIKE
    seconds = alike @ np.array([pause.end_s - pause.start_s for pause in pauses])
    from_beginning = _apart(beginning, postures)
    chosen = alike[np.where(seconds >= _MUCH * seconds.max(), from_beginning, np.inf).argmin()]
    return [pause for pause, same in zip(pauses, chosen, strict=True) if same]


def _posture(track: Track, part: Part) -> Array:
    return features(track, *part)[: len(SIGNALS)]


def _apart(one: Array, others: Array) -> Array:
    """(n,) root of the mean square of what both have; infinite where that is nothing."""
    squares = (others - one) ** 2
    known = np.isfinite(squares)
    mean = np.where(known, squares, 0).sum(-1) / np.maximum(known.sum(-1), 1)
    return np.where(known.any(-1), np.sqrt(mean), np.inf)


def _moves(time: Array, speed: Array, start_s: float, end_s: float) -> bool:
    inside = (time >= start_s) & (time <= end_s) & np.isfinite(speed)
    return bool(inside.any() and speed[inside].max() > STILL)


def _pieces(part: Part, count: int) -> list[Part]:
    edges = np.linspace(part.start_s, part.end_s, count + 1).tolist()
    return [Part(begin, end) for begin, end in pairwise(edges)]
