"""How far a landmark can be trusted, from 0 to 1, by all that a clip knows about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecore.pose import BoolArray, FloatArray, PoseSequence, torso_lengths
from posecore.skeleton import BONES

TRUSTED = 0.5  # from which a value counts as measured
_STRETCH = 0.5  # a bone longer or shorter by this factor of e leaves exp(-1/2) of the trust
_NEAR = 0.1  # torso lengths off its way that a landmark may be in any frame
_FASTEST_TURN = 60.0  # torso lengths a second squared, about what a hand does
_OFF = 0.3  # torso lengths beyond these that leave exp(-1/2)
_APART = 0.25  # torso lengths between two looks that leave exp(-1/2)
_NEIGHBOUR = 0.5  # seconds within which the frames before and after say where a landmark should be


def trust(sequence: PoseSequence) -> FloatArray:
    """(T, P, 33) the product of four numbers from 0 to 1; 0 where the person was not found.

    - the smaller of visibility and presence;
    - bones: exp(-x^2 / 2), x = ln(length / its median over the clip) / 0.5, in metres; of the bones that end at the
      landmark the best one counts, so a wrong wrist does not take the elbow with it;
    - jumps: exp(-x^2 / 2), x = how far the landmark is from a straight line through two frames around, before or
      after, the nearest of the three, beyond what an acceleration of 60 torso lengths a second squared explains, in
      0.3 torso lengths;
    - two looks: exp(-x^2 / 2), x = their distance in 0.25 torso lengths, where there were two.
    """
    torso = _torso(sequence)
    sure = np.minimum(sequence.visibility, sequence.presence)
    product = sure * _bones(sequence) * _jumps(sequence, torso) * _looks(sequence, torso)
    return np.nan_to_num(product, nan=0.0).astype(np.float32)


def trusted(sequence: PoseSequence) -> BoolArray:
    """(T, P, 33) true where a landmark was seen and its trust is at least `TRUSTED`."""
    return np.asarray(sequence.seen & (trust(sequence) >= TRUSTED))


def _bell(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-(x**2) / 2))


def _torso(sequence: PoseSequence) -> NDArray[np.float64]:
    """(T, P, 1) pixels; the median over the clip, which single bad frames do not change."""
    lengths = torso_lengths(sequence)
    middles = [
        float(np.median(column[np.isfinite(column)])) if np.isfinite(column).any() else 1.0 for column in lengths.T
    ]
    return np.broadcast_to(np.maximum(middles, 1.0), lengths.shape)[..., None]


def _bones(sequence: PoseSequence) -> NDArray[np.float64]:
    ends = np.array(BONES)
    world = sequence.world.astype(np.float64)
    lengths = np.log(np.maximum(np.linalg.norm(world[:, :, ends[:, 0]] - world[:, :, ends[:, 1]], axis=-1), 1e-4))
    fits = np.ones_like(lengths)
    for person in range(sequence.people):
        rows = np.flatnonzero(sequence.present[:, person])
        if len(rows):
            known = lengths[rows, person]
            fits[rows, person] = _bell((known - np.median(known, 0)) / _STRETCH)
    best = np.zeros(sequence.visibility.shape)
    for bone, (a, b) in enumerate(ends.tolist()):
        for end in (a, b):
            best[..., end] = np.maximum(best[..., end], fits[..., bone])
    return best


def _jumps(sequence: PoseSequence, torso: NDArray[np.float64]) -> NDArray[np.float64]:
    result = np.ones(sequence.visibility.shape)
    for person in range(sequence.people):
        rows = np.flatnonzero(sequence.present[:, person])
        off = _off_its_way(sequence.xy[rows, person].astype(np.float64), sequence.time[rows], torso[rows, person])
        result[rows, person] = _bell(off / _OFF)
    return result


def _off_its_way(
    places: NDArray[np.float64], time: NDArray[np.float64], torso: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n, 33) torso lengths beyond what acceleration explains, the least by the frames before, after, and around.

    0 where there are no such frames close enough in time.
    """
    least = np.full(places.shape[:2], np.inf)
    # Of each frame the two others that say where it should be; beside a wrong frame one of the three ways holds.
    for first, second in ((-1, 1), (-2, -1), (1, 2)):
        begin, end = max(0, -first), len(time) - max(0, second)
        if begin >= end:
            continue
        rows = np.arange(begin, end)
        a, b = time[rows + first], time[rows + second]
        share = ((time[rows] - a) / (b - a))[:, None, None]
        expected = places[rows + first] + share * (places[rows + second] - places[rows + first])
        # The error of a straight line under a steady acceleration.
        allowed = _NEAR + _FASTEST_TURN / 2 * np.abs((time[rows] - a) * (time[rows] - b))
        off = np.linalg.norm(places[rows] - expected, axis=-1) / torso[rows] - allowed[:, None]
        close = np.maximum(np.abs(time[rows] - a), np.abs(time[rows] - b)) <= _NEIGHBOUR
        least[rows] = np.where(close[:, None], np.minimum(least[rows], np.maximum(off, 0)), least[rows])
    return np.where(np.isinf(least), 0.0, least)


def _looks(sequence: PoseSequence, torso: NDArray[np.float64]) -> NDArray[np.float64]:
    apart = sequence.spread.astype(np.float64) / torso / _APART
    return np.where(np.isnan(apart), 1.0, _bell(np.nan_to_num(apart, posinf=1e3)))
