"""Two looks at one picture made into one answer: at the picture, and at its mirror image.

A model finds a left and a right body alike, but not to the pixel: what both looks say is nearer to the truth than
either, and how far they lie apart is an error bar.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecore.pose import FloatArray, Pose, torso_lengths
from posecore.skeleton import MIRROR

_SAME = 1.0  # torso lengths apart on average, up to which two poses are one person
_AGREE = 0.05, 0.15  # torso lengths apart: up to the one the looks agree, from the other on they do not
_ARRAYS = ("xy", "z", "visibility", "presence", "world")
_MIRROR = list(MIRROR)


def mirrored(pose: Pose) -> Pose:
    """What was found in the mirror image, put back: x from the other side, left for right."""
    width = pose.size[0]
    xy, world = pose.xy[:, _MIRROR].copy(), pose.world[:, _MIRROR].copy()
    xy[..., 0] = width - xy[..., 0]
    world[..., 0] *= -1
    rest = {name: getattr(pose, name)[:, _MIRROR] for name in ("z", "visibility", "presence")}
    return replace(pose, xy=xy, world=world, **rest)


def merged(first: Pose, second: Pose, most: int) -> Pose:
    """Everybody whom either look found, at most so many, those first whom both found.

    Landmarks on which the looks agree are the mean of the two, others those of the look that is surer. `spread` is the
    distance of the two from each other; whom only one look found has an infinite one.

    Args:
        first, second: of the same picture, see `mirrored`.
    """
    pairs = same_people(first, second)
    both = _between(first.take([i for i, _ in pairs]), second.take([k for _, k in pairs]))
    taken_first, taken_second = {i for i, _ in pairs}, {k for _, k in pairs}
    alone = [
        _alone(look.take([i for i in range(look.people) if i not in taken]))
        for look, taken in ((first, taken_first), (second, taken_second))
    ]
    everybody = [both, *alone]
    arrays = {name: np.concatenate([getattr(one, name) for one in everybody])[:most] for name in (*_ARRAYS, "spread")}
    return Pose(size=first.size, **arrays)


def same_people(first: Pose, second: Pose) -> list[tuple[int, int]]:
    """Who of the one is who of the other: the assignment with the least distance in all."""
    if not first.people or not second.people:
        return []
    from scipy.optimize import linear_sum_assignment  # importing it takes longer than all of posecore

    torsos = np.maximum(np.maximum(torso_lengths(first)[:, None], torso_lengths(second)[None]), 1.0)
    apart = _distances(first.xy[:, None], second.xy[None]).mean(-1) / torsos
    rows, columns = linear_sum_assignment(np.minimum(apart, 10 * _SAME))
    return [(i, k) for i, k in zip(rows.tolist(), columns.tolist(), strict=True) if apart[i, k] <= _SAME]


def torso_distances(first: Pose, second: Pose) -> FloatArray:
    """(N, 33) how far landmarks lie apart, of the N people whom both found in the same picture, in torso lengths."""
    pairs = same_people(first, second)
    one, other = first.take([i for i, _ in pairs]), second.take([k for _, k in pairs])
    return np.asarray(_distances(one.xy, other.xy) / np.maximum(torso_lengths(one), 1)[:, None], np.float32)


def _between(first: Pose, second: Pose) -> Pose:
    """The mean where the looks agree. Where they do not one of them is wrong, and a mean would be wrong as well: then
    it is what the look says that is surer of the landmark."""
    spread = _distances(first.xy, second.xy)
    torso = np.maximum(torso_lengths(first), 1.0)[:, None]
    low, high = _AGREE
    apart = np.clip((spread / torso - low) / (high - low), 0, 1)
    share = 0.5 + 0.5 * apart * np.where(first.visibility >= second.visibility, 1, -1)

    def mixed(name: str) -> FloatArray:
        a, b = getattr(first, name), getattr(second, name)
        part = share.reshape(*share.shape, *[1] * (a.ndim - share.ndim))
        return np.asarray(part * a + (1 - part) * b, np.float32)

    return Pose(size=first.size, spread=spread, **{name: mixed(name) for name in _ARRAYS})


def _alone(pose: Pose) -> Pose:
    return replace(pose, spread=np.full_like(pose.visibility, np.inf))


def _distances(a: FloatArray, b: FloatArray) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(a - b, axis=-1), np.float32)
