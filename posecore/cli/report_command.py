"""posecore report: an exercise in a clip as an HTML page to read and print."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from posecore.cli import options
from posecore.cli.batches import Batch
from posecore.cli.inputs import Source, check_inputs_stay
from posecore.cli.telling import Done
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.models import DEFAULT_MODEL
from posecore.errors import PoseError
from posecore.language import DEFAULT, LANGUAGES
from posecore.media.atomic_files import make_folder, written_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecore.clips.segment_jobs import Watch
    from posecore.exercises.review import Review
    from posecore.media.clip_files import Clip
    from posecore.pose import PoseSequence


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise typer.BadParameter(f"{text} is none of {', '.join(LANGUAGES)}")
    return text


Language = Annotated[str, typer.Option("--lang", parser=_language, metavar="|".join(LANGUAGES), help="Of the page.")]


def report(
    context: typer.Context,
    files: options.Clips,
    exercise: options.Counted,
    out: options.Out,
    lang: Language = DEFAULT,
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
    again: options.Again = False,
    quiet: options.Quiet = False,
    json_lines: options.JsonLines = False,
) -> None:
    """Write an exercise as a page to read and print: count, scores, pictures, advice."""
    from posecore.cli.clip_work import count_words, found_in, workers_for
    from posecore.clips.analysis import AnalysisSettings
    from posecore.exercises.review import reviews_of

    batch = Batch(files, ["clip"], out, context.params, quiet=quiet, json_lines=json_lines, again=again)
    detector = DetectorSettings(model, people, min_confidence, closer, mirrored)
    settings = AnalysisSettings(detector, start, end, every)

    def work(source: Source, watch: Watch) -> Done:
        target = out / f"{source.name}.report.html"
        check_inputs_stay([target], batch.inputs.files)
        clip, sequence = found_in(source.file, settings, at_work, watch)
        if not sequence.people:
            raise PoseError("nobody_to_write")
        reviews = reviews_of(sequence, exercise, everybody=people > 1)
        page = at_work.lane().submit(_page, clip, sequence, reviews, people > 1, lang).result()
        make_folder(target.parent)
        with written_whole(target) as draft:
            draft.write_text(page, "utf-8")
        return Done(f"{count_words(exercise, reviews, everybody=people > 1)[0]}, {target}", (target,))

    with workers_for(workers, cluster, network=batch.inputs.far) as at_work:
        batch.run(work, at_work.count + 1)


def _page(clip: Clip, sequence: PoseSequence, reviews: Sequence[Review], everybody: bool, language: str) -> str:
    """Runs in a worker, which may read the clip."""
    from posecore.visuals.class_report import class_section
    from posecore.visuals.exercise_report import exercise_report
    from posecore.visuals.portraits import clip_portraits, shots

    most = sequence.most_seen
    first = ""
    if everybody:
        first = class_section(reviews, clip_portraits(clip, shots(sequence), sequence.people), language)
    return exercise_report(
        reviews[most if everybody else 0],
        clip,
        sequence,
        most,
        file=clip.path.name,
        made=datetime.now().astimezone().date(),
        first=first,
        language=language,
    )
