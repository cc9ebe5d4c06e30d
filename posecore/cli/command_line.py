"""The command line: python -m posecore image|video FILE... --out DIR"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecore.clips.analysis import AnalysisSettings, analyse, analyse_and_render
from posecore.clips.rendering import render
from posecore.clips.worker_processes import Workers
from posecore.detection.detector_settings import MOST_PEOPLE, DetectorSettings
from posecore.detection.image_detector import ImageDetector
from posecore.detection.models import DEFAULT_MODEL, QUALITIES
from posecore.errors import ExerciseError, PoseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.exercise_files import load_exercise
from posecore.exercises.repetitions import count_reps
from posecore.formats.csv_tables import repetition_table, sequence_angle_table, sequence_landmark_table, write_csv
from posecore.formats.json_records import exercise_record, summary_record, to_json
from posecore.kinematics.body_height import LEAST_HEIGHT_M, MOST_HEIGHT_M, metres_per_pixel
from posecore.media.atomic_files import disk_is_full, told_as_write_error, write_error, written_whole
from posecore.media.clip_files import Clip, probe
from posecore.media.picture_files import decoded_image
from posecore.pose import PoseSequence
from posecore.visuals.skeleton_drawing import to_png

if TYPE_CHECKING:
    import pandas as pd

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0 all files done, 1 some failed, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"{options.out}: {error.strerror}", file=sys.stderr)
        return USAGE
    try:
        status: int = options.command(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m posecore", description="Human pose estimation on any CPU; nothing leaves this machine."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    image = _command(commands, "image", "find people in pictures", _image, DetectorSettings.people)
    image.add_argument("files", nargs="+", metavar="FILE", type=Path, help="pictures")
    video = _command(commands, "video", "find people in clips and how they move", _video, 1)
    video.add_argument("files", nargs="+", metavar="FILE", type=Path, help="clips")
    video.add_argument("--start", type=_seconds, default=0.0, metavar="S", help="from this second on")
    video.add_argument("--end", type=_seconds, metavar="S", help="up to this second; default: to the end")
    video.add_argument("--every", type=_count, default=1, metavar="N", help="look at every N-th frame; default: 1")
    video.add_argument(
        "--exercise",
        type=_exercise,
        metavar="NAME",
        help="count its repetitions: squat, push_up ... or the path of a TOML file",
    )
    video.add_argument(
        "--height", type=_height, metavar="CM", help="of the person: how long a pixel is, in summary.json"
    )
    video.add_argument("--workers", type=_count, metavar="N", help="processes; default: one for every two cores")
    video.add_argument("--no-render", action="store_true", help="write no annotated.mp4")
    return parser


def _command(commands: Any, name: str, summary: str, run: Callable[..., int], people: int) -> argparse.ArgumentParser:
    """A command with the options that all have."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    parser.add_argument(
        "--model", choices=QUALITIES, default=DEFAULT_MODEL, help="best: two looks; default: %(default)s"
    )
    parser.add_argument(
        "--people",
        type=_people,
        default=people,
        metavar="N",
        help=f"people to look for at most, 1 to {MOST_PEOPLE}; default: %(default)s",
    )
    parser.add_argument(
        "--min-confidence",
        type=_confidence,
        default=DetectorSettings.min_confidence,
        metavar="C",
        help="0 to 1, from which a person counts as found; default: %(default)s",
    )
    parser.set_defaults(command=run)
    return parser


def _height(text: str) -> float:
    """Metres from centimetres."""
    try:
        metres = float(text) / 100
    except ValueError:
        metres = math.nan
    if not LEAST_HEIGHT_M <= metres <= MOST_HEIGHT_M:
        least, most = round(LEAST_HEIGHT_M * 100), round(MOST_HEIGHT_M * 100)
        raise argparse.ArgumentTypeError(f"{text} is not a height from {least} to {most} cm")
    return metres


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _exercise(text: str) -> Exercise:
    try:
        return load_exercise(Path(text) if "\n" in text else text)
    except ExerciseError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return value


def _people(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_PEOPLE}")
    return int(text)


