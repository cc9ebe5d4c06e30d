"""posecore teach: movements learnt from examples, which lie in a folder for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import FAILED
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.errors import PoseError, TeachError
from posecore.media.places import place

if TYPE_CHECKING:
    from posecore.pose import PoseSequence
    from posecore.recognise.checking import Check
    from posecore.recognise.teaching import Teaching

Examples = Annotated[
    Path,
    typer.Argument(
        parser=place,
        metavar="FOLDER",
        help="A folder for each movement, named for it, with clips or .poselab files in it.",
    ),
]
Output = Annotated[
    Path,
    typer.Option("--output", parser=place, metavar="FILE", help="To keep and share, such as class.poselab-taught."),
]


def teach(
    examples: Examples,
    output: Output,
    model: options.Model = DEFAULT_MODEL,
    workers: options.Workers = None,
    as_json: options.AsJson = False,
) -> None:
    """Teach movements by example: cut at the pauses, checked by leaving examples out, kept in a file."""
    from posecore.recognise.checking import check
    from posecore.recognise.taught_files import write_taught
    from posecore.recognise.words import check_words

    try:
        teaching = _taught(examples, model, workers)
        found = check(teaching)
        write_taught(teaching, output)
    except PoseError as error:
        typer.echo(f"{examples}: {error}", err=True)
        raise typer.Exit(FAILED) from error
    if as_json:
        typer.echo(json.dumps(_values(found), ensure_ascii=False, indent=1))
        return
    typer.echo("\n".join([f"{output}:", *_table(found), *check_words(found, teaching)]))


def _taught(examples: Path, model: str, workers: int | None) -> Teaching:
    """All that is in the folders; files in which nobody does anything are left out."""
    from posecore.cli.clip_work import movement, workers_for
    from posecore.cli.inputs import inputs_of
    from posecore.clips.analysis import AnalysisSettings
    from posecore.clips.segment_jobs import Watch
    from posecore.recognise.teaching import Teaching

    settings = AnalysisSettings(DetectorSettings(model, people=1))
    files = [source.file for source in inputs_of([str(examples)], ["clip", "movement"], None).sources]
    named = [(file.relative_to(examples).parts[0], file) for file in files if file.parent != examples]
    if not named or not examples.is_dir():
        raise TeachError("taught_no_examples")
    teaching = Teaching()
    with workers_for(workers) as at_work:
        for name, file in named:
            sequence = movement(file, settings, at_work, Watch())
            teaching = _with_clip(teaching, name, sequence, file.relative_to(examples).as_posix())
    return teaching


def _with_clip(teaching: Teaching, name: str, sequence: PoseSequence, clip: str) -> Teaching:
    from posecore.recognise.cutting import cut_into_examples
    from posecore.recognise.teaching import example_of

    person = sequence.most_seen
    parts = cut_into_examples(sequence, person) if sequence.people else []
    found = []
    for part in parts:
        try:
            found.append(example_of(sequence, person, part.start_s, part.end_s, clip))
        except TeachError as error:
            typer.echo(f"{clip}, {part.start_s:.1f} to {part.end_s:.1f} s: {error}", err=True)
    if not found:
        typer.echo(f"{clip}: nobody does anything for long enough; left out", err=True)
    return teaching.with_examples(name, *found)


def _table(found: Check) -> list[str]:
    """A row for each movement: what its examples are taken for."""
    columns = [*found.names, "?"]
    width = max(map(len, columns)) + 2
    rows = [[name, *map(str, row)] for name, row in zip(found.names, found.confusion.tolist(), strict=True)]
    return ["".join(cell.ljust(width) for cell in row).rstrip() for row in [["", *columns], *rows]]


def _values(found: Check) -> dict[str, object]:
    by_clip = None if found.by_clip is None else found.by_clip.tolist()
    return {
        "movements": list(found.names),
        "accuracy": round(found.accuracy, 3),
        "confusion": found.confusion.tolist(),
        "clip_accuracy": None if found.clip_accuracy is None else round(found.clip_accuracy, 3),
        "clip_confusion": by_clip,
    }
