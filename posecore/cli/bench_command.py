"""posecore bench: what this machine can do, as the feasibility page measures it."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import FAILED
from posecore.errors import PoseError

if TYPE_CHECKING:
    from posecore.feasibility.machine_measurement import Machine

_FRAMES = 60  # of the clip, that are looked at over and over

Clip = Annotated[Path, typer.Argument(metavar="FILE", help="A clip of one person, of a second or more.")]
Seconds = Annotated[float, typer.Option(min=1, metavar="S", help="How long to measure; longer is surer.")]


def bench(clip: Clip, seconds: Seconds = 30.0, as_json: options.AsJson = False) -> None:
    """Measure what this machine can do: milliseconds a picture, pictures a second, webcams at once, clips an hour."""
    from posecore.feasibility.machine_measurement import clips_an_hour, measure
    from posecore.media.clip_files import frames_of

    show = None if as_json or not sys.stderr.isatty() else _show
    try:
        machine = measure(partial(frames_of, clip, 0, _FRAMES), seconds, show)
    except PoseError as error:
        typer.echo(f"{clip}: {error}", err=True)
        raise typer.Exit(FAILED) from error
    if as_json:
        table = machine.table.assign(clips_an_hour=machine.table["per_second"].map(clips_an_hour))
        rows = json.loads(table.to_json(orient="records"))
        typer.echo(
            json.dumps({"machine": machine.description, "made": machine.made.isoformat(), "rows": rows}, indent=1)
        )
    else:
        _print(machine)


def _show(done: float, kind: str, model: str, workers: int) -> None:
    typer.echo(f"\r{done:4.0%} {kind}, {model}, {workers} at once   ", err=True, nl=False)


def _print(machine: Machine) -> None:
    """A row a model, for pictures of the middle size; `--json` has everything."""
    from rich.console import Console
    from rich.table import Table

    from posecore.detection.models import MODELS
    from posecore.feasibility.charts_and_tables import key_figures
    from posecore.feasibility.machine_measurement import SIZES

    rows = {model: key_figures(machine, model, SIZES[1]) for model in MODELS}
    shown = Table("", *rows)
    for name in next(iter(rows.values())):
        shown.add_row(name, *(figures[name] for figures in rows.values()))
    Console().print(machine.description, shown, "Pictures of {} x {}, one person.".format(*SIZES[1]), sep="\n")