def _confidence(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 1")
    return value


def _told(file: Path, work: Callable[[], str]) -> int:
    """Do the work on a file and say how it went; returns the exit status."""
    try:
        print(f"{file}: {work()}")
    except PoseError as error:
        print(f"{file}: {error}", file=sys.stderr)
        return FAILED
    except OSError as error:
        words = write_error(error, file) if disk_is_full(error) else error.strerror or error
        print(f"{file}: {words}", file=sys.stderr)
        return FAILED
    return DONE


def _image(options: argparse.Namespace) -> int:
    settings = DetectorSettings(options.model, options.people, options.min_confidence)
    stems = _result_names(options.files)
    inputs = {file.resolve() for file in stems}
    status = DONE
    with ImageDetector(settings) as detector, ThreadPoolExecutor(detector.callers) as pool:
        jobs = [
            pool.submit(_one_image, file, options.out / stem, inputs, detector, options.model)
            for file, stem in stems.items()
        ]
        try:
            for file, job in zip(stems, jobs, strict=True):
                status = max(status, _told(file, job.result))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return status


def _video(options: argparse.Namespace) -> int:
    detector = DetectorSettings(options.model, options.people, options.min_confidence)
    settings = AnalysisSettings(detector, options.start, options.end, options.every)
    stems = _result_names(options.files)
    inputs = {file.resolve() for file in stems}
    status = DONE
    with Workers(options.workers) as workers:
        for file, stem in stems.items():
            work = partial(_one_video, file, options.out / stem, inputs, settings, workers, options)
            status = max(status, _told(file, work))
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
    for path in (landmarks, angles, reps, summary, annotated):
        if path.resolve() in inputs:
            raise PoseError("would_overwrite", path=path)
    clip = probe(file)
    with told_as_write_error(target):
        target.mkdir(parents=True, exist_ok=True)
    sequence, seconds = _analysed(clip, settings, workers, None if options.no_render else annotated)
    for path, table in ((landmarks, sequence_landmark_table), (angles, sequence_angle_table)):
        _write(table(sequence), path)
    record = summary_record(clip, sequence, settings.detector.model, seconds)
    if options.height:
        scale = metres_per_pixel(sequence, _most_seen(sequence), options.height) if sequence.people else math.nan
        record["height_m"] = options.height
        record["metres_per_pixel"] = round(scale, 6) if math.isfinite(scale) else None
    counted = _counted(sequence, options.exercise, reps, record) if options.exercise else ""
    with written_whole(summary) as draft:
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
    found = f"somebody in {record['frames_with_people']} of {record['frames']} frames, {counted}{target}"
    return "; ".join([found, *_reservations(clip, sequence)])


def _reservations(clip: Clip, sequence: PoseSequence) -> list[str]:
    """What the file's own faults mean for the results."""
    said = ["the file breaks off, this is what could be read"] if clip.breaks_off else []
    if damaged := int(sequence.damaged.sum()):
        words = "is damaged; what is found in it" if damaged == 1 else "are damaged; what is found in them"
        said.append(f"{damaged} of {len(sequence.time)} frames {words} may be off")
    return said


def _write(table: pd.DataFrame, path: Path) -> None:
    with written_whole(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        write_csv(table, file)


def _counted(sequence: PoseSequence, exercise: Exercise, target: Path, record: dict[str, Any]) -> str:
    """Write the repetitions of whoever is in most frames, put their number in the record, and say it."""
    repetitions = count_reps(sequence, _most_seen(sequence), exercise) if sequence.people else []
    _write(repetition_table(repetitions), target)
    record["exercise"] = exercise_record(exercise, repetitions)
    return f"{exercise.title()}: {len(repetitions)}, "


def _most_seen(sequence: PoseSequence) -> int:
    return int(sequence.present.sum(0).argmax())


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


def _one_image(file: Path, target: Path, inputs: set[Path], detector: ImageDetector, model: str) -> str:
    record, picture = Path(f"{target}.json"), Path(f"{target}.annotated.png")
    for path in (record, picture):
        if path.resolve() in inputs:
            raise PoseError("would_overwrite", path=path)
    with decoded_image(file) as frame:
        pose = detector.detect(frame)
        with written_whole(record) as draft:
            draft.write_text(to_json(pose, model), encoding="utf-8")
        with written_whole(picture) as draft:
            draft.write_bytes(to_png(frame, pose))
    people = "1 person" if pose.people == 1 else f"{pose.people or 'no'} people"
    return f"{people}, {record}"


def _result_names(files: Sequence[Path]) -> dict[Path, str]:
    """Each file's stem; where an earlier file took it, the whole name, so that nothing is overwritten."""
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for file in files:
        if file in names:
            continue
        name, copy = file.stem, 1
        while name.lower() in taken:  # lower: some file systems do not tell A from a
            name = file.name if copy == 1 else f"{file.name}.{copy}"
            copy += 1
        names[file] = name
        taken.add(name.lower())
    return names
