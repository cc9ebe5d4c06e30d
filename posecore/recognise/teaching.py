"""What a class teaches: a few movements by their names, with examples of each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

import numpy as np

from posecore.errors import TeachError
from posecore.limits import TAUGHT_LIMITS
from posecore.pose import PoseSequence
from posecore.recognise.features import Track, features, track_of

LEAST_MOVEMENTS, LEAST_EXAMPLES = 2, 3
LEAST_S = 0.5  # of an example
_LEAST_TOLD = 0.4  # of what is measured: arms alone are half
CLIP_LETTERS = 80  # of the name of a clip
_LEAST_ROWS = 3
_LEAST_SEEN = 0.6  # of an example's time


@dataclass(frozen=True, eq=False)
class Example:
    """A movement as somebody did it once.

    Attributes:
        track: its times begin at 0.
        clip: where it is from, "" for a place of its own; examples of one clip are not held against each other.
    """

    track: Track
    clip: str = ""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self.track.time[-1])


@dataclass(frozen=True, eq=False)
class TaughtMovement:
    """A movement or posture by its name."""

    name: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, eq=False)
class Teaching:
    """All that is taught together; unknown is everything else."""

    movements: tuple[TaughtMovement, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the movements, in their order, which is that of labels."""
        return tuple(one.name for one in self.movements)

    def with_movement(self, name: str) -> Teaching:
        """With another movement, still without examples.

        Raises:
            TeachError: the name is empty, too long or taken, or there are too many.
        """
        name = clean_name(name)
        if name.casefold() in map(str.casefold, self.names):
            raise TeachError("taught_name_taken", name=name)
        if len(self.movements) >= TAUGHT_LIMITS.movements:
            raise TeachError("taught_too_many", most=TAUGHT_LIMITS.movements)
        return Teaching((*self.movements, TaughtMovement(name)))

    def with_examples(self, name: str, *examples: Example) -> Teaching:
        """With more examples of a movement, which is begun where it is new.

        Raises:
            TeachError: as `with_movement`, or there are too many.
        """
        name = clean_name(name)
        begun = self if name in self.names else self.with_movement(name)
        number = begun.names.index(name)
        known = begun.movements[number]
        if len(known.examples) + len(examples) > TAUGHT_LIMITS.examples:
            raise TeachError("taught_too_many_examples", name=name, most=TAUGHT_LIMITS.examples)
        return begun._with(number, replace(known, examples=(*known.examples, *examples)))

    def without(self, name: str, example: int | None = None) -> Teaching:
        """Without one of a movement's examples, or without all of it."""
        number = self.names.index(name)
        if example is None:
            return Teaching(self.movements[:number] + self.movements[number + 1 :])
        kept = self.movements[number].examples
        return self._with(number, replace(self.movements[number], examples=kept[:example] + kept[example + 1 :]))

    def check_enough(self) -> None:
        """Look whether something can be learnt from it.

        Raises:
            TeachError: there are too few movements, or too few examples of one.
        """
        if len(self.movements) < LEAST_MOVEMENTS:
            raise TeachError("taught_too_few", least=LEAST_MOVEMENTS)
        for one in self.movements:
            if len(one.examples) < LEAST_EXAMPLES:
                raise TeachError(
                    "taught_too_few_examples", name=one.name, found=len(one.examples), least=LEAST_EXAMPLES
                )

    def _with(self, number: int, movement: TaughtMovement) -> Teaching:
        return Teaching((*self.movements[:number], movement, *self.movements[number + 1 :]))


def clean_name(text: str) -> str:
    """A name in any script, on one line, without signs that cannot be seen.

    Raises:
        TeachError: nothing is left, or more than is allowed.
    """
    name = _printable(unicodedata.normalize("NFC", text))
    if not name:
        raise TeachError("taught_no_name")
    if len(name) > TAUGHT_LIMITS.name_letters:
        raise TeachError("taught_long_name", most=TAUGHT_LIMITS.name_letters)
    return name


def example_of(sequence: PoseSequence, person: int, start_s: float, end_s: float, clip: str = "") -> Example:
    """A part of a clip as an example.

    Raises:
        TeachError: it is too short or too long, or the person is not seen for most of it.
    """
    if not LEAST_S <= end_s - start_s <= TAUGHT_LIMITS.example_seconds:
        raise TeachError("taught_length", least=LEAST_S, most=TAUGHT_LIMITS.example_seconds)
    track = track_of(sequence, person).between(start_s, end_s)
    inside = (sequence.time >= start_s) & (sequence.time <= end_s)
    enough = max(_LEAST_ROWS, _LEAST_SEEN * int(inside.sum()))
    if len(track.time) < enough or np.ptp(track.time) < _LEAST_SEEN * (end_s - start_s):
        raise TeachError("taught_nobody")
    time = (track.time - track.time[0]).astype(np.float32).astype(np.float64)  # as a file keeps them
    if np.isfinite(features(Track(time, track.points), 0, float(time[-1]))).mean() < _LEAST_TOLD:
        raise TeachError("taught_nobody")
    return Example(Track(time, track.points), _printable(clip)[:CLIP_LETTERS])


def _printable(text: str) -> str:
    """On one line, without signs that cannot be seen."""
    seen = "".join(" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in seen if unicodedata.category(sign)[0] != "C").split())
