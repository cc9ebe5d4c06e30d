"""What was taught, ready to be recognised: the one way from a few seconds of somebody to a movement's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posecore.recognise.counting import cycles_of_examples
from posecore.recognise.example_windows import window_length, windows_of
from posecore.recognise.features import Track, features
from posecore.recognise.learning import Judgement, Learnt, learn, sides_matter
from posecore.recognise.teaching import Teaching


@dataclass(frozen=True, eq=False)
class Recogniser:
    """Made by `train`; the same teaching makes the same one.

    Attributes:
        names: of the movements, in the order of labels.
        window_s: seconds that are looked at together.
        mirrors: whether a movement in the mirror is the same; not where two of them differ by left and right.
        cycles: of each movement, how many times to and fro make one of it.
    """

    names: tuple[str, ...]
    window_s: float
    mirrors: bool
    cycles: tuple[float, ...]
    learnt: Learnt

    def judge(self, track: Track, ends_s: Sequence[float]) -> Judgement:
        """What somebody did in the windows that end at these moments; nothing else of the track matters."""
        rows = [features(track, end - self.window_s, end) for end in ends_s]
        return self.learnt.judge(np.array(rows))

    def name(self, label: int) -> str | None:
        """A label's; None for what is unknown."""
        return self.names[label] if label >= 0 else None


def train(teaching: Teaching) -> Recogniser:
    """Learn from all examples.

    Raises:
        TeachError: there are too few.
    """
    teaching.check_enough()
    window_s = window_length(teaching)
    windows = windows_of(teaching, window_s)
    mirrors = not sides_matter(windows)
    cycles = tuple(cycles_of_examples(one.examples) for one in teaching.movements)
    return Recogniser(teaching.names, window_s, mirrors, cycles, learn(windows, mirror=mirrors))
