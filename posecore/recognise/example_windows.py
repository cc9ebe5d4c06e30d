"""The examples of a teaching as windows, measured once however often they are learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecore.pose import BoolArray
from posecore.recognise.body_signals import Array
from posecore.recognise.features import STILL, features, speed_of
from posecore.recognise.teaching import Example, Teaching

_SHORTEST_S, _LONGEST_S = 1.0, 2.0
_STEP = 0.25  # of a window, from one to the next
_MOST = 8  # of one example

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ExampleWindows:
    """N windows.

    Attributes:
        rows: (N, F) as `features` gives them.
        labels: (N,) which movement it is.
        examples: (N,) which example it is from, counted through all movements.
        clips: (N,) which clip that is from.
    """

    rows: Array
    labels: Numbers
    examples: Numbers
    clips: Numbers

    def take(self, chosen: BoolArray) -> ExampleWindows:
        """Some of them."""
        return ExampleWindows(self.rows[chosen], self.labels[chosen], self.examples[chosen], self.clips[chosen])


def window_length(teaching: Teaching) -> float:
    """Seconds: as long as the shortest of the movements takes, within limits; postures may be shown briefly."""
    lengths = {True: [_LONGEST_S], False: [_LONGEST_S]}
    for one in teaching.movements:
        moving = np.median([speed_of(example.track) for example in one.examples]) > STILL
        lengths[bool(moving)].append(float(np.median([example.seconds for example in one.examples])))
    chosen = lengths[True] if len(lengths[True]) > 1 else lengths[False]
    return float(np.clip(min(chosen), _SHORTEST_S, _LONGEST_S))


def windows_of(teaching: Teaching, window_s: float) -> ExampleWindows:
    """All examples; one that is shorter than a window is one by itself."""
    rows, labels, examples, clips = [], [], [], []
    known: dict[str, int] = {}
    count = 0
    for label, movement in enumerate(teaching.movements):
        for example in movement.examples:
            clip = known.setdefault(example.clip or f"\0{count}", len(known))
            for start, end in _parts(example, window_s):
                rows.append(features(example.track, start, end))
                labels.append(label)
                examples.append(count)
                clips.append(clip)
            count += 1
    return ExampleWindows(np.array(rows), np.array(labels), np.array(examples), np.array(clips))


def _parts(example: Example, window_s: float) -> Iterator[tuple[float, float]]:
    room = example.seconds - window_s
    if room <= 0:
        yield 0.0, example.seconds
        return
    count = min(_MOST, 1 + int(np.ceil(room / (_STEP * window_s))))
    for start in np.linspace(0, room, count):
        yield float(start), float(start + window_s)
