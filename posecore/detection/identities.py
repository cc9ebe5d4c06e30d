"""Who is who over a whole clip."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.detection.appearance import CLOTHES
from posecore.pose import BoolArray, FloatArray, Pose, PoseSequence, torso_lengths
from posecore.skeleton import INDEX

# Distances are in torso lengths, on average over the landmarks.
_SAME = 0.15  # nearer than this two poses of one frame are one person, found twice
_REACH = 1.0  # from where somebody should be, one frame later
_REACH_GROWS = 3.0  # for every second somebody was not found
_SPEED_LASTS = 0.3  # seconds in which the speed somebody had fades
_GONE = 1.0  # seconds after which somebody may come back anywhere
_COMES_BACK, _NEW, _LEFT_OUT, _IMPOSSIBLE = 3.0, 4.0, 20.0, 1000.0  # costs, in torso lengths too
_SHAPE_COST = 2.0  # for bones that differ by a factor of e
_SHAPE_LASTS = 0.95  # part of what is known of somebody's shape and clothes that stays with another frame
_BRIEF, _LONG = 0.4, 1.0  # seconds somebody is there who may be a ghost, in a clip that is longer than the other
_CLOTHES_COST = 1 / 15  # for a distance of colours in CIE L*a*b*; of the same clothes they are apart by 5 to 10
_CLOTHES_MOST = 1.5  # while somebody is followed: light changes as well
_ALIKE = 0.4  # costs; closer than this two people cannot be told apart by their clothes

_LIMBS = [
    (INDEX[f"{side}_{a}"], INDEX[f"{side}_{b}"])
    for a, b in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("shoulder", "hip"))
    for side in ("left", "right")
]


class _Facts(NamedTuple):
    """Where somebody is in a frame, when and in which scene it is, and what they look like."""

    points: FloatArray
    time: float
    scene: int
    torso: float
    limbs: NDArray[np.float64]
    clothes: FloatArray


class _Person:
    """One identity: when and how they were last found, and their speed in pixels a second."""

    def __init__(self, found: _Facts) -> None:
        self.last, self._speed = found, np.zeros(2)

    def cost(self, found: _Facts) -> float:
        """How unlikely it is that this is them."""
        last = self.last
        shape = _SHAPE_COST * float(np.abs(found.limbs - last.limbs).mean())
        shape += abs(float(np.log(found.torso / last.torso)))
        clothes = _CLOTHES_COST * _colours_apart(found.clothes, last.clothes)
        if found.scene != last.scene:
            return _COMES_BACK + (clothes if np.isfinite(clothes) else shape)
        gone = found.time - last.time
        drift = self._speed * _SPEED_LASTS * (1 - np.exp(-gone / _SPEED_LASTS))
        size = max(found.torso, last.torso, 1.0)
        apart = float(np.linalg.norm(found.points - last.points - drift, axis=-1).mean()) / size
        if gone > _GONE:
            return _COMES_BACK + (clothes if np.isfinite(clothes) else min(apart, _REACH) + shape)
        if apart >= _REACH + _REACH_GROWS * gone:
            return _IMPOSSIBLE
        return apart + shape + float(np.nan_to_num(min(clothes, _CLOTHES_MOST)))

    def follow(self, found: _Facts) -> None:
        """Learn from a pose that is theirs."""
        last, step = self.last, found.time - self.last.time
        moved = (found.points - last.points).mean(0) / step
        follows = step < _SPEED_LASTS and found.scene == last.scene
        self._speed = 0.5 * self._speed + 0.5 * moved if follows else np.zeros(2)
        limbs = _SHAPE_LASTS * last.limbs + (1 - _SHAPE_LASTS) * found.limbs
        worn = _SHAPE_LASTS * last.clothes + (1 - _SHAPE_LASTS) * found.clothes
        worn = np.where(np.isnan(last.clothes), found.clothes, np.where(np.isnan(worn), last.clothes, worn))
        self.last = found._replace(limbs=limbs, clothes=worn.astype(np.float32))


class Identities:
    """Who is who in a stream, frame by frame.

    Args:
        most: identities at most.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: list[_Person] = []

    @property
    def count(self) -> int:
        """How many people have been there."""
        return len(self._known)

    def place(self, pose: Pose, time_s: float) -> Pose:
        """The next pose with everybody known in their place; whoever is not found is NaN."""
        frame = PoseSequence.from_poses([pose], np.array([time_s]), pose.size)
        return _placed(frame, _places(frame, self)).frame(0)

    def placed(self, facts: list[_Facts]) -> list[int | None]:
        """Whose each of a frame's poses is; None for nobody's. Learns whoever is new, and what the others look like."""
        from scipy.optimize import linear_sum_assignment  # here: importing it takes longer than all of posecore

        costs = np.full((len(facts), self.most + len(facts)), _LEFT_OUT)
        costs[:, : self.most] = _NEW
        for i, fact in enumerate(facts):
            costs[i, : self.count] = _costs(self._known, fact)
        places: list[int | None] = [None] * len(facts)
        already = self._known.copy()
        for i, place in zip(*(indices.tolist() for indices in linear_sum_assignment(costs)), strict=True):
            if place < len(already) and costs[i, place] < _LEFT_OUT:
                already[place].follow(facts[i])
                places[i] = place
            elif len(already) <= place < self.most:  # poses come the largest first, so the largest new one is next
                places[i] = self.count
                self._known.append(_Person(facts[i]))
        return places


