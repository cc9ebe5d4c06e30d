"""posecore export: movements as files for other tools, from clips or from PoseLab's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from posecore.cli import options
from posecore.cli.batches import Batch
from posecore.cli.inputs import Source, check_inputs_stay
from posecore.cli.telling import Done
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.formats.file_formats import FORMATS
from posecore.media.atomic_files import make_folder

if TYPE_CHECKING:
    from posecore.clips.segment_jobs import Watch


def export_command(
    context: typer.Context,
    files: options.Movements,
    kinds: options.Kinds,
    out: options.Out,
    person: options.Person = None,
    height: options.Height = None,
    model: options.Model = DEFAULT_MODEL,
    people: options.People = 1,
    min_confidence: options.Confidence = DetectorSettings.min_confidence,
    closer: options.CloserLook = "auto",
    mirrored: options.Mirrored = False,
    workers: options.Workers = None,
    cluster: options.ClusterAddress = "",
    again: options.Again = False,
    quiet: options.Quiet = False,
    json_lines: options.JsonLines = False,
) -> None:
    """Write movements as files for other tools."""
    from posecore.cli.clip_work import movement, person_of, workers_for
    from posecore.clips.analysis import AnalysisSettings
    from posecore.formats.exports import export

    batch = Batch(files, ["clip", "movement"], out, context.params, quiet=quiet, json_lines=json_lines, again=again)
    settings = AnalysisSettings(DetectorSettings(model, people, min_confidence, closer, mirrored))

    def work(source: Source, watch: Watch) -> Done:
        targets = {kind: out / (source.name + FORMATS[kind].suffix) for kind in kinds.split(",")}
        check_inputs_stay(targets.values(), batch.inputs.files)
        sequence = movement(source.file, settings, at_work, watch)
        whose = person_of(sequence, person)
        for kind, target in targets.items():
            make_folder(target.parent)
            export(sequence, kind, target, whose, height)
        return Done(", ".join(map(str, targets.values())), tuple(targets.values()))

    with workers_for(workers, cluster, network=batch.inputs.far) as at_work:
        batch.run(work, at_work.count + 1)
