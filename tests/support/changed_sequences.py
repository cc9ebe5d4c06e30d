"""The same movement told otherwise: what is counted in it must not change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posecore.pose import PoseSequence
from posecore.skeleton import MIRROR


def rows(sequence: PoseSequence, chosen: np.ndarray) -> PoseSequence:
    """Some of the frames, by their rows."""
    return sequence.at(sequence.frames[chosen])


def every(sequence: PoseSequence, step: int) -> PoseSequence:
    """Every frame, every 2nd, every 3rd ..."""
    return rows(sequence, np.arange(0, len(sequence.time), step))


def with_missing(sequence: PoseSequence, share: float, seed: int = 0) -> PoseSequence:
    """Without a share of the frames, by chance."""
    return rows(sequence, np.flatnonzero(np.random.default_rng(seed).random(len(sequence.time)) >= share))


def mirrored(sequence: PoseSequence) -> PoseSequence:
    """As in a mirror: right is left."""
    order = np.array(MIRROR)
    xy, world = sequence.xy[:, :, order].copy(), sequence.world[:, :, order].copy()
    xy[..., 0] = sequence.size[0] - xy[..., 0]
    world[..., 0] *= -1
    others = {name: getattr(sequence, name)[:, :, order] for name in ("z", "visibility", "presence", "spread")}
    return replace(sequence, xy=xy, world=world, **others)


def backwards(sequence: PoseSequence) -> PoseSequence:
    """The last frame first."""
    arrays = {
        name: getattr(sequence, name)[::-1].copy()
        for name in ("xy", "z", "visibility", "presence", "world", "spread", "damaged")
    }
    return replace(sequence, time=sequence.time[-1] - sequence.time[::-1], **arrays)


def at_speed(sequence: PoseSequence, factor: float) -> PoseSequence:
    """Played faster or slower."""
    return replace(sequence, time=sequence.time / factor)


def between(sequence: PoseSequence, start_s: float, end_s: float) -> PoseSequence:
    """Cut in front and behind; time stays."""
    return rows(sequence, np.flatnonzero((sequence.time >= start_s) & (sequence.time <= end_s)))


def moved(
    sequence: PoseSequence, *, shift: tuple[float, float] = (0, 0), scale: float = 1.0, degrees: float = 0.0
) -> PoseSequence:
    """Elsewhere in a larger picture, larger or smaller, turned around the middle of the picture."""
    room = 2 * max(sequence.size)
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(sequence.size) / 2
    inside = ((sequence.xy >= 0) & (sequence.xy < sequence.size)).all(-1, keepdims=True)
    xy = scale * (sequence.xy - middle) @ turn.T + room + np.array(shift)
    world = sequence.world.copy()
    world[..., :2] = world[..., :2] @ turn.T
    presence = np.where(inside[..., 0], sequence.presence, 0)  # what was outside stays so in the larger picture
    return replace(sequence, xy=xy, world=world, presence=presence, size=(2 * room, 2 * room), z=sequence.z * scale)
