"""posecore compare: one movement beside another."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import FAILED
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.errors import PoseError
from posecore.media.places import place

First = Annotated[str, typer.Argument(metavar="FIRST", help="A clip or a .poselab file: the reference.")]
Second = Annotated[str, typer.Argument(metavar="SECOND", help="Another, which is put beside it.")]
Person = Annotated[int | None, typer.Option(min=1, metavar="N", help="In the first.  [default: the most seen]")]
Other = Annotated[int | None, typer.Option(min=1, metavar="N", help="In the second.  [default: the most seen]")]
NoMirror = Annotated[bool, typer.Option("--no-mirror", help="Left stays left, even if the mirror fits better.")]


def compare_command(
    first: First,
    second: Second,
    person: Person = None,
    other_person: Other = None,
    no_mirror: NoMirror = False,
    model: options.Model = DEFAULT_MODEL,
    people: options.People = 1,
    workers: options.Workers = None,
    as_json: options.AsJson = False,
) -> None:
    """Put a movement beside another: aligned in time, a score with its parts, every joint that is bent otherwise."""
    from posecore.cli.clip_work import movement, person_of, workers_for
    from posecore.clips.analysis import AnalysisSettings
    from posecore.clips.segment_jobs import Watch
    from posecore.compare.comparison import compare
    from posecore.compare.words import comparison_words

    settings = AnalysisSettings(DetectorSettings(model, people, closer="auto"))
    try:
        with workers_for(workers) as at_work:
            one, other = (movement(place(text), settings, at_work, Watch()) for text in (first, second))
        whose = person_of(one, person), person_of(other, other_person)
        found = compare(one, other, *whose, may_mirror=not no_mirror)
    except PoseError as error:
        typer.echo(f"{first}, {second}: {error}", err=True)
        raise typer.Exit(FAILED) from error
    if as_json:
        values = {"score": round(found.score, 1), "parts": found.scores, "mirrored": found.mirrored}
        typer.echo(json.dumps(values | {"differences": [asdict(each) for each in found.differences]}, indent=1))
        return
    typer.echo(f"{first}, {second}: " + "\n".join(comparison_words(found)))
