"""How much is taken in from strangers, so that memory, time and disk stay bounded: all limits in one place.

Each can be set by the environment: POSELAB_CLIP_MINUTES=60, POSELAB_PICTURE_MEGAPIXELS=25, and so on.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TypeVar

from posecore.errors import PoseError

_Limits = TypeVar(
    "_Limits",
    "PictureLimits",
    "ClipLimits",
    "ArchiveLimits",
    "MovementLimits",
    "TaughtLimits",
    "ExerciseLimits",
    "VisitLimits",
)


@dataclass(frozen=True)
class PictureLimits:
    """What is accepted, so that memory stays under a gigabyte.

    A baseline JPEG may have more pixels, since it can be decoded at a reduced size; a progressive JPEG and a WebP
    fewer, since their decoders keep the picture several times over.
    """

    megabytes: int = 40
    megapixels: int = 50
    jpeg_megapixels: int = 200
    costly_megapixels: int = 25
    smallest_side: int = 16
    largest_side: int = 20_000


@dataclass(frozen=True)
class ClipLimits:
    """What is accepted."""

    megabytes: int = 500
    minutes: int = 30
    largest_side: int = 4096
    least_side: int = 16


@dataclass(frozen=True)
class ArchiveLimits:
    """What a ZIP may hold; archives in archives are not opened."""

    megabytes: int = 500
    unpacked_megabytes: int = 1000
    entries: int = 10_000


@dataclass(frozen=True)
class MovementLimits:
    """What is accepted as a movement that was kept; half an hour of one person has 20 megabytes, unpacked 90."""

    megabytes: int = 100
    unpacked_megabytes: int = 400


@dataclass(frozen=True)
class TaughtLimits:
    """What may be taught: examples a movement and seconds each; 360 examples of 4 seconds have 8 megabytes."""

    megabytes: int = 20
    unpacked_megabytes: int = 60
    movements: int = 6
    examples: int = 60
    example_seconds: int = 12
    name_letters: int = 40


@dataclass(frozen=True)
class ExerciseLimits:
    """What is accepted as a file of an exercise."""

    kilobytes: int = 64


@dataclass(frozen=True)
class VisitLimits:
    """What one visit may have here at a time: photos, pictures of a survey, and everything it brought together."""

    photos: int = 100
    survey_pictures: int = 100
    megabytes: int = 4200
    exercises: int = 5


def from_environment(kind: type[_Limits], name: str) -> _Limits:
    """Limits of a kind, as POSELAB_<NAME>_<FIELD> says where it does.

    Raises:
        PoseError: a value is no whole number above 0.
    """
    told = {}
    for field in fields(kind):
        variable = f"POSELAB_{name}_{field.name}".upper()
        if value := os.environ.get(variable, ""):
            if not value.isdigit() or not int(value):
                raise PoseError("setting_not_a_number", name=variable, value=value)
            told[field.name] = int(value)
    return kind(**told)


PICTURE_LIMITS = from_environment(PictureLimits, "picture")
CLIP_LIMITS = from_environment(ClipLimits, "clip")
ARCHIVE_LIMITS = from_environment(ArchiveLimits, "archive")
MOVEMENT_LIMITS = from_environment(MovementLimits, "movement")
TAUGHT_LIMITS = from_environment(TaughtLimits, "taught")
EXERCISE_LIMITS = from_environment(ExerciseLimits, "exercise")
VISIT_LIMITS = from_environment(VisitLimits, "visit")
