"""posecore count: how many repetitions of an exercise clips show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posecore.cli import options
from posecore.cli.batches import Batch
from posecore.cli.inputs import Source
from posecore.cli.telling import Done
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from posecore.clips.segment_jobs import Watch


def count(
    files: options.Clips,
    exercise: options.Counted,
    model: options.Model = DEFAULT_MODEL,
    people: options.People = 1,
    start: options.Start = 0.0,
    end: options.End = None,
    every: options.Every = 1,
    min_confidence: options.Confidence = DetectorSettings.min_confidence,
    closer: options.CloserLook = "auto",
    mirrored: options.Mirrored = False,
    workers: options.Workers = None,
    cluster: options.ClusterAddress = "",
    quiet: options.Quiet = False,
    json_lines: options.JsonLines = False,
) -> None:
    """Count an exercise's repetitions in clips, and write nothing."""
    from posecore.cli.clip_work import count_words, found_in, reservations, workers_for
    from posecore.clips.analysis import AnalysisSettings
    from posecore.exercises.review import reviews_of
    from posecore.formats.json_records import count_record

    batch = Batch(files, ["clip"], None, {}, quiet=quiet, json_lines=json_lines)
    detector = DetectorSettings(model, people, min_confidence, closer, mirrored)
    settings, everybody = AnalysisSettings(detector, start, end, every), people > 1

    def work(source: Source, watch: Watch) -> Done:
        clip, sequence = found_in(source.file, settings, at_work, watch)
        reviews = reviews_of(sequence, exercise, everybody=everybody)
        words, why = count_words(exercise, reviews, everybody=everybody)
        values = count_record(exercise, reviews, sequence.most_seen, everybody=everybody)
        return Done("; ".join([words, *why, *reservations(clip, sequence)]), (), values)

    with workers_for(workers, cluster, network=batch.inputs.far) as at_work:
        batch.run(work, at_work.count + 1)
