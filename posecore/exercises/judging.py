"""Whether conditions hold in the frames of a movement."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Literal, NamedTuple

from posecore.exercises.body_measures import Side, Space
from posecore.exercises.exercise import OF_REPETITION, Condition, View, When
from posecore.exercises.signal_phases import Excursion
from posecore.kinematics.clinical_angles import Facing

REST_MEMORY = 1.0  # seconds before a movement that count as rest
_AT_TURN = 0.85  # of the way that was gone; from there on somebody is at the turn
_VIEWS: dict[Facing, View] = {"left": "side", "right": "side", "front": "front", "back": "front"}

Quantity = tuple[str, Side, Space]  # what is measured of a body: its name, of which side, in which space
Verdict = Literal["holds", "fails", "unseen"]


class Frame(NamedTuple):
    """What is kept of a frame until the movement in which it lies is over."""

    time_s: float
    progress: tuple[float, ...]  # of each signal that is followed, as it is; NaN unknown
    values: Mapping[Quantity, float]
    trust: tuple[float, ...] = ()  # how well what each of the signals needs was seen


Periods = Mapping[When, Sequence[Frame]]


def quantity(condition: Condition) -> Quantity:
    """What a condition measures."""
    return condition.measure, condition.side, condition.space


def quantities(conditions: Iterable[Condition]) -> list[Quantity]:
    """What has to be measured in each frame for these conditions."""
    return list(dict.fromkeys(quantity(one) for one in conditions if one.measure not in OF_REPETITION))


def periods(frames: Iterable[Frame], way: Excursion, place: int) -> Periods:
    """The frames before, during and at the turn of a movement of the signal at `place`."""
    known = [frame for frame in frames if way.start_s - REST_MEMORY <= frame.time_s]
    during = [frame for frame in known if way.start_s <= frame.time_s <= way.end_s]
    edge = max(0.9, _AT_TURN * way.progress)
    turn = [frame for frame in during if frame.progress[place] >= edge]
    nearest = min(during, key=lambda frame: abs(frame.time_s - way.turn_s), default=None)
    return {
        "rest": [frame for frame in known if frame.time_s < way.start_s and frame.progress[place] <= 0],
        "during": during,
        "turn": turn or ([nearest] if nearest else []),
    }


def view_of(facing: Facing | None) -> View:
    """From where somebody is seen; any while that is not known."""
    return "any" if facing is None else _VIEWS[facing]


def verdict(condition: Condition, within: Periods, way: Excursion) -> Verdict:
    """Whether a condition holds in its period."""
    if condition.measure in OF_REPETITION:
        return "holds" if condition.holds(_of_repetition(condition.measure, way)) else "fails"
    values = _known(within[condition.when], condition)
    if condition.change:
        rest = _known(within["rest"], condition)
        values = [value - median(rest) for value in values] if rest else []
    if not values:
        return "holds" if condition.if_seen else "unseen"
    return "holds" if sum(map(condition.holds, values)) >= condition.share * len(values) else "fails"


def _known(frames: Sequence[Frame], condition: Condition) -> list[float]:
    values = (frame.values[quantity(condition)] for frame in frames)
    return [value for value in values if math.isfinite(value)]


def _of_repetition(name: str, way: Excursion) -> float:
    return {
        "depth": way.depth,
        "down_s": way.turn_s - way.start_s,
        "up_s": way.end_s - way.turn_s,
        "duration_s": way.duration_s,
        "at_turn_s": way.at_turn_s,
    }[name]
