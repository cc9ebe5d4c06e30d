"""The core type: people found in one picture, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.skeleton import INDEX, LANDMARKS

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

_SHAPES = {"xy": (2,), "z": (), "visibility": (), "presence": (), "world": (3,), "spread": ()}
_MARKS = "damaged", "cuts"  # whether, for each frame
_ALONG = "time", "frames", *_MARKS  # one value a frame
_SHOULDERS = [INDEX["left_shoulder"], INDEX["right_shoulder"]]
_HIPS = [INDEX["left_hip"], INDEX["right_hip"]]
_APART = 0.25  # torso lengths between two looks, above which neither is believed
SEEN = 0.5  # visibility and presence from which a landmark counts as seen, not guessed


def _nothing() -> FloatArray:
    return np.zeros(0, np.float32)


class Landmarks(NamedTuple):
    """What a model says of P people.

    Attributes:
        points: (P, 33, 5) x, y, z in the picture's pixels; visibility, presence.
        world: (P, 33, 3) metres, as `Pose.world`.
        spread: (P, 33) as `Pose.spread`; empty where there was but one look.
    """

    points: FloatArray
    world: FloatArray
    spread: FloatArray = _nothing()


@dataclass(frozen=True, eq=False)
class Pose:
    """P people in one picture. All arrays are float32 and read-only; missing is NaN.

    Attributes:
        xy: (P, 33, 2) pixels of the picture, origin top left, x right, y down. May lie outside the picture.
        z: (P, 33) depth on the scale of x (pixels), 0 at the middle of the hips, smaller is nearer.
        visibility: (P, 33) 0 to 1, how surely the landmark is in the picture and not hidden.
        presence: (P, 33) 0 to 1, how surely the landmark is in the picture.
        world: (P, 33, 3) metres, origin at the middle of the hips, x right, y down, z away from the camera.
        size: (width, height) of the picture in pixels.
        spread: (P, 33) pixels between two looks at the picture, infinite where only one found the person, NaN where
            there was but one look.
    """

    xy: FloatArray
    z: FloatArray
    visibility: FloatArray
    presence: FloatArray
    world: FloatArray
    size: tuple[int, int]
    spread: FloatArray = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        _freeze(self, self.xy.shape[:1])

    @classmethod
    def nobody(cls, size: tuple[int, int]) -> Pose:
        """The pose of a picture without people."""
        none = np.zeros((0, len(LANDMARKS)), np.float32)
        return cls(none[..., None].repeat(2, -1), none, none, none, none[..., None].repeat(3, -1), size)

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.xy)

    @property
    def seen(self) -> BoolArray:
        """(P, 33) true where the landmark was seen, false where it was guessed: hidden, outside, or elsewhere at the
        second look."""
        return _seen(self)

    @property
    def doubtful(self) -> BoolArray:
        """(P,) true where two looks at the picture disagree about a person, who may be none."""
        return _doubtful(self)

    @property
    def boxes(self) -> FloatArray:
        """(P, 4) left, top, right, bottom of each person's seen landmarks in pixels; NaN where none was seen."""
        return _boxes(np.where(self.seen[..., None], self.xy, np.nan))

    @property
    def whole_boxes(self) -> FloatArray:
        """(P, 4) as `boxes`, of all landmarks, also guessed ones."""
        return _boxes(self.xy)

    def person(self, number: int) -> Pose:
        """The pose of one of the people alone."""
        return self.take([number])

    def take(self, people: Sequence[int]) -> Pose:
        """The pose of some of the people, in this order."""
        chosen = list(people)
        return replace(self, **{name: getattr(self, name)[chosen] for name in _SHAPES})

    def resized(self, size: tuple[int, int]) -> Pose:
        """The same pose in a picture scaled to `size` (width, height)."""
        factors = np.divide(size, self.size, dtype=np.float32)
        return replace(self, xy=self.xy * factors, z=self.z * factors[0], spread=self.spread * factors[0], size=size)


