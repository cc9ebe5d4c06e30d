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
    - jumps: exp(-x^2 / 2), x = how far the landmark is from the middle of where it was before and after, beyond what
      an acceleration of 60 torso lengths a second squared explains, in 0.3 torso lengths;
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
        time = sequence.time[rows]
        if len(rows) < 3:
            continue
        before, now, after = (sequence.xy[rows[i : len(rows) - 2 + i], person].astype(np.float64) for i in range(3))
        share = ((time[1:-1] - time[:-2]) / (time[2:] - time[:-2]))[:, None, None]
        off = np.linalg.norm(now - (before + share * (after - before)), axis=-1) / torso[rows[1:-1], person]
        gap = np.maximum(time[1:-1] - time[:-2], time[2:] - time[1:-1])[:, None]
        allowed = _NEAR + _FASTEST_TURN / 2 * gap**2
        fits = _bell(np.maximum(off - allowed, 0) / _OFF)
        result[rows[1:-1], person] = np.where(gap <= _NEIGHBOUR, fits, 1.0)
    return result


def _looks(sequence: PoseSequence, torso: NDArray[np.float64]) -> NDArray[np.float64]:
    apart = sequence.spread.astype(np.float64) / torso / _APART
    return np.where(np.isnan(apart), 1.0, _bell(np.nan_to_num(apart, posinf=1e3)))
