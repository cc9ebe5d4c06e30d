"""Left and right where the model exchanged them: decided on all evidence together, or called unsure and left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.pose import BoolArray, FloatArray, PoseSequence, torso_lengths
from posecore.skeleton import INDEX, LANDMARKS, MIRROR

_Array = NDArray[np.float64]

# What the model exchanges together. A body that it takes for one seen from the other side changes in all three.
_GROUPS = (
    ("eye_inner", "eye", "eye_outer", "ear", "mouth"),
    ("shoulder", "elbow", "wrist", "pinky", "index", "thumb"),
    ("hip", "knee", "ankle", "heel", "foot_index"),
)
_FACE, _ARMS, _LEGS = 0, 1, 2
_HEAD = slice(INDEX["nose"], INDEX["mouth_right"] + 1)
_EARS = [INDEX["left_ear"], INDEX["right_ear"]]
_STATES = np.array([[bool(state >> group & 1) for group in range(3)] for state in range(8)])  # what is exchanged
_MEMORY_S = 0.35  # after which it is not known any more where a limb was
_STILL, _SPEED = 0.03, 1.2  # torso lengths that a landmark is off its place, and those a second that it moves
_FARTHEST = 20.0  # of these, beyond which distance says no more
_RATE, _FACE_RATE = 0.5, 0.02  # how often a second arms and legs are exchanged or come back, together or not; the face
_WRONG = 18.0  # nats against the model being wrong all the time that somebody is followed; less in proportion
_APART = 12.0  # nats a second against arms and legs that disagree
_BACKWARDS = 100.0  # nats a second against a head that looks backwards
_SURE = 0.9


class Sides(NamedTuple):
    """(T, P, 33) which landmarks are exchanged for certain, and of which it is not known."""

    exchanged: BoolArray
    unsure: BoolArray


def find_exchanged(sequence: PoseSequence) -> Sides:
    """Where the model exchanged left and right.

    A hidden Markov model with eight states, which of face, arms with shoulders and legs with hips are exchanged. From
    frame to frame a landmark stays near its place: a Laplace distribution of its distance in the picture, in torso
    lengths, wider with time, weighted by visibility. States change seldom, the model is right more often than not, the
    groups mostly agree, and no head looks backwards. Forward and backward probabilities (L. R. Rabiner, A Tutorial on
    Hidden Markov Models, 1989, III.A) give each frame what all frames before and after say. What is exchanged with a
    probability of 0.9 is exchanged; between 0.1 and 0.9 it is unsure.
    """
    exchanged, unsure = (np.zeros(sequence.visibility.shape, np.bool_) for _ in range(2))
    torsos = torso_lengths(sequence)
    for person in range(sequence.people):
        rows = np.flatnonzero(sequence.present[:, person])
        known = torsos[rows, person][np.isfinite(torsos[rows, person])]
        if len(rows) < 2 or not len(known):
            continue
        likely = _probabilities(sequence, person, rows, max(float(np.median(known)), 1.0))
        for group, parts in enumerate(_GROUPS):
            certain = likely[:, group] > _SURE
            doubtful = (likely[:, group] > 1 - _SURE) & ~certain
            for number in _numbers(parts):
                exchanged[rows[certain], person, number] = True
                unsure[rows[doubtful], person, number] = True
    return Sides(exchanged, unsure)


def put_back(sequence: PoseSequence, exchanged: BoolArray) -> PoseSequence:
    """The sequence with these landmarks taken from their other side.

    A head that the model takes for one seen from behind has its nose behind its ears, so its depth is turned round too;
    that of limbs goes on evenly without.
    """
    order = np.where(exchanged, np.array(MIRROR), np.arange(len(LANDMARKS)))

    def changed(values: FloatArray) -> FloatArray:
        index = order.reshape(*order.shape, *[1] * (values.ndim - 3))
        return np.take_along_axis(values, np.broadcast_to(index, values.shape), 2)

    found = sequence.mapped(changed)
    heads = np.asarray(exchanged[..., _EARS].all(-1))
    depth = _turned_round(found.world[..., 2], heads)
    world = np.concatenate([found.world[..., :2], depth[..., None]], -1)
    return replace(found, z=_turned_round(found.z, heads), world=world)


def _turned_round(depth: FloatArray, heads: BoolArray) -> FloatArray:
    """Depths (T, P, 33) with these heads' (T, P) on the other side of their ears."""
    result = depth.copy()
    middle = depth[..., _EARS].mean(-1, keepdims=True)
    result[..., _HEAD] = np.where(heads[..., None], 2 * middle - depth[..., _HEAD], depth[..., _HEAD])
    return result


