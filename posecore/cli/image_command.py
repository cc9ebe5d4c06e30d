"""posecore image: people in pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import Batch
from posecore.cli.inputs import Source, check_inputs_stay
from posecore.cli.telling import Done
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.media.atomic_files import make_folder, written_whole

if TYPE_CHECKING:
    from posecore.clips.segment_jobs import Watch
    from posecore.detection.image_detector import ImageDetector

Pictures = Annotated[list[str], typer.Argument(metavar="FILE...", help="Pictures, folders, patterns.")]


def image(
    context: typer.Context,
    files: Pictures,
    out: options.Out,
    model: options.Model = DEFAULT_MODEL,
    people: options.People = DetectorSettings.people,
    min_confidence: options.Confidence = DetectorSettings.min_confidence,
    closer: options.CloserLook = DetectorSettings.closer,
    mirrored: options.Mirrored = False,
    again: options.Again = False,
    quiet: options.Quiet = False,
    json_lines: options.JsonLines = False,
) -> None:
    """Find people in pictures."""
    from posecore.detection.image_detector import ImageDetector

    batch = Batch(files, ["picture"], out, context.params, quiet=quiet, json_lines=json_lines, again=again)
    settings = DetectorSettings(model, people, min_confidence, closer, mirrored)

    def work(source: Source, _watch: Watch) -> Done:
        return _one_image(source.file, out / source.name, batch.inputs.files, detector, model)

    with ImageDetector(settings) as detector:
        batch.run(work, detector.callers)


def _one_image(file: Path, target: Path, inputs: set[Path], detector: ImageDetector, model: str) -> Done:
    from posecore.formats.json_records import pose_record, to_json
    from posecore.media.picture_files import decoded_image
    from posecore.visuals.skeleton_drawing import to_png

    record, picture = Path(f"{target}.json"), Path(f"{target}.annotated.png")
    check_inputs_stay([record, picture], inputs)
    make_folder(record.parent)
    with decoded_image(file) as frame:
        pose = detector.detect(frame)
        with written_whole(record) as draft:
            draft.write_text(to_json(pose, model), encoding="utf-8")
        with written_whole(picture) as draft:
            draft.write_bytes(to_png(frame, pose))
    people = "1 person" if pose.people == 1 else f"{pose.people or 'no'} people"
    return Done(f"{people}, {record}", (record, picture), {"people": pose_record(pose, model)["people"]})
