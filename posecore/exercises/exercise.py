"""What an exercise is: a signal that goes to and fro, what must hold, what can be done wrong, how points are made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from posecore.exercises.body_measures import Side, Space
from posecore.language import DEFAULT

View = Literal["any", "side", "front"]
When = Literal["turn", "during", "rest"]
Kind = Literal["repetitions", "hold"]
Texts = Mapping[str, str]  # by language

# What a condition may measure besides the body: the repetition itself.
OF_REPETITION = ("depth", "down_s", "up_s", "duration_s", "at_turn_s")


@dataclass(frozen=True)
class Signal:
    """The number that goes to and fro: at rest on the far side of `rest`, turning beyond `turn`.

    Between the two nothing is decided, so noise counts nothing. `side` "each" counts left and right by themselves.
    """

    measure: str
    side: Side | Literal["each"]
    space: Space
    rest: float
    turn: float

    def progress(self, value: float) -> float:
        """0 at the edge of rest, 1 at the edge of the turn."""
        return (value - self.rest) / (self.turn - self.rest)


@dataclass(frozen=True)
class Condition:
    """What holds where a measure lies between `above` and `below` in at least `share` of the frames of a period.

    With `change` it is the difference to the value at rest before. `view` is the view in which it can be judged; with
    `if_seen` it is not judged either where nothing it needs was seen, which else fails. `why` says what it means that
    it does not hold, `tip` what helps.
    """

    measure: str
    side: Side = "better"
    space: Space = "picture"
    when: When = "turn"
    above: float = -math.inf
    below: float = math.inf
    change: bool = False
    share: float = 0.5
    view: View = "any"
    if_seen: bool = False
    why: Texts | None = field(default=None, compare=False, repr=False)
    tip: Texts | None = field(default=None, compare=False, repr=False)

    def holds(self, value: float) -> bool:
        """For one value; NaN never does."""
        return self.above < value < self.below


@dataclass(frozen=True)
class Fault:
    """What can be done wrong: `weight` is the part of the points for faults that it takes, 0 to 1."""

    name: str
    condition: Condition
    weight: float
    messages: Texts = field(repr=False)

    def message(self, language: str = DEFAULT) -> str:
        """One sentence that says what to do better."""
        return self.messages[language]


@dataclass(frozen=True)
class Score:
    """How 100 points are made: of depth (or of time held), tempo and faults.

    Attributes:
        rest, full: where the points of `depth` begin, and where all are reached: in the signal's unit, or in
            seconds held. Those of the standard, also where somebody's own range was measured.
        down_s, up_s: seconds, from and to, that the way to the turn and the way back may take.
    """

    depth: float
    tempo: float
    faults: float
    rest: float
    full: float
    down_s: tuple[float, float] = (0.0, math.inf)
    up_s: tuple[float, float] = (0.0, math.inf)


@dataclass(frozen=True)
class Exercise:
    """One exercise; see `exercise_files`.

    Each of its `variants` is whole in itself and counts under its own name; what fits one of them is not counted again
    as the exercise. Nobody gets from rest to the turn in less than `way_s`.
    """

    name: str
    titles: Texts
    kind: Kind
    view: View
    signal: Signal | None
    shortest_s: float
    longest_s: float
    way_s: float
    requires: Sequence[Condition]
    faults: Sequence[Fault]
    score: Score
    variants: Sequence[Exercise] = ()

    def title(self, language: str = DEFAULT) -> str:
        """Its name for people."""
        return self.titles[language]
