"""The core type: people found in one picture, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from posecore.skeleton import LANDMARKS

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

SEEN = 0.5  # visibility and presence from which a landmark counts as seen, not guessed


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
    """

    xy: FloatArray
    z: FloatArray
    visibility: FloatArray
    presence: FloatArray
    world: FloatArray
    size: tuple[int, int]

    def __post_init__(self) -> None:
        people, points = len(self.xy), len(LANDMARKS)
        shapes = {"xy": (2,), "z": (), "visibility": (), "presence": (), "world": (3,)}
        for field in fields(self):
            if field.name == "size":
                continue
            array = np.array(getattr(self, field.name), np.float32)
            expected = (people, points, *shapes[field.name])
            if array.shape != expected:
                raise ValueError(f"{field.name} has the shape {array.shape}, not {expected}")
            array.setflags(write=False)
            object.__setattr__(self, field.name, array)

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
        """(P, 33) true where the landmark was seen, false where the model guessed it: hidden or outside."""
        width, height = self.size
        with np.errstate(invalid="ignore"):
            inside = ((self.xy >= 0) & (self.xy < (width, height))).all(-1)
            seen: BoolArray = inside & (self.visibility >= SEEN) & (self.presence >= SEEN)
        return seen

    @property
    def boxes(self) -> FloatArray:
        """(P, 4) left, top, right, bottom of each person's seen landmarks in pixels; NaN where none was seen."""
        points = np.where(self.seen[..., None], self.xy, np.nan)
        result = np.full((self.people, 4), np.nan, np.float32)
        found = self.seen.any(-1)
        if found.any():
            result[found] = np.hstack([np.nanmin(points[found], 1), np.nanmax(points[found], 1)])
        return result

    def person(self, number: int) -> Pose:
        """The pose of one of the people alone."""
        return self.take([number])

    def take(self, people: Sequence[int]) -> Pose:
        """The pose of some of the people, in this order."""
        chosen = list(people)
        arrays = {f.name: getattr(self, f.name)[chosen] for f in fields(self) if f.name != "size"}
        return replace(self, **arrays)

    def resized(self, size: tuple[int, int]) -> Pose:
        """The same pose in a picture scaled to `size` (width, height)."""
        factors = np.divide(size, self.size, dtype=np.float32)
        return replace(self, xy=self.xy * factors, z=self.z * factors[0], size=size)
