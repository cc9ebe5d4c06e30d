"""Who is who over a whole clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecore.pose import FloatArray, PoseSequence, torso_lengths
from posecore.skeleton import INDEX

# Distances are in torso lengths, on average over the landmarks.
_SAME = 0.15  # nearer than this two poses of one frame are one person, found twice
_REACH = 1.0  # from where somebody should be, one frame later
_REACH_GROWS = 3.0  # for every second somebody was not found
_SPEED_LASTS = 0.3  # seconds in which the speed somebody had fades
_GONE = 1.0  # seconds after which somebody may come back anywhere
_COMES_BACK, _NEW, _LEFT_OUT, _IMPOSSIBLE = 3.0, 4.0, 20.0, 1000.0  # costs, in torso lengths too
_SHAPE_COST = 2.0  # for bones that differ by a factor of e
_SHAPE_LASTS = 0.95  # part of what is known of somebody's shape that stays with another frame

_LIMBS = [
    (INDEX[f"{side}_{a}"], INDEX[f"{side}_{b}"])
    for a, b in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("shoulder", "hip"))
    for side in ("left", "right")
]


@dataclass
class _Person:
    """What is known of one identity: where and when last found, speed in pixels a second, torso, lengths of limbs."""

    points: FloatArray
    time: float
    torso: float
    limbs: NDArray[np.float64]
    speed: NDArray[np.float64]

    def cost(self, points: FloatArray, time: float, torso: float, limbs: NDArray[np.float64]) -> float:
        """How unlikely it is that this pose is theirs."""
        gone = time - self.time
        drift = self.speed * _SPEED_LASTS * (1 - np.exp(-gone / _SPEED_LASTS))
        size = max(torso, self.torso, 1.0)
        apart = float(np.linalg.norm(points - self.points - drift, axis=-1).mean()) / size
        shape = _SHAPE_COST * float(np.abs(limbs - self.limbs).mean()) + abs(float(np.log(torso / self.torso)))
        if gone > _GONE:
            return _COMES_BACK + min(apart, _REACH) + shape
        return apart + shape if apart < _REACH + _REACH_GROWS * gone else _IMPOSSIBLE

    def follow(self, points: FloatArray, time: float, torso: float, limbs: NDArray[np.float64]) -> None:
        """Learn from a pose that is theirs."""
        step = time - self.time
        moved = (points - self.points).mean(0) / step
        self.speed = 0.5 * self.speed + 0.5 * moved if step < _SPEED_LASTS else np.zeros(2)
        self.limbs = _SHAPE_LASTS * self.limbs + (1 - _SHAPE_LASTS) * limbs
        self.points, self.time, self.torso = points, time, torso


def assign_identities(sequence: PoseSequence, most: int | None = None) -> PoseSequence:
    """The same poses with every person in the same place throughout, in the order in which they appear.

    In each frame every pose has a cost with everybody known so far: how far it lies from where they should be, and how
    much size and lengths of limbs differ. The assignment with the least total cost is taken (Kuhn-Munkres, through
    scipy). Whoever was gone for a second is known again by place and shape.

    Args:
        most: identities at most; None is as many as were found in one frame. A pose that can be nobody is left out.
    """
    most = most or sequence.people
    torsos = np.maximum(torso_lengths(sequence), 1.0)
    limbs = _limb_lengths(sequence)
    known: list[_Person] = []
    places = np.full((len(sequence.time), most), -1)
    for row, time in enumerate(sequence.time.tolist()):
        found = _distinct(sequence, row, torsos[row])
        facts = [(sequence.xy[row, i], time, float(torsos[row, i]), limbs[row, i]) for i in found]
        for i, place in zip(found, _assigned(known, facts, most), strict=True):
            if place is not None:
                places[row, place] = i
    return _placed(sequence, places[:, : len(known)])


_Facts = tuple[FloatArray, float, float, NDArray[np.float64]]


def _assigned(known: list[_Person], facts: list[_Facts], most: int) -> list[int | None]:
    """Whose each pose is; adds to `known` whoever is new and lets the others learn."""
    from scipy.optimize import linear_sum_assignment  # here: importing it takes longer than all of posecore

    costs = np.full((len(facts), most + len(facts)), _LEFT_OUT)
    costs[:, :most] = _NEW
    for i, fact in enumerate(facts):
        costs[i, : len(known)] = [person.cost(*fact) for person in known]
    places: list[int | None] = [None] * len(facts)
    already = known.copy()
    for i, place in zip(*(indices.tolist() for indices in linear_sum_assignment(costs)), strict=True):
        if place < len(already) and costs[i, place] < _LEFT_OUT:
            already[place].follow(*facts[i])
            places[i] = place
        elif len(already) <= place < most:  # poses come the largest first, so the largest new person is the next one
            points, time, torso, limbs = facts[i]
            places[i] = len(known)
            known.append(_Person(points, time, torso, limbs, np.zeros(2)))
    return places


def _distinct(sequence: PoseSequence, row: int, torsos: FloatArray) -> list[int]:
    """Who is found in a frame, the largest first, each once."""
    kept: list[int] = []
    for i in sorted(np.flatnonzero(sequence.present[row]).tolist(), key=lambda i: -float(torsos[i])):
        gaps = [np.linalg.norm(sequence.xy[row, i] - sequence.xy[row, k], axis=-1).mean() / torsos[k] for k in kept]
        if all(gap > _SAME for gap in gaps):
            kept.append(i)
    return kept


def _limb_lengths(sequence: PoseSequence) -> NDArray[np.float64]:
    """(T, P, L) logarithms of the limbs' lengths in space."""
    a, b = np.array(_LIMBS).T
    lengths = np.linalg.norm(sequence.world[:, :, a].astype(np.float64) - sequence.world[:, :, b], axis=-1)
    return np.asarray(np.log(np.maximum(lengths, 1e-3)))


def _placed(sequence: PoseSequence, places: NDArray[np.int64]) -> PoseSequence:
    rows = np.arange(len(places))[:, None]

    def moved(array: FloatArray) -> FloatArray:
        taken = array[rows, np.maximum(places, 0)] if array.shape[1] else array[:, : places.shape[1]]
        return np.where((places >= 0).reshape(*places.shape, *[1] * (array.ndim - 2)), taken, np.nan)

    return sequence.mapped(moved)
