"""How well a teaching is recognised: each example judged by what was learnt from the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecore.pose import BoolArray
from posecore.recognise.body_signals import across
from posecore.recognise.example_windows import ExampleWindows, Numbers, window_length, windows_of
from posecore.recognise.learning import UNKNOWN, learn, sides_matter
from posecore.recognise.teaching import Teaching


@dataclass(frozen=True, eq=False)
class Check:
    """Of C movements, by examples.

    Attributes:
        names: of the movements.
        confusion: (C, C + 1) how many examples of a row's movement were taken for a column's; in the last column for
            none. Each was left out of what was learnt.
        by_clip: the same with all examples of a clip left out together; None where a movement has one clip only.
        said: (E,) what each example was taken for, in the order of movements and their examples; `UNKNOWN` for none.
        mirrors: whether a movement in the mirror counts as the same.
    """

    names: tuple[str, ...]
    confusion: Numbers
    by_clip: Numbers | None
    said: Numbers
    mirrors: bool

    @property
    def accuracy(self) -> float:
        """0 to 1, of all examples."""
        return accuracy(self.confusion)

    @property
    def clip_accuracy(self) -> float | None:
        """The same with whole clips left out."""
        return None if self.by_clip is None else accuracy(self.by_clip)


def accuracy(confusion: Numbers) -> float:
    """Which part of all is taken for what it is."""
    return float(np.trace(confusion) / max(int(confusion.sum()), 1))


def check(teaching: Teaching) -> Check:
    """Leave out each example, and each clip.

    The limit of what counts as known is measured once, on all, for all of these.

    Raises:
        TeachError: there are too few examples.
    """
    teaching.check_enough()
    windows = windows_of(teaching, window_length(teaching))
    mirrors = not sides_matter(windows)
    limit = learn(windows, mirror=mirrors).limit
    labels = np.array([windows.labels[windows.examples == one][0] for one in np.unique(windows.examples)])
    said = _left_out(windows, windows.examples, mirrors, limit)
    by_clip = None
    if _clips_enough(windows):
        by_clip = _confusion(labels, _left_out(windows, windows.clips, mirrors, limit), len(teaching.names))
    return Check(teaching.names, _confusion(labels, said, len(teaching.names)), by_clip, said, mirrors)


def _left_out(windows: ExampleWindows, groups: Numbers, mirrors: bool, limit: float) -> Numbers:
    """(E,) what each example is taken for by what is learnt without its group."""
    said = np.full(int(windows.examples.max()) + 1, UNKNOWN)
    for group in np.unique(groups):
        tested = windows.take(groups == group)
        judged = learn(windows.take(groups != group), mirror=mirrors, limit=limit).judge(tested.rows).labels
        for example in np.unique(tested.examples):
            said[example] = _most(judged[tested.examples == example])
    return said


def _most(labels: Numbers) -> int:
    """What most windows are taken for; of equals a movement rather than none."""
    values, counts = np.unique(labels, return_counts=True)
    return int(values[::-1][counts[::-1].argmax()])


def _clips_enough(windows: ExampleWindows) -> bool:
    """Whether something is left of each movement, whichever clip is left out."""
    pairs = np.unique(np.stack([windows.labels, windows.clips], -1), axis=0)
    return bool(np.bincount(pairs[:, 0]).min() > 1)


def _confusion(labels: Numbers, said: Numbers, count: int) -> Numbers:
    table = np.zeros((count, count + 1), np.int64)
    np.add.at(table, (labels, np.where(said == UNKNOWN, count, said)), 1)
    return table


def views(teaching: Teaching) -> list[NDArray[np.bool_]]:
    """Of each movement (E,) whether an example is seen from the side rather than from front or back."""
    return [np.array([_from_the_side(one.track.points) for one in taught.examples]) for taught in teaching.movements]


def _from_the_side(points: NDArray[np.float32]) -> bool:
    middle = across(points.astype(np.float64)).mean(0)
    seen: BoolArray = np.abs(middle[2]) > np.abs(middle[0])
    return bool(seen)
