"""posecore sequences: clips cut into windows for networks to learn from; folders name what is done in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from posecore.cli import options
from posecore.cli.batches import DONE, FAILED, INTERRUPTED, Batch
from posecore.cli.inputs import Source
from posecore.cli.telling import Done
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.errors import PoseError
from posecore.training.window_settings import Missing, WindowSettings

if TYPE_CHECKING:
    from posecore.clips.segment_jobs import Watch
    from posecore.training.windows import Windows

_USUAL = WindowSettings()
Length = Annotated[int, typer.Option("--windows", min=1, metavar="N", help="Frames of each.")]
Stride = Annotated[int, typer.Option(min=1, metavar="N", help="Frames to the next.")]
Rate = Annotated[int, typer.Option("--fps", min=1, metavar="N", help="Frames a second of all.")]
OneBody = Annotated[bool, typer.Option("--one-body", help="Put everybody on one body size and one direction.")]
Gaps = Annotated[
    Missing, typer.Option("--missing", help="What stands where nobody was found; the mask tells it in every case.")
]
Kind = Annotated[Literal["npz", "parquet"], typer.Option("--as", help="The file.")]


def sequences(
    files: options.Movements,
    out: options.Out,
    windows: Length = _USUAL.length,
    stride: Stride = _USUAL.stride,
    fps: Rate = 30,
    one_body: OneBody = False,
    missing: Gaps = _USUAL.missing,
    kind: Kind = "npz",
    model: options.Model = DEFAULT_MODEL,
    people: options.People = 1,
    min_confidence: options.Confidence = DetectorSettings.min_confidence,
    closer: options.CloserLook = "auto",
    mirrored: options.Mirrored = False,
    workers: options.Workers = None,
    cluster: options.ClusterAddress = "",
    quiet: options.Quiet = False,
    json_lines: options.JsonLines = False,
) -> None:
    """Cut clips, in folders named for what is done in them, into windows for networks to learn from."""
    from posecore.cli.clip_work import movement, workers_for
    from posecore.clips.analysis import AnalysisSettings
    from posecore.training.windows import joined, windows_of

    batch = Batch(files, ["clip", "movement"], out, {}, quiet=quiet, json_lines=json_lines, goes_on=False)
    settings = AnalysisSettings(DetectorSettings(model, people, min_confidence, closer, mirrored))
    cut = WindowSettings(windows, stride, fps, one_body, missing)
    parts: dict[Source, list[Windows]] = {}

    def work(source: Source, watch: Watch) -> Done:
        label = source.file.resolve().parent.name
        sequence = movement(source.file, settings, at_work, watch)
        parts[source] = found = windows_of(sequence, label, f"{label}/{source.file.stem}", cut)
        return Done(f"{label}, {sum(map(len, found))} windows of {len(found)} people")

    with workers_for(workers, cluster, network=batch.inputs.far) as at_work:
        status = batch.worked_through(work, at_work.count + 1)
    if status != INTERRUPTED:
        in_order = [part for source in batch.inputs.sources for part in parts.get(source, [])]
        status = max(status, _written(joined(in_order, cut), out / f"sequences.{kind}", cut.rate, quiet=quiet))
    raise typer.Exit(status)


def _written(windows: Windows, target: Path, rate: float, *, quiet: bool) -> int:
    from posecore.training.window_files import write_windows_npz, write_windows_parquet

    try:
        if target.suffix == ".npz":
            write_windows_npz(windows, target, rate)
        else:
            write_windows_parquet(windows, target)
    except PoseError as error:
        typer.echo(str(error), err=True)
        return FAILED
    counts = ", ".join(f"{label} {count}" for label, count in sorted(Counter(windows.labels.tolist()).items()))
    if not quiet:
        typer.echo(f"{target}: {len(windows)} windows ({counts or 'none'})")
    return DONE
