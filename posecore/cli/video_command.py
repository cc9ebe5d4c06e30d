"""posecore video: people in clips and how they move."""

from __future__ import annotations

import argparse
import json
import math
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecore.cli import option_types
from posecore.cli.results import DONE, check_inputs_stay, result_names, told
from posecore.clips.analysis import AnalysisSettings, analyse, analyse_and_render
from posecore.clips.rendering import render
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import review_exercise
from posecore.formats.csv_tables import (
    class_repetition_table,
    class_table,
    repetition_table,
    sequence_angle_table,
    sequence_landmark_table,
    write_csv,
)
from posecore.formats.json_records import class_record, exercise_record, summary_record
from posecore.kinematics.body_height import metres_per_pixel
from posecore.media.atomic_files import told_as_write_error, written_whole
from posecore.media.clip_files import Clip, probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers
from posecore.visuals.exercise_report import counted_as, uncounted

if TYPE_CHECKING:
    import pandas as pd


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those that only this command has."""
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", type=Path, help="clips")
    add("--start", type=option_types.seconds, default=0.0, metavar="S", help="from this second on")
    add("--end", type=option_types.seconds, metavar="S", help="up to this second; default: to the end")
    add("--every", type=option_types.count, default=1, metavar="N", help="look at every N-th frame; default: 1")
    exercises = "count its repetitions: squat, push_up ... or the path of a TOML file; with several people everybody's"
    add("--exercise", type=option_types.exercise, metavar="NAME", help=exercises)
    add("--height", type=option_types.height, metavar="CM", help="of the person: how long a pixel is, in summary.json")
    add("--workers", type=option_types.count, metavar="N", help="processes; default: one for every two cores")
    add("--no-render", action="store_true", help="write no annotated.mp4")


def run(options: argparse.Namespace) -> int:
    """Work through the clips; return the exit status."""
    settings = AnalysisSettings(option_types.detector(options), options.start, options.end, options.every)
    stems = result_names(options.files)
    inputs = {file.resolve() for file in stems}
    status = DONE
    with Workers(options.workers) as workers:
        for file, stem in stems.items():
            work = partial(_one_video, file, options.out / stem, inputs, settings, workers, options)
            status = max(status, told(file, work))
    return status


def _one_video(
    file: Path,
    target: Path,
    inputs: set[Path],
    settings: AnalysisSettings,
    workers: Workers,
    options: argparse.Namespace,
) -> str:
    names = ("landmarks.csv", "angles.csv", "reps.csv", "summary.json", "annotated.mp4")
    landmarks, angles, reps, summary, annotated = (target / name for name in names)
    check_inputs_stay([landmarks, angles, reps, target / "class.csv", summary, annotated], inputs)
    clip: Clip = workers.lane().submit(probe, file).result()
    with told_as_write_error(target):
        target.mkdir(parents=True, exist_ok=True)
    sequence, seconds = _analysed(clip, settings, workers, None if options.no_render else annotated)
    for path, table in ((landmarks, sequence_landmark_table), (angles, sequence_angle_table)):
        _write(table(sequence), path)
    record = summary_record(clip, sequence, settings.detector.model, seconds)
    if options.height:
        scale = metres_per_pixel(sequence, sequence.most_seen, options.height) if sequence.people else math.nan
        record["height_m"] = options.height
        record["metres_per_pixel"] = round(scale, 6) if math.isfinite(scale) else None
    counted, why = "", list[str]()
    if options.exercise and options.people > 1:
        counted = _class_counted(sequence, options.exercise, reps, record)
    elif options.exercise:
        counted, why = _counted(sequence, options.exercise, reps, record)
    with written_whole(summary) as draft:
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
    found = f"somebody in {record['frames_with_people']} of {record['frames']} frames, {counted}{target}"
    return "; ".join([found, *why, *_reservations(clip, sequence)])


def _reservations(clip: Clip, sequence: PoseSequence) -> list[str]:
    """What the file's own faults mean for the results."""
    said = ["the file breaks off, this is what could be read"] if clip.breaks_off else []
    if cuts := int(sequence.cuts.sum()):
        said.append(f"{cuts} cut{'s' * (cuts > 1)} to another scene: who is who after one is told by clothes")
    if damaged := int(sequence.damaged.sum()):
        words = "is damaged; what is found in it" if damaged == 1 else "are damaged; what is found in them"
        said.append(f"{damaged} of {len(sequence.time)} frames {words} may be off")
    return said


def _write(table: pd.DataFrame, path: Path) -> None:
    with written_whole(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        write_csv(table, file)


def _counted(sequence: PoseSequence, exercise: Exercise, target: Path, record: dict[str, Any]) -> tuple[str, list[str]]:
    """Write the repetitions of whoever is in most frames, put their number in the record, and say it and why not."""
    if not sequence.people:
        _write(repetition_table([]), target)
        record["exercise"] = exercise_record(exercise, [])
        return f"{exercise.title()}: 0, ", []
    found = review_exercise(sequence, sequence.most_seen, exercise)
    _write(repetition_table(found.repetitions), target)
    record["exercise"] = exercise_record(exercise, found.repetitions, found.attempts)
    said = [sentence.rstrip(".") for sentence in [*counted_as(found), *uncounted(found)]]
    return f"{exercise.title()}: {len(found.repetitions)}, ", said


def _class_counted(sequence: PoseSequence, exercise: Exercise, target: Path, record: dict[str, Any]) -> str:
    """The same for everybody, whose numbers stand in the table and the record."""
    reviews = [review_exercise(sequence, person, exercise) for person in range(sequence.people)]
    _write(class_repetition_table(reviews), target)
    _write(class_table(reviews), target.with_name("class.csv"))
    most = reviews[sequence.most_seen] if reviews else None
    record["exercise"] = (
        exercise_record(exercise, most.repetitions, most.attempts) if most else exercise_record(exercise, [])
    )
    record["class"] = class_record(reviews)
    counts = ", ".join(f"{number}: {len(one.repetitions)}" for number, one in enumerate(reviews, 1))
    return f"{exercise.title()} by person {counts or 'nobody'}, "


def _analysed(
    clip: Clip, settings: AnalysisSettings, workers: Workers, target: Path | None
) -> tuple[PoseSequence, dict[str, float]]:
    """The poses and the seconds it took; an annotated clip too where there is a target."""
    began = time.monotonic()
    if target and settings.detector.people == 1:
        sequence, part = analyse_and_render(clip, settings, workers.lane(), target)
        seconds = time.monotonic() - began
        return sequence, {"analyse": seconds * (1 - part), "render": seconds * part}
    sequence = analyse(clip, settings, workers.lane())
    found = time.monotonic()
    if target:
        render(clip, sequence, target, workers.lane())
    return sequence, {"analyse": found - began, "render": time.monotonic() - found if target else 0.0}
