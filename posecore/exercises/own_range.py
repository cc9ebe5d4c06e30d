"""An exercise counted by somebody's own range of motion instead of the standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecore.errors import ExerciseError
from posecore.exercises.exercise import Exercise

# How far into their own range a person must come back, and go, to be at rest and at the turn.
_OWN_REST, _OWN_TURN = 0.25, 0.7
_LEAST_OF_STANDARD = 0.5


def calibrate(exercise: Exercise, values: Sequence[float] | NDArray[np.float64]) -> Exercise:
    """The exercise with thresholds in a person's own range; its score stays that of the standard.

    Args:
        values: of the exercise's signal (`RepCounter.value`, `signal_values`) during two slow repetitions.

    Raises:
        ExerciseError: they hardly move: less than half as far as from rest to turn.
    """
    signal = exercise.signal
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if signal is None or len(known) < 2:
        raise ExerciseError("calibration_small")
    low, high = np.percentile(known, (5, 95)).tolist()
    rest, turn = (low, high) if signal.turn > signal.rest else (high, low)
    if high - low < _LEAST_OF_STANDARD * abs(signal.turn - signal.rest):
        raise ExerciseError("calibration_small")
    own = replace(signal, rest=rest + _OWN_REST * (turn - rest), turn=rest + _OWN_TURN * (turn - rest))
    variants = [replace(one, signal=own) if one.signal == signal else one for one in exercise.variants]
    return replace(exercise, signal=own, variants=variants)
