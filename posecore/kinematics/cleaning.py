"""Sequences made fit to measure: each step gives a new sequence and leaves the raw one as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from posecore.kinematics.landmark_trust import trusted
from posecore.kinematics.sides import find_exchanged, put_back
from posecore.pose import BoolArray, FloatArray, PoseSequence, frame_rate, torso_lengths

LONGEST_GAP_S, CUTOFF_HZ = 0.25, 6.0  # where nothing else is asked for
_ORDER = 2
# Two passes of a Butterworth filter of order 2 weaken by 3 dB at 0.802 of its cutoff (D. A. Winter, Biomechanics and
# Motor Control of Human Movement, 4th ed., 2009, section 2.2.4.4).
_TWO_PASSES = (np.sqrt(2) - 1) ** 0.25
_LEAST_RUN = 10  # frames that can be filtered
_MOST_OF_NYQUIST = 0.9
_AT_ONCE = 8  # landmarks that are filtered together: more need too much memory in long clips
_JUMP, _FASTEST = 1.0, 25.0  # torso lengths, and those a second
_SMALLEST = 10.0  # pixels that a torso counts at least


@dataclass(frozen=True)
class CleaningSettings:
    """Which steps `clean` makes, in this order; None or False leaves a step out.

    Attributes:
        repair: put left and right back where the model exchanged them for certain.
        drop: take out what was guessed.
        longest_gap_s: seconds over which gaps are filled.
        cutoff_hz: of the low-pass filter: a movement of this frequency keeps 71 % of its size.
    """

    repair: bool = True
    drop: bool = True
    longest_gap_s: float | None = LONGEST_GAP_S
    cutoff_hz: float | None = CUTOFF_HZ


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A cleaned sequence, and (T, P, 33) what is known of its landmarks.

    Attributes:
        filled, swapped: which were filled in, and which were exchanged back.
        unsure: of which it is not known whether they are left or right; they stay as they were.
        trusted: which could be trusted before.
    """

    sequence: PoseSequence
    filled: BoolArray
    swapped: BoolArray
    unsure: BoolArray
    trusted: BoolArray

    @property
    def measured(self) -> BoolArray:
        """(T, P, 33) true where a landmark was seen, can be trusted, and is on the side that it is called by."""
        return np.asarray(self.sequence.seen & self.trusted & ~self.filled & ~self.unsure)


def clean(sequence: PoseSequence, settings: CleaningSettings) -> Cleaned:
    """All the steps that are wanted."""
    swapped = unsure = filled = np.zeros(sequence.visibility.shape, np.bool_)
    if settings.repair:
        swapped, unsure = find_exchanged(sequence)
        sequence = put_back(sequence, swapped)
    sure = trusted(sequence)
    if settings.drop:
        sequence = drop_untrusted(sequence, sure)
    if settings.longest_gap_s:
        sequence, filled = fill_gaps(sequence, settings.longest_gap_s)
    if settings.cutoff_hz:
        sequence = smooth(sequence, settings.cutoff_hz)
    return Cleaned(sequence, filled, swapped, unsure, sure)


def jumps(sequence: PoseSequence) -> BoolArray:
    """(T, P) where somebody is not where they last were, so that the tracker must have taken up another person.

    More than a torso's length away, and faster than 25 of them a second; a sprinter makes about 20.
    """
    torsos = torso_lengths(sequence)
    result = np.zeros(torsos.shape, np.bool_)
    for person in range(sequence.people):
        known = torsos[np.isfinite(torsos[:, person]), person]
        if not len(known):
            continue
        torso = max(float(np.median(known)), _SMALLEST)
        rows = np.flatnonzero(sequence.present[:, person])
        moved = np.linalg.norm(np.diff(sequence.xy[rows, person], axis=0), axis=-1)
        both = np.isfinite(moved)  # landmarks known before and after
        apart = np.where(both, moved, 0).sum(-1) / np.maximum(both.sum(-1), 1)
        allowed = np.maximum(_JUMP, _FASTEST * np.diff(sequence.time[rows])) * torso
        result[rows[1:][apart > allowed], person] = True
    return result


def drop_untrusted(sequence: PoseSequence, sure: BoolArray | None = None) -> PoseSequence:
    """Without the coordinates of landmarks that were guessed.

    Args:
        sure: (T, P, 33) which to keep; without it those that `trusted` finds.
    """
    kept = trusted(sequence) if sure is None else sure
    return _with_coordinates(sequence, lambda values: np.where(kept[..., None], values, np.nan))


