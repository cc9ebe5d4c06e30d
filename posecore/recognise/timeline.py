"""What somebody does along a clip: a label for each moment, spans of them, and how often each was done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from posecore.pose import PoseSequence
from posecore.recognise.body_signals import Array
from posecore.recognise.counting import repetitions
from posecore.recognise.example_windows import Numbers
from posecore.recognise.features import Track, track_of
from posecore.recognise.learning import UNKNOWN
from posecore.recognise.recogniser import Recogniser

STEP_S = 0.2  # from one look to the next
_LEAST_SPAN = 0.4  # of a window: what is shorter is a slip


@dataclass(frozen=True, eq=False)
class Labels:
    """K looks at a clip, `STEP_S` apart.

    Attributes:
        time: (K,) seconds, the middle of each window.
        labels: (K,) numbers of the movements, `UNKNOWN` for none of them or nobody.
        confidence: (K,) 0 to 1.
    """

    time: Array
    labels: Numbers
    confidence: Array


@dataclass(frozen=True)
class Span:
    """A time in which one thing is done.

    Attributes:
        start_s, end_s: seconds in the clip.
        label: the movement's number.
        confidence: 0 to 1, the mean.
        count: how often it is done in it.
    """

    start_s: float
    end_s: float
    label: int
    confidence: float
    count: int


def label_sequence(recogniser: Recogniser, sequence: PoseSequence, person: int) -> Labels:
    """Look at all windows of a clip; of one that is shorter than a window at that alone."""
    return label_track(recogniser, track_of(sequence, person))


def label_track(recogniser: Recogniser, track: Track) -> Labels:
    """The same of a person alone."""
    if len(track.time) < 2:
        return Labels(np.zeros(0), np.zeros(0, np.int64), np.zeros(0))
    window, begin, last = recogniser.window_s, float(track.time[0]), float(track.time[-1])
    first = min(begin + window, last)
    ends = first + STEP_S * _looked_at(track.time - first, window, last - first)
    judged = recogniser.judge(track, ends.tolist())
    middles = (np.maximum(ends - window, begin) + ends) / 2
    return Labels(middles, judged.labels, judged.confidence)


def spans_of(recogniser: Recogniser, sequence: PoseSequence, person: int) -> list[Span]:
    """The times in which a movement that was taught is done, in order; between them is what is unknown."""
    track = track_of(sequence, person)
    return spans_in(recogniser, track, label_track(recogniser, track))


def spans_in(recogniser: Recogniser, track: Track, found: Labels) -> list[Span]:
    """The same of what was found in a person's track."""
    steady = _bridged(_steady(found.labels, recogniser.window_s), recogniser.window_s)
    spans = []
    for rows, known in _runs(steady, found.time):
        if known == UNKNOWN or (len(rows) * STEP_S < _LEAST_SPAN * recogniser.window_s and len(rows) < len(steady)):
            continue
        start, end = _edges(rows, found.time, track)
        said = found.labels[rows] == known
        sure = float(found.confidence[rows][said].mean()) if said.any() else 0.0
        count = repetitions(track.between(start, end), recogniser.cycles[known])
        spans.append(Span(start, end, int(known), sure, count))
    return spans


def counts(recogniser: Recogniser, spans: list[Span]) -> dict[str, int]:
    """How often each movement was done, by its name."""
    return {
        name: sum(span.count for span in spans if span.label == number) for number, name in enumerate(recogniser.names)
    }


def _looked_at(times: Array, window_s: float, last: float) -> Array:
    """Which windows somebody is in, by numbers: a gap of hours costs nothing."""
    each = np.arange(int(window_s / STEP_S) + 2)
    numbers = np.unique(np.ceil(times / STEP_S - 1e-6)[:, None] + each)
    return np.asarray(numbers[(numbers >= 0) & (numbers * STEP_S <= last + 1e-6)])


def _steady(labels: Numbers, window_s: float) -> Numbers:
    """Each label as most of those around it have it, itself where none has more."""
    if not len(labels):
        return labels
    reach = max(1, round(window_s / STEP_S / 4))
    kinds = np.unique(labels)
    rows = np.arange(len(labels))
    sums = np.cumsum(np.vstack([np.zeros((1, len(kinds)), np.int64), labels[:, None] == kinds]), axis=0)
    around = sums[np.minimum(rows + reach + 1, len(labels))] - sums[np.maximum(rows - reach, 0)]
    own = around[rows, np.searchsorted(kinds, labels)]
    return np.where(own < around.max(-1), kinds[around.argmax(-1)], labels)


def _bridged(labels: Numbers, window_s: float) -> Numbers:
    """What is unknown for less than half a window in the midst of a movement belongs to it."""
    result = labels.copy()
    known = np.flatnonzero(labels != UNKNOWN)
    for before, after in pairwise(known.tolist()):
        if labels[before] == labels[after] and (after - before - 1) * STEP_S <= window_s / 2:
            result[before:after] = labels[before]
    return result


def _runs(labels: Numbers, time: Array) -> list[tuple[Numbers, int]]:
    """Rows that follow each other with one label, without a gap in time."""
    runs = np.cumsum(np.diff(time, prepend=time[:1]) > 1.5 * STEP_S)
    keys = list(zip(labels.tolist(), runs.tolist(), strict=True))
    grouped = groupby(range(len(keys)), key=lambda row: keys[row])
    return [(np.array(list(rows)), key[0]) for key, rows in grouped]


def _edges(rows: Numbers, time: Array, track: Track) -> tuple[float, float]:
    """Half a step around the middles; to the ends of what is seen where there is no other label."""
    start = track.time[0] if rows[0] == 0 else time[rows[0]] - STEP_S / 2
    end = track.time[-1] if rows[-1] == len(time) - 1 else time[rows[-1]] + STEP_S / 2
    return float(start), float(end)