@dataclass(frozen=True, eq=False)
class PoseSequence:
    """P people over the T frames of a clip, as in `Pose` with a frame in front: (T, P, 33, ...).

    Where a person is not found in a frame all their values are NaN.

    Attributes:
        time: (T,) float64 seconds from the clip's first frame, rising.
        frames: (T,) int64 numbers of the frames in the clip, from 0, rising; without them 0, 1, 2 ...
        size: (width, height) of the frames in pixels.
        damaged: (T,) whether the frame was decoded with errors, so that what was found in it may be off; without them
            none was.
        cuts: (T,) whether another scene begins with the frame; looked for where several people are.
    """

    xy: FloatArray
    z: FloatArray
    visibility: FloatArray
    presence: FloatArray
    world: FloatArray
    time: NDArray[np.float64]
    size: tuple[int, int]
    frames: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    spread: FloatArray = field(default_factory=_nothing)
    damaged: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))
    cuts: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))

    def __post_init__(self) -> None:
        _freeze(self, self.xy.shape[:2])
        count = len(self.xy)
        frames = self.frames if len(self.frames) else np.arange(count)
        for name, values in {"time": np.array(self.time, np.float64), "frames": np.array(frames, np.int64)}.items():
            if values.shape != (count,) or (np.diff(values) <= 0).any():
                raise ValueError(f"{name} has the shape {values.shape} or does not rise; it needs {(count,)}")
            values.setflags(write=False)
            object.__setattr__(self, name, values)
        for name in _MARKS:
            marks = getattr(self, name)
            marks = np.array(marks if len(marks) else np.zeros(count), np.bool_)
            if marks.shape != (count,):
                raise ValueError(f"{name} has the shape {marks.shape}, not {(count,)}")
            marks.setflags(write=False)
            object.__setattr__(self, name, marks)

    @classmethod
    def from_poses(
        cls,
        poses: Sequence[Pose],
        time: NDArray[np.float64],
        size: tuple[int, int],
        frames: NDArray[np.int64] | None = None,
    ) -> PoseSequence:
        """Put single frames one after another; person p of a frame becomes person p of the sequence."""
        people = max((pose.people for pose in poses), default=0)
        arrays: dict[str, Any] = {}
        for name, shape in _SHAPES.items():
            array = np.full((len(poses), people, len(LANDMARKS), *shape), np.nan, np.float32)
            for row, pose in zip(array, poses, strict=True):
                row[: pose.people] = getattr(pose, name)
            arrays[name] = array
        return cls(time=time, size=size, frames=np.arange(len(poses)) if frames is None else frames, **arrays)

    @classmethod
    def joined(cls, parts: Sequence[PoseSequence]) -> PoseSequence:
        """Put parts of one clip one after another, person p of each as person p."""
        people = max(part.people for part in parts)
        arrays = {
            name: np.concatenate([with_people(getattr(part, name), people) for part in parts]) for name in _SHAPES
        }
        along = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ALONG}
        return cls(size=parts[0].size, **along, **arrays)

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.xy.shape[1])

    @property
    def most_seen(self) -> int:
        """Who is in most frames, the first of equals; 0 where nobody is."""
        return int(self.present.sum(0).argmax()) if self.people else 0

    @property
    def present(self) -> BoolArray:
        """(T, P) whether the person was found in the frame."""
        return np.asarray(np.isfinite(self.xy).all(-1).any(-1))

    @property
    def seen(self) -> BoolArray:
        """(T, P, 33) as `Pose.seen`."""
        return _seen(self)

    @property
    def doubtful(self) -> BoolArray:
        """(T, P) as `Pose.doubtful`."""
        return _doubtful(self)

    def mapped(self, change: Callable[[FloatArray], FloatArray]) -> PoseSequence:
        """The sequence with `change` made to each of its arrays (T, P, 33, ...)."""
        arrays: dict[str, Any] = {name: change(getattr(self, name)) for name in _SHAPES}
        return replace(self, **arrays)

    def part(self, first: int, end: int) -> PoseSequence:
        """The rows from `first` to before `end`."""
        arrays = {name: getattr(self, name)[first:end] for name in (*_SHAPES, *_ALONG)}
        return PoseSequence(size=self.size, **arrays)

    def at(self, frames: NDArray[np.int64]) -> PoseSequence:
        """The rows of those of these frames of the clip that are there."""
        rows = np.flatnonzero(np.isin(self.frames, frames))
        arrays = {name: getattr(self, name)[rows] for name in (*_SHAPES, *_ALONG)}
        return PoseSequence(size=self.size, **arrays)

    def frame(self, number: int) -> Pose:
        """Everybody in one frame; those not found there are NaN."""
        return Pose(size=self.size, **{name: getattr(self, name)[number] for name in _SHAPES})


def frame_rate(time: NDArray[np.float64]) -> float:
    """Frames a second of frames at these seconds, by the median step; 1 for a single frame."""
    return float(1 / np.median(np.diff(time))) if len(time) > 1 else 1.0


def torso_lengths(owner: Pose | PoseSequence) -> FloatArray:
    """(..., P) pixels from the middle of the shoulders to the middle of the hips."""
    hips, shoulders = owner.xy[..., _HIPS, :].mean(-2), owner.xy[..., _SHOULDERS, :].mean(-2)
    return np.asarray(np.linalg.norm(shoulders - hips, axis=-1))


def with_people(array: FloatArray, people: int) -> FloatArray:
    """(T, P, ...) with NaN for people who are missing."""
    missing = np.full((len(array), people - array.shape[1], *array.shape[2:]), np.nan, np.float32)
    return np.concatenate([array, missing], 1)


def _boxes(points: FloatArray) -> FloatArray:
    """(P, 33, 2) -> (P, 4); NaN where there is no point."""
    result = np.full((len(points), 4), np.nan, np.float32)
    found = np.isfinite(points).all(-1).any(-1)
    if found.any():
        result[found] = np.hstack([np.nanmin(points[found], 1), np.nanmax(points[found], 1)])
    return result


def _freeze(owner: Pose | PoseSequence, lead: tuple[int, ...]) -> None:
    """Make the arrays read-only float32 copies of the right shapes."""
    for name, shape in _SHAPES.items():
        array = np.array(getattr(owner, name), np.float32)
        expected = (*lead, len(LANDMARKS), *shape)
        if name == "spread" and not array.size:
            array = np.full(expected, np.nan, np.float32)
        if array.shape != expected:
            raise ValueError(f"{name} has the shape {array.shape}, not {expected}")
        array.setflags(write=False)
        object.__setattr__(owner, name, array)


def _seen(owner: Pose | PoseSequence) -> BoolArray:
    with np.errstate(invalid="ignore"):
        inside = ((owner.xy >= 0) & (owner.xy < owner.size)).all(-1)
        agreed = ~(owner.spread > _APART * torso_lengths(owner)[..., None])
        seen: BoolArray = inside & agreed & (owner.visibility >= SEEN) & (owner.presence >= SEEN)
    return seen


def _doubtful(owner: Pose | PoseSequence) -> BoolArray:
    with np.errstate(invalid="ignore"):
        doubtful: BoolArray = np.median(owner.spread, axis=-1) > _APART * torso_lengths(owner)
    return doubtful
