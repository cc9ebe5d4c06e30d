"""The options that commands share, and what may stand behind them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecore.detection.detector_settings import MOST_PEOPLE
from posecore.detection.engines import Closer
from posecore.detection.models import Quality
from posecore.errors import ExerciseError
from posecore.formats.file_formats import FORMATS
from posecore.media.places import place

# What takes long to import waits until it is needed: help is there at once.
if TYPE_CHECKING:
    from posecore.exercises.exercise import Exercise
else:
    Exercise = object


def _height(text: str) -> float:
    """Metres from centimetres."""
    from posecore.kinematics.body_height import LEAST_HEIGHT_M, MOST_HEIGHT_M

    metres = _number(text) / 100
    if not LEAST_HEIGHT_M <= metres <= MOST_HEIGHT_M:
        least, most = round(LEAST_HEIGHT_M * 100), round(MOST_HEIGHT_M * 100)
        raise typer.BadParameter(f"{text} is not a height from {least} to {most} cm")
    return metres


def _exercise(text: str) -> Exercise:
    from posecore.exercises.exercise_files import load_exercise

    try:
        return load_exercise(Path(text) if "\n" in text else text)
    except ExerciseError as error:
        raise typer.BadParameter(str(error)) from error


def _seconds(text: str) -> float:
    value = _number(text)
    if not 0 <= value < math.inf:
        raise typer.BadParameter(f"{text} is not a number of seconds")
    return value


def _kinds(text: str) -> str:
    if unknown := [kind for kind in text.split(",") if kind not in FORMATS]:
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(FORMATS)}")
    return text


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


Out = Annotated[
    Path, typer.Option(parser=place, metavar="DIR", help="Folder or address for the results.", show_default=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")]
JsonLines = Annotated[bool, typer.Option("--json-lines", help="A JSON object a line, also while it works.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")]
Again = Annotated[bool, typer.Option("--again", help="Of a folder, do what is done already once more.")]

Model = Annotated[Quality, typer.Option(help="Larger ones see better and take longer; best looks twice.")]
People = Annotated[int, typer.Option(min=1, max=MOST_PEOPLE, metavar="N", help="People to look for at most.")]
Confidence = Annotated[
    float, typer.Option(min=0, max=1, metavar="C", help="0 to 1, from which a person counts as found.")
]
CloserLook = Annotated[
    Closer,
    typer.Option(
        help="Look at parts of the picture too, for small people and those at the back: three times as long for one "
        "person, much longer in a crowd. auto: not where a photo shows one large person, and not in clips of one."
    ),
]
Mirrored = Annotated[
    bool, typer.Option("--mirrored", help="Look at everything in the mirror too: a tenth off angles, twice the time.")
]
Workers = Annotated[int | None, typer.Option(min=1, metavar="N", help="Processes.  [default: one for every two cores]")]

ClusterAddress = Annotated[
    str,
    typer.Option(
        "--cluster",
        envvar="POSELAB_CLUSTER",
        metavar="ADDRESS",
        help="Of a Dask scheduler, such as tcp://scheduler:8786, whose machines do the work; see docs/cluster.md.",
    ),
]

Start = Annotated[float, typer.Option(parser=_seconds, metavar="S", help="From this second on.")]
End = Annotated[
    float | None, typer.Option(parser=_seconds, metavar="S", help="Up to this second.  [default: to the end]")
]
Every = Annotated[int, typer.Option(min=1, metavar="N", help="Look at every N-th frame.")]
_WHICH = "squat, push_up ... or the path of a TOML file; with several people everybody's."
Counted = Annotated[Exercise, typer.Option("--exercise", parser=_exercise, metavar="NAME", help=f"Which: {_WHICH}")]
MaybeCounted = Annotated[
    Exercise | None,
    typer.Option("--exercise", parser=_exercise, metavar="NAME", help=f"Count its repetitions: {_WHICH}"),
]
Height = Annotated[float | None, typer.Option(parser=_height, metavar="CM", help="Of the person, for metres.")]
Kinds = Annotated[
    str,
    typer.Option(
        "--as",
        callback=_kinds,
        metavar="KIND,...",
        help=f"What to write, one or several of {', '.join(FORMATS)}; see docs/formats.md.",
        show_default=False,
    ),
]
Person = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Whose, from 1.  [default: whoever is in most frames]")
]

Clips = Annotated[list[str], typer.Argument(metavar="FILE...", help="Clips, folders, patterns.")]
_KEPT = f"Clips, or movements that were kept ({FORMATS['poselab'].suffix}); folders, patterns."
Movements = Annotated[list[str], typer.Argument(metavar="FILE...", help=_KEPT)]
