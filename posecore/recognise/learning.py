"""Which movement a window is like, and whether it is like any: learnt from windows of examples.

A linear support vector machine says which; how far the window is from the nearest example of that movement says
whether it is that at all. All distances are in spreads of the taught movements around their own means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.recognise.body_signals import Array
from posecore.recognise.example_windows import ExampleWindows, Numbers
from posecore.recognise.features import mirrored

if TYPE_CHECKING:
    from sklearn.svm import SVC

UNKNOWN = -1
_LEAST_SPREAD = 0.4  # of a number within a movement: less is chance of a few examples
_MOST_APART = 1.5  # spreads that one number counts at most, so that one limb that is misjudged does not decide
_PENALTY = 1.0  # of the support vector machine for an example on the wrong side
_NEARLY_ALL = 90  # percent of windows that are no farther from other examples of their movement ...
_FARTHER = 1.05  # ... than this part of the limit
_LEAST_LIMIT, _MOST_LIMIT = 0.55, 0.7  # whoever does it next is not nearer; and what is farther is something else
_BETWEEN = 0.85  # of the way to the nearest other movement, beyond which the least limit does not go
_CHANCE = 0.1  # what two looks at the same are apart
_STEEP = 4.0  # how quickly confidence falls with the square of the distance
_LEAST_TOLD = 0.6  # of the numbers that examples have, for a window to be judged
_SIDED = 0.5  # of a movement's mirrored examples that are more like another movement: then sides are told apart
_AT_ONCE = 32  # rows whose distances are measured together, for memory's sake


class Judgement(NamedTuple):
    """Of N windows.

    Attributes:
        labels: (N,) numbers of the movements, `UNKNOWN` for none of them.
        confidence: (N,) 0 to 1 that this is right; at 0.5 it may as well be unknown; 0 of what is seen too little.
    """

    labels: Numbers
    confidence: Array


@dataclass(frozen=True, eq=False)
class Learnt:
    """What was learnt from windows.

    Attributes:
        weights: (F,) by which differences are multiplied; 0 for numbers that no example has.
        middle: (F,) what stands for a missing number.
        rows: (M, F) the windows that were learnt from, weighted.
        labels: (M,) theirs.
        limit: the distance from which a window is none of the movements.
        machine: the fitted support vector machine.
    """

    weights: Array
    middle: Array
    rows: Array
    labels: Numbers
    limit: float
    machine: SVC

    def judge(self, rows: Array) -> Judgement:
        """Of (N, F) windows, as `features` gives them."""
        used = self.weights > 0
        told = np.isfinite(rows[:, used]).sum(-1) >= max(1.0, _LEAST_TOLD * used.sum())
        if not told.any():
            return Judgement(np.full(len(rows), UNKNOWN), np.zeros(len(rows)))
        filled = _filled(rows, self.middle, self.weights)
        said = self.machine.predict(filled).astype(np.int64)
        kinds = np.unique(self.labels)
        apart = distances(rows * self.weights, self.rows)
        ways = np.stack([apart[:, self.labels == kind].min(-1) for kind in kinds], -1) / self.limit
        ways = np.where(told[:, None], ways, np.inf)
        own = ways[np.arange(len(rows)), np.searchsorted(kinds, said)]
        decided, sure = _decided(said, own, ways)
        return Judgement(decided, np.where(told, sure, 0.0))


def learn(windows: ExampleWindows, *, mirror: bool, limit: float | None = None) -> Learnt:
    """From the windows of at least two movements.

    Args:
        mirror: whether a movement in the mirror is the same movement.
        limit: as in `Learnt`; measured on these windows where it is not given.
    """
    from sklearn.svm import SVC

    rows, labels, examples = windows.rows, windows.labels, windows.examples
    if mirror:
        rows = np.concatenate([rows, mirrored(rows)])
        labels, examples = np.tile(labels, 2), np.tile(examples, 2)
    weights, middle = _weights(rows, labels)
    machine = SVC(kernel="linear", C=_PENALTY, class_weight="balanced")
    machine.fit(_filled(rows, middle, weights), labels)
    weighted = rows * weights
    if limit is None:
        limit = _limit(distances(windows.rows * weights, weighted), windows, labels, examples)
    return Learnt(weights, middle, weighted, labels, limit, machine)


def sides_matter(windows: ExampleWindows) -> bool:
    """Whether two movements differ by left and right: mirrored examples of one are more like another's than its own.

    More of them, that is, than of the examples as they are.
    """
    weights, _ = _weights(windows.rows, windows.labels)
    plain = windows.rows * weights
    same = windows.examples[:, None] == windows.examples[None]
    as_is = np.where(same, np.inf, distances(plain, plain))
    turned = distances(mirrored(windows.rows) * weights, plain)
    own = windows.labels[:, None] == windows.labels[None]
    taken = [_nearer(ways, own) for ways in (turned, as_is)]
    kinds = np.unique(windows.labels)
    more = [taken[0][windows.labels == kind].mean() - taken[1][windows.labels == kind].mean() for kind in kinds]
    return bool(max(more) >= _SIDED)


def distances(rows: Array, others: Array) -> Array:
    """(N, M) root of the mean square over the numbers that both have; infinite where these are too few to say."""
    narrow, all_others = rows.astype(np.float32), others.astype(np.float32)
    parts = [_distances(narrow[first : first + _AT_ONCE], all_others) for first in range(0, len(rows), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros((0, len(others)))


def _distances(rows: NDArray[np.float32], others: NDArray[np.float32]) -> Array:
    apart = np.abs(rows[:, None] - others[None])
    np.minimum(apart, _MOST_APART, out=apart)
    known, others_known = (np.isfinite(values).astype(np.float32) for values in (rows, others))
    both = known @ others_known.T
    square = np.nansum(np.square(apart, out=apart), -1, dtype=np.float64)
    enough = both >= _LEAST_TOLD * np.minimum(known.sum(-1)[:, None], others_known.sum(-1)[None])
    return np.where(enough & (both > 0), np.sqrt(square / np.maximum(both, 1)), np.inf)


def _weights(rows: Array, labels: Numbers) -> tuple[Array, Array]:
    """(F,) one over the spread within movements, and (F,) means."""
    squares = np.zeros(rows.shape[1])
    counts = np.zeros(rows.shape[1])
    for kind in np.unique(labels):
        own = rows[labels == kind]
        known = np.isfinite(own)
        mean = np.where(known, own, 0).sum(0) / np.maximum(known.sum(0), 1)
        squares += np.where(known, (own - mean) ** 2, 0).sum(0) / np.maximum(known.sum(0), 1)
        counts += known.any(0)
    known = np.isfinite(rows)
    middle = np.where(known, rows, 0).sum(0) / np.maximum(known.sum(0), 1)
    weights = np.where(counts > 0, 1 / np.sqrt(squares / np.maximum(counts, 1) + _LEAST_SPREAD**2), 0)
    return weights, middle


def _filled(rows: Array, middle: Array, weights: Array) -> Array:
    return np.asarray(np.nan_to_num((rows - middle) * weights))


def _limit(apart: Array, windows: ExampleWindows, labels: Numbers, examples: Numbers) -> float:
    """Of the distances of windows from all others; one for all movements, for few examples say little of each."""
    own = windows.labels[:, None] == labels[None]
    others = windows.examples[:, None] != examples[None]
    near, far = _nearest(apart, own & others), _nearest(apart, ~own)
    by_kind = [_typical(near[windows.labels == kind], _NEARLY_ALL) for kind in np.unique(windows.labels)]
    spread = _FARTHER * _typical(np.array(by_kind), 50)
    room = max(_CHANCE, min(_LEAST_LIMIT, _BETWEEN * _typical(far, 50)))
    return float(np.clip(spread, room, _MOST_LIMIT)) if np.isfinite(spread) else room


def _nearest(apart: Array, allowed: NDArray[np.bool_]) -> Array:
    return np.asarray(np.where(allowed, apart, np.inf).min(-1))


def _typical(values: Array, percent: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.percentile(known, percent)) if len(known) else np.inf


def _nearer(ways: Array, own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(N,) whether another movement is nearer than the own one."""
    return np.asarray(_nearest(ways, ~own) < _nearest(ways, own))


def _decided(said: Numbers, own: Array, ways: Array) -> tuple[Numbers, Array]:
    """Labels and confidence, of what the machine said and of distances in limits, of that and of all movements."""
    unknown = np.exp(-_STEEP)
    near, all_near = np.exp(-_STEEP * own**2), np.exp(-_STEEP * ways**2).sum(-1)
    known = own <= 1
    sure = near / (near + unknown) * near / np.maximum(all_near, 1e-300)
    return np.where(known, said, UNKNOWN), np.where(known, sure, unknown / (near + unknown))
