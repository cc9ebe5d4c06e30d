"""Windows of a movement: arrays of one shape, at one rate, and what in them was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecore.kinematics.cleaning import LONGEST_GAP_S
from posecore.pose import BoolArray, FloatArray, PoseSequence
from posecore.skeleton import INDEX, LANDMARKS
from posecore.training.window_settings import WindowSettings

CHANNELS = ("x_m", "y_m", "z_m", "visibility")

_LEAST_TRUNK_M = 0.1
_SIDES = ("left", "right")


@dataclass(frozen=True, eq=False)
class Windows:
    """N windows of T frames.

    Attributes:
        x: (N, T, 33, 4) float32, `CHANNELS`: metres from the middle of the hips, x right, y down, z away from the
            camera, also guessed ones; visibility 0 to 1. Without NaN.
        mask: (N, T, 33) whether the landmark was found and seen, not guessed and not filled in.
        labels: (N,) what is done.
        groups: (N,) clip and person: windows of one group must not be in both training and test.
        start_s: (N,) when the window begins in its clip.
    """

    x: FloatArray
    mask: BoolArray
    labels: NDArray[np.str_]
    groups: NDArray[np.str_]
    start_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x)


def windows_of(sequence: PoseSequence, label: str, clip: str, settings: WindowSettings) -> list[Windows]:
    """Everybody's windows, whole ones only; of somebody without any there are none.

    Args:
        label: what is done in the clip.
        clip: the name that groups begin with.
    """
    found = (_of_person(sequence, person, label, f"{clip}#{person + 1}", settings) for person in range(sequence.people))
    return [one for one in found if len(one)]


def joined(parts: Sequence[Windows], settings: WindowSettings) -> Windows:
    """All windows one after another."""
    if not parts:
        shape = (0, settings.length, len(LANDMARKS))
        none = np.zeros(0, np.str_)
        return Windows(
            np.zeros((*shape, len(CHANNELS)), np.float32), np.zeros(shape, np.bool_), none, none, np.zeros(0)
        )
    arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in Windows.__dataclass_fields__)
    return Windows(*arrays)


def _of_person(sequence: PoseSequence, person: int, label: str, group: str, settings: WindowSettings) -> Windows:
    rows = np.flatnonzero(sequence.present[:, person])
    if not len(rows):
        return joined([], settings)
    begin, end = sequence.time[rows[0]], sequence.time[rows[-1]]
    time = begin + np.arange(int(np.floor((end - begin) * settings.rate + 1e-6)) + 1) / settings.rate
    values, known, seen = _resampled(sequence, person, rows, time)
    if settings.missing == "hold":
        values = values[np.maximum.accumulate(np.where(known, np.arange(len(time)), 0))]
    else:
        values = np.where(known[:, None, None], values, 0)
    starts = np.arange(0, len(time) - settings.length + 1, settings.stride)
    if settings.missing == "drop":
        starts = starts[[known[start : start + settings.length].all() for start in starts]]
    inside = starts[:, None] + np.arange(settings.length)
    x = values[inside].astype(np.float32)
    if settings.one_body:
        x[..., :3] = _on_one_body(x[..., :3], known[inside])
    count = len(starts)
    return Windows(x, seen[inside], np.full(count, label), np.full(count, group), time[starts])


def _resampled(
    sequence: PoseSequence, person: int, rows: NDArray[np.intp], time: NDArray[np.float64]
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """(n, 33, 4) values, (n,) whether they are known, (n, 33) whether they were seen, at other times.

    Known is what lies between two frames in which the person was found, no more than a quarter of a second apart; seen
    what was seen in both.
    """
    own = sequence.time[rows]
    after = np.clip(np.searchsorted(own, time - 1e-9), 0, len(own) - 1)
    before = np.where(np.isclose(own[after], time, atol=1e-6), after, np.maximum(after - 1, 0))
    gap = own[after] - own[before]
    share = np.where(gap > 0, (time - own[before]) / np.where(gap > 0, gap, 1), 0)[:, None, None]
    source = np.concatenate([sequence.world[rows, person], sequence.visibility[rows, person, :, None]], -1)
    values = source[before] + share * (source[after] - source[before])
    seen = sequence.seen[rows, person]
    known = gap <= LONGEST_GAP_S
    measured = known & (rows[after] - rows[before] <= 1)  # and not over frames without the person
    return values, known, np.asarray(seen[before] & seen[after] & measured[:, None])


def _on_one_body(places: FloatArray, known: BoolArray) -> FloatArray:
    """(N, T, 33, 3) in trunks instead of metres, turned about the vertical so that the hips face the camera."""
    hips, shoulders = (np.stack([places[:, :, INDEX[f"{s}_{part}"]] for s in _SIDES]) for part in ("hip", "shoulder"))
    trunks = np.linalg.norm(shoulders.mean(0) - hips.mean(0), axis=-1)
    size = np.array([np.median(row[there]) if there.any() else 1.0 for row, there in zip(trunks, known, strict=True)])
    across = ((hips[0] - hips[1]) * known[..., None]).sum(1)  # from right to left, over the window
    angle = np.arctan2(across[:, 2], across[:, 0])
    cos, sin = np.cos(angle), np.sin(angle)
    zero, one = np.zeros_like(cos), np.ones_like(cos)
    turn = np.stack(
        [np.stack([cos, zero, sin], -1), np.stack([zero, one, zero], -1), np.stack([-sin, zero, cos], -1)], 1
    )
    return np.asarray(
        np.einsum("nij,ntkj->ntki", turn, places) / np.maximum(size, _LEAST_TRUNK_M)[:, None, None, None], np.float32
    )