def fill_gaps(sequence: PoseSequence, longest_s: float) -> tuple[PoseSequence, BoolArray]:
    """Gaps of at most `longest_s` seconds between known places filled along a straight line, and which these are."""
    time = sequence.time
    others = jumps(sequence)
    filled = np.zeros(sequence.visibility.shape, np.bool_)
    known = np.asarray(np.isfinite(sequence.xy).all(-1))
    for person, landmark in np.ndindex(known.shape[1:]):
        rows = np.flatnonzero(known[:, person, landmark])
        for edge in np.flatnonzero(np.diff(rows) > 1).tolist():
            before, after = rows[edge : edge + 2].tolist()
            same = not others[before + 1 : after + 1, person].any()
            if same and time[after] - time[before] <= longest_s:
                filled[before + 1 : after, person, landmark] = True

    def fill(values: FloatArray) -> FloatArray:
        result = values.copy()
        for person, landmark in zip(*np.nonzero(filled.any(0)), strict=True):
            gaps, rows = filled[:, person, landmark], known[:, person, landmark]
            for axis in range(values.shape[-1]):
                line = result[:, person, landmark, axis]
                line[gaps] = np.interp(time[gaps], time[rows], line[rows])
        return result

    return _with_coordinates(sequence, fill), filled


def smooth(sequence: PoseSequence, cutoff_hz: float) -> PoseSequence:
    """Through a low-pass filter that shifts nothing in time: Butterworth, forward and backward.

    `cutoff_hz` is where both passes together weaken by 3 dB. Runs without gaps are filtered each by itself; shorter
    ones than 10 frames stay as they are, and everything does where the clip has too few frames a second for the
    cutoff. Uneven times are evened out for the filter.
    """
    if len(sequence.time) < _LEAST_RUN:
        return sequence
    corner = cutoff_hz / _TWO_PASSES / (frame_rate(sequence.time) / 2)
    if corner >= _MOST_OF_NYQUIST:
        return sequence
    sections = butter(_ORDER, corner, output="sos")
    others = jumps(sequence)

    def filtered(values: FloatArray) -> FloatArray:
        result = values.copy()
        for person in range(sequence.people):
            known = np.asarray(np.isfinite(values[:, person]).all(-1))
            alike: dict[bytes, list[int]] = {}  # landmarks that are known in the same frames, filtered together
            for landmark, rows in enumerate(known.T):
                alike.setdefault(rows.tobytes(), []).append(landmark)
            for landmarks in (some[k : k + _AT_ONCE] for some in alike.values() for k in range(0, len(some), _AT_ONCE)):
                for run in _runs(known[:, landmarks[0]], others[:, person]):
                    part = result[run, person][:, landmarks]
                    columns = _filter(part.reshape(len(part), -1), sequence.time[run], sections)
                    result[run, person, landmarks] = columns.reshape(part.shape)
        return result

    return _with_coordinates(sequence, filtered)


def repair_swaps(sequence: PoseSequence) -> tuple[PoseSequence, BoolArray]:
    """Left and right put back where the model exchanged them for certain, and (T, P, 33) which landmarks these are."""
    swapped = find_exchanged(sequence).exchanged
    return put_back(sequence, swapped), swapped


def _filter(values: FloatArray, time: NDArray[np.float64], sections: NDArray[np.float64]) -> FloatArray:
    """(n, columns) filtered; on even times, through which the result is read at the uneven ones."""
    even = np.linspace(time[0], time[-1], len(time))
    columns = [np.interp(even, time, column) for column in values.T]
    smoothed = sosfiltfilt(sections, np.array(columns), axis=-1)
    return np.stack([np.interp(time, even, column) for column in smoothed], -1).astype(np.float32)


def _runs(known: BoolArray, breaks: BoolArray) -> Iterator[slice]:
    """Where there are enough known rows one after another to be filtered; a new run begins at a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        inside = [row for row in np.flatnonzero(breaks).tolist() if first < row < last]
        for begin, end in pairwise([first, *inside, last]):
            if end - begin >= _LEAST_RUN:
                yield slice(begin, end)


def _with_coordinates(sequence: PoseSequence, change: Callable[[FloatArray], FloatArray]) -> PoseSequence:
    """The sequence with `change` made to its places (T, P, 33, axes) in the picture and in space."""
    depth = change(sequence.z[..., None])[..., 0]
    return replace(sequence, xy=change(sequence.xy), z=depth, world=change(sequence.world))