def _numbers(parts: tuple[str, ...]) -> list[int]:
    sides = ("left", "right")
    return [
        i
        for i, name in enumerate(LANDMARKS)
        if {name.removeprefix(f"{side}_").removesuffix(f"_{side}") for side in sides} & set(parts)
    ]


def _probabilities(sequence: PoseSequence, person: int, rows: NDArray[np.int64], torso: float) -> _Array:
    """(n, 3) how likely each group is exchanged in each of the frames."""
    gaps = np.diff(sequence.time[rows])
    moves = np.zeros((len(gaps), 8, 8))
    changes = _STATES[:, None] != _STATES[None, :]
    for group, names in enumerate(_GROUPS):
        stay, cross = _costs(sequence, person, rows, gaps, torso, _numbers(names))
        moves -= np.where(changes[..., group], cross[:, None, None], stay[:, None, None])
    limbs = changes[..., _ARMS:].any(-1)
    face = changes[..., _FACE] & ~changes[..., _ARMS:].all(-1)  # without the body
    moves += np.log(_RATE * gaps)[:, None, None] * limbs + np.log(_FACE_RATE * gaps)[:, None, None] * face
    moves[gaps > _MEMORY_S] = 0.0
    lasting = np.minimum(np.append(gaps, gaps[-1:]), _MEMORY_S)
    apart = _STATES[:, _ARMS] != _STATES[:, _LEGS]
    against = _APART * apart + _BACKWARDS * _looks_backwards(sequence.world[rows, person].astype(np.float64))
    prior = -(_WRONG * _parts(lasting, gaps)[:, None] * _STATES.mean(1) + lasting[:, None] * against)
    states = _forward_backward(prior, moves)
    return np.asarray(states @ _STATES)


def _looks_backwards(world: _Array) -> _Array:
    """(n, 8) 0 to 1, by the cosine between the ways across the ears and the shoulders."""
    ears, shoulders = (
        world[:, INDEX[f"left_{part}"]] - world[:, INDEX[f"right_{part}"]] for part in ("ear", "shoulder")
    )
    lengths = np.maximum(np.linalg.norm(ears, axis=-1) * np.linalg.norm(shoulders, axis=-1), 1e-9)
    cosine = np.nan_to_num((ears * shoulders).sum(-1) / lengths)
    same = np.where(_STATES[:, _FACE] == _STATES[:, _ARMS], 1.0, -1.0)
    return np.asarray(np.maximum(-cosine[:, None] * same, 0.0))


def _parts(lasting: _Array, gaps: _Array) -> _Array:
    """Which part each frame has of the time in which somebody is followed without a gap."""
    runs = np.concatenate([[0], np.cumsum(gaps > _MEMORY_S)])
    return np.asarray(lasting / np.bincount(runs, lasting)[runs])


def _costs(
    sequence: PoseSequence, person: int, rows: NDArray[np.int64], gaps: _Array, torso: float, numbers: list[int]
) -> tuple[_Array, _Array]:
    """What it costs that a group stays as it is from each frame to the next, and that it is exchanged."""
    xy = sequence.xy[rows, person].astype(np.float64) / torso
    seen = sequence.visibility[rows, person].astype(np.float64)
    mirrored = [MIRROR[i] for i in numbers]
    scale = (_STILL + _SPEED * gaps)[:, None]

    def cost(places: list[int]) -> _Array:
        apart = np.linalg.norm(xy[1:, numbers] - xy[:-1, places], axis=-1) / scale
        weight = np.minimum(seen[1:, numbers], seen[:-1, places])
        both = np.isfinite(apart) & np.isfinite(weight)
        kept = np.where(both, np.minimum(apart, _FARTHEST), 0.0) * np.where(both, weight, 0.0)
        return np.asarray(kept.sum(-1) / np.maximum(np.where(both, weight, 0.0).sum(-1), 1.0))

    return cost(numbers), cost(mirrored)


def _forward_backward(prior: _Array, moves: _Array) -> _Array:
    """(n, 8) probabilities of the states from logarithms: (n, 8) of each frame, (n - 1, 8, 8) of each move."""
    forward, backward = prior.copy(), np.zeros_like(prior)
    for row in range(1, len(prior)):
        forward[row] += _log_sum(forward[row - 1][:, None] + moves[row - 1], 0)
    for row in range(len(prior) - 2, -1, -1):
        backward[row] = _log_sum(moves[row] + (prior[row + 1] + backward[row + 1])[None, :], 1)
    both = forward + backward
    return np.asarray(np.exp(both - _log_sum(both, 1)[:, None]))


def _log_sum(values: _Array, axis: int) -> _Array:
    most = values.max(axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - most).sum(axis)) + most.squeeze(axis))