def assign_identities(
    sequence: PoseSequence, most: int | None = None, clothes: FloatArray | None = None
) -> PoseSequence:
    """The same poses with every person in the same place throughout, in the order in which they appear.

    In each frame every pose has a cost with everybody known so far: how far it lies from where they should be, and how
    much size, lengths of limbs and clothes differ. The assignment with the least total cost is taken (Kuhn-Munkres,
    through scipy). Whoever was gone for a second is known again by their clothes, or where these are not seen by place
    and shape. After a cut only clothes count; whom they do not tell from others is somebody new as long as there may be
    more.

    Args:
        most: identities at most; None is as many as were found in one frame. A pose that can be nobody is left out; so
            is whoever was there but briefly where there are more than so many.
        clothes: (T, P, 6) what the people wear, as `appearance.clothes`.
    """
    most = most or sequence.people
    places = _places(sequence, Identities(most), clothes)
    if places.shape[1] == most and (brief := _brief(sequence.time, places >= 0)).any():
        places = _places(sequence, Identities(most), clothes, but=np.where(brief, places, -1))
    return _placed(sequence, places)


def _brief(time: NDArray[np.float64], there: BoolArray) -> BoolArray:
    """(T, P) where somebody appears for a moment only, long after and long before they are there again."""
    brief = np.zeros_like(there)
    if len(time) < 2 or time[-1] - time[0] < _LONG:
        return brief
    for person in range(there.shape[1]):
        rows = np.flatnonzero(there[:, person])
        for run in np.split(rows, np.flatnonzero(np.diff(time[rows]) > _GONE) + 1):
            brief[run, person] = len(run) > 0 and time[run[-1]] - time[run[0]] < _BRIEF
    return brief


def _places(
    sequence: PoseSequence,
    identities: Identities,
    clothes: FloatArray | None = None,
    but: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """(T, P) which pose of a frame each identity has, -1 for none; `but` are poses (T, N) that nobody has."""
    torsos = np.maximum(torso_lengths(sequence), 1.0)
    limbs = _limb_lengths(sequence)
    worn = np.full((*limbs.shape[:2], CLOTHES), np.nan, np.float32) if clothes is None else clothes
    scenes = np.cumsum(sequence.cuts).tolist()
    places = np.full((len(sequence.time), identities.most), -1)
    for row, (time, scene) in enumerate(zip(sequence.time.tolist(), scenes, strict=True)):
        found = [i for i in _distinct(sequence, row, torsos[row]) if but is None or i not in but[row]]
        facts = [
            _Facts(sequence.xy[row, i], time, scene, float(torsos[row, i]), limbs[row, i], worn[row, i]) for i in found
        ]
        for i, place in zip(found, identities.placed(facts), strict=True):
            if place is not None:
                places[row, place] = i
    return places[:, : identities.count]


def _costs(known: list[_Person], found: _Facts) -> NDArray[np.float64]:
    """(K,) how unlikely each is; more so than that it is somebody new where two of another scene are equally likely."""
    costs = np.array([person.cost(found) for person in known])
    elsewhere = np.array([person.last.scene != found.scene for person in known], bool)
    likely = np.sort(costs[elsewhere])
    if len(likely) > 1 and likely[1] - likely[0] < _ALIKE:
        costs[elsewhere] = np.maximum(costs[elsewhere], _NEW + 1)
    return costs


def _colours_apart(first: FloatArray, second: FloatArray) -> float:
    """How far the clothes of two people lie apart in CIE L*a*b*, the mean of those that are seen of both; or NaN."""
    apart = np.linalg.norm((first - second).reshape(-1, 3), axis=-1)
    seen = np.isfinite(apart)
    return float(apart[seen].mean()) if seen.any() else float("nan")


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
