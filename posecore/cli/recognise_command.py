"""posecore recognise: what was taught, found along a clip."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import FAILED
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.errors import PoseError
from posecore.media.places import place

Taught = Annotated[Path, typer.Argument(parser=place, metavar="TAUGHT", help="A file that `teach` or the page made.")]
Shown = Annotated[Path, typer.Argument(parser=place, metavar="CLIP", help="A clip or a .poselab file.")]


def recognise(
    taught: Taught,
    clip: Shown,
    person: options.Person = None,
    model: options.Model = DEFAULT_MODEL,
    people: options.People = 1,
    workers: options.Workers = None,
    as_json: options.AsJson = False,
) -> None:
    """Find taught movements in a clip: when each is done, and how often; what is like none of them is unknown."""
    from posecore.cli.clip_work import movement, person_of, workers_for
    from posecore.clips.analysis import AnalysisSettings
    from posecore.clips.segment_jobs import Watch
    from posecore.recognise.recogniser import train
    from posecore.recognise.taught_files import read_taught
    from posecore.recognise.timeline import counts, spans_of

    try:
        recogniser = train(read_taught(taught))
        with workers_for(workers) as at_work:
            settings = AnalysisSettings(DetectorSettings(model, people, closer="auto"))
            sequence = movement(clip, settings, at_work, Watch())
        whose = person_of(sequence, person)
        spans = spans_of(recogniser, sequence, whose) if sequence.people else []
    except PoseError as error:
        typer.echo(f"{taught}, {clip}: {error}", err=True)
        raise typer.Exit(FAILED) from error
    told = [
        {
            "movement": recogniser.names[span.label],
            "start_s": round(span.start_s, 2),
            "end_s": round(span.end_s, 2),
            "count": span.count,
            "confidence": round(span.confidence, 2),
        }
        for span in spans
    ]
    count = counts(recogniser, spans)
    if as_json:
        typer.echo(json.dumps({"counts": count, "spans": told}, ensure_ascii=False, indent=1))
        return
    lines = [f"{one['start_s']:6.1f} to {one['end_s']:6.1f} s  {one['movement']}, {one['count']}" for one in told]
    summary = ", ".join(f"{name} {number}" for name, number in count.items())
    typer.echo("\n".join([f"{clip}: {summary}", *lines]))
