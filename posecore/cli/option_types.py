"""What may stand behind the options of a command."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from posecore.detection.detector_settings import MOST_PEOPLE, DetectorSettings
from posecore.errors import ExerciseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.exercise_files import load_exercise
from posecore.kinematics.body_height import LEAST_HEIGHT_M, MOST_HEIGHT_M


def height(text: str) -> float:
    """Metres from centimetres."""
    metres = _number(text) / 100
    if not LEAST_HEIGHT_M <= metres <= MOST_HEIGHT_M:
        least, most = round(LEAST_HEIGHT_M * 100), round(MOST_HEIGHT_M * 100)
        raise argparse.ArgumentTypeError(f"{text} is not a height from {least} to {most} cm")
    return metres


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def exercise(text: str) -> Exercise:
    try:
        return load_exercise(Path(text) if "\n" in text else text)
    except ExerciseError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def seconds(text: str) -> float:
    value = _number(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return value


def people(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_PEOPLE}")
    return int(text)


def confidence(text: str) -> float:
    value = _number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 1")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def detector(options: argparse.Namespace) -> DetectorSettings:
    """What people are looked for with, as the options say that all commands have."""
    chosen = options.model, options.people, options.min_confidence
    return DetectorSettings(*chosen, closer=options.closer, mirrored=options.mirrored)
