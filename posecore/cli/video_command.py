"""posecore video: people in clips and how they move."""

from __future__ import annotations

from typing import Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import Batch
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL

NoRender = Annotated[bool, typer.Option("--no-render", help="Write no annotated.mp4.")]


def video(
    context: typer.Context,
    files: options.Clips,
    out: options.Out,
    exercise: options.MaybeCounted = None,
    model: options.Model = DEFAULT_MODEL,
    people: options.People = 1,
    start: options.Start = 0.0,
    end: options.End = None,
    every: options.Every = 1,
    height: options.Height = None,
    no_render: NoRender = False,
    min_confidence: options.Confidence = DetectorSettings.min_confidence,
    closer: options.CloserLook = "auto",
    mirrored: options.Mirrored = False,
    workers: options.Workers = None,
    cluster: options.ClusterAddress = "",
    again: options.Again = False,
    quiet: options.Quiet = False,
    json_lines: options.JsonLines = False,
) -> None:
    """Find people in clips and how they move."""
    from posecore.cli.clip_results import ClipResults
    from posecore.cli.clip_work import workers_for
    from posecore.clips.analysis import AnalysisSettings

    batch = Batch(files, ["clip"], out, context.params, quiet=quiet, json_lines=json_lines, again=again)
    settings = AnalysisSettings(DetectorSettings(model, people, min_confidence, closer, mirrored), start, end, every)
    with workers_for(workers, cluster, network=batch.inputs.far) as at_work:
        # Of a folder the log has the times.
        ways = {"renders": not no_render, "timed": not batch.inputs.many}
        results = ClipResults(settings, exercise, height, at_work, batch.inputs.files, **ways)
        batch.run(lambda source, watch: results.write(source, out / source.name, watch), at_work.count + 1)
