"""How movements are cut into windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Missing = Literal["zero", "hold", "drop"]


@dataclass(frozen=True)
class WindowSettings:
    """How a movement is cut.

    Attributes:
        length, stride: of windows, and from one to the next, in frames.
        rate: frames a second that every movement is brought to.
        one_body: put everybody on one size (the trunk is 1 long) and one direction (to the camera), window by window.
        missing: what stands where nobody was found: zeros, the last place, or nothing, for then the window is dropped.
            The mask tells it in every case.
    """

    length: int = 60
    stride: int = 15
    rate: float = 30.0
    one_body: bool = False
    missing: Missing = "zero"

    def __post_init__(self) -> None:
        if min(self.length, self.stride, self.rate) <= 0:
            raise ValueError(f"{self.length}, {self.stride} and {self.rate} must be above 0")
