"""A few seconds of a movement as one row of numbers: where the body's parts are, how far they go and how quickly.

Made of the rows of a window alone, so that a live stream and a clip give the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posecore.pose import SEEN, BoolArray, FloatArray, PoseSequence
from posecore.recognise.body_signals import SIGNALS, SPEEDS, TRUNK, USED, Array, body_signals, limb_places, mirror_of

STILL = 0.3  # trunks a second, the mean of all limbs, under which a body rests
RATE = 30.0  # rows a second at which windows are measured, whatever the clip has
_SMOOTHED = 5  # of these, that are averaged: what trembles more quickly is the model, not the body
LONGEST_GAP_S = 0.5  # between two looks that tell what was between them; of 5 frames a second one may be lost
_HELD_S = 0.25  # before the first look and after the last, for which these stand
_LEAST_KNOWN = 0.5  # of a window, for a number to be told
_REACH = 0.02  # of a picture's sides, beyond which a landmark is a guess
_SLOW = 0.1  # radians of spread in all, under which the pace of a movement is not known
FEATURES = (
    *(f"{name}_mean" for name in SIGNALS),
    *(f"{name}_spread" for name in SIGNALS),
    *SPEEDS,
    "rate",
)
# What is as large a difference as a radian between postures: half a radian of spread, a trunk a second, once a second.
_SCALES = np.array([1.0] * len(SIGNALS) + [0.5] * len(SIGNALS) + [1.0] * len(SPEEDS) + [1.0])


@dataclass(frozen=True, eq=False)
class Track:
    """One person alone, as much as is needed of them.

    Attributes:
        time: (n,) seconds, rising.
        points: (n, 13, 3) float32 metres, y down, of the landmarks `USED`; NaN where not in the picture.
    """

    time: Array
    points: FloatArray

    def between(self, start_s: float, end_s: float) -> Track:
        """The rows from one moment to another, both included."""
        first, end = np.searchsorted(self.time, [start_s - 1e-6, end_s + 1e-6])
        return Track(self.time[first:end], self.points[first:end])


def track_of(sequence: PoseSequence, person: int) -> Track:
    """A person of a clip: landmarks outside the picture are left out, those that the body hides are not."""
    points = sequence.world[:, person][:, list(USED)].copy()
    points[~_in_picture(sequence, person)] = np.nan
    rows = np.isfinite(points[:, list(TRUNK)]).all((1, 2))
    return Track(sequence.time[rows], points[rows])


def _in_picture(sequence: PoseSequence, person: int) -> BoolArray:
    chosen = list(USED)
    xy, reach = sequence.xy[:, person][:, chosen], _REACH * np.array(sequence.size)
    with np.errstate(invalid="ignore"):
        inside = ((xy >= -reach) & (xy < sequence.size + reach)).all(-1)
        there = inside & (sequence.presence[:, person][:, chosen] >= SEEN)
    there[:, list(TRUNK)] = True
    return np.asarray(there)


def features(track: Track, start_s: float, end_s: float) -> Array:
    """(F,) in the order of `FEATURES`, each about 1 where people see a difference; NaN where it cannot be told."""
    part = track.between(start_s, end_s)
    if len(part.time) < 2:
        return np.full(len(FEATURES), np.nan)
    points = smoothed(at_even_times(part, start_s, end_s))
    signals, places = body_signals(points), limb_places(points)
    speeds = np.linalg.norm(np.diff(places, axis=0), axis=-1) * RATE
    spread = _told(np.nanstd, signals)
    row = np.concatenate([_told(np.nanmean, signals), spread, _told(np.nanmean, speeds), [_pace(signals, spread)]])
    return np.asarray(row / _SCALES)


def speed_of(track: Track) -> float:
    """Trunks a second, the mean over limbs and time; 0 of what is seen too shortly."""
    speeds = limb_speeds(track)[1]
    return float(np.nanmean(speeds)) if np.isfinite(speeds).any() else 0.0


def limb_speeds(track: Track) -> tuple[Array, Array]:
    """Moments (m,), and the speed (m,) of all limbs together in trunks a second at these; NaN where it is not known."""
    if len(track.time) < 2:
        return track.time, np.full(len(track.time), np.nan)
    begin, end = float(track.time[0]), float(track.time[-1])
    places = limb_places(smoothed(at_even_times(track, begin, end)))
    speeds = np.linalg.norm(np.gradient(places, axis=0), axis=-1) * RATE
    known = np.isfinite(speeds)
    mean = np.where(known, speeds, 0).sum(-1) / np.maximum(known.sum(-1), 1)
    return begin + np.arange(len(places)) / RATE, np.where(known.any(-1), mean, np.nan)


def mirrored(rows: Array) -> Array:
    """(..., F) as of the movement in a mirror."""
    return np.asarray(rows[..., _ORDER] * _SIGNS)


def _mirror() -> tuple[Array, Array]:
    order, signs = mirror_of(SIGNALS)
    count = len(SIGNALS)
    speeds, _ = mirror_of(SPEEDS)
    whole = np.concatenate([order, count + order, 2 * count + speeds, [len(FEATURES) - 1]])
    return whole, np.concatenate([signs, np.ones(len(FEATURES) - count)])


_ORDER, _SIGNS = _mirror()


def at_even_times(part: Track, start_s: float, end_s: float) -> Array:
    """(m, 13, 3) along straight lines between the looks; NaN where these are too far apart."""
    time = np.arange(start_s, end_s + 0.5 / RATE, 1 / RATE)
    after = np.clip(np.searchsorted(part.time, time), 1, len(part.time) - 1)
    gap = part.time[after] - part.time[after - 1]
    share = (time - part.time[after - 1]) / gap
    points = part.points.astype(np.float64)
    values = points[after - 1] + np.clip(share, 0, 1)[:, None, None] * (points[after] - points[after - 1])
    outside = np.maximum(part.time[0] - time, time - part.time[-1])
    values[(gap > LONGEST_GAP_S) | (outside > _HELD_S)] = np.nan
    return np.asarray(values)


def smoothed(points: Array) -> Array:
    """A moving average over what is known."""
    known = np.isfinite(points)
    width = np.ones(_SMOOTHED)

    def summed(values: Array) -> Array:
        padded = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, 0)])
        half = len(width) // 2
        rows = np.arange(len(values))
        return np.asarray(padded[np.minimum(rows + half + 1, len(values))] - padded[np.maximum(rows - half, 0)])

    total, count = summed(np.where(known, points, 0)), summed(known.astype(np.float64))
    return np.where(known, total / np.maximum(count, 1), np.nan)


def _told(statistic: Callable[..., Array], values: Array) -> Array:
    """(S,) of the columns that are known long enough."""
    enough = np.isfinite(values).mean(0) >= _LEAST_KNOWN
    result = np.full(values.shape[1], np.nan)
    result[enough] = statistic(values[:, enough], axis=0)
    return result


def _pace(signals: Array, spread: Array) -> float:
    """How many times a second the body goes to and fro: quickness by width, of all signals together."""
    quick = _told(np.nanstd, np.diff(signals, axis=0) * RATE)
    wide = np.sqrt(np.nansum(spread**2) + _SLOW**2)
    return float(np.sqrt(np.nansum(quick**2)) / wide / (2 * np.pi))
