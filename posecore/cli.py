"""The command line: python -m posecore image FILE... --out DIR"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from posecore.detector import MOST_PEOPLE, DetectorSettings, ImageDetector
from posecore.errors import PoseError
from posecore.exports import to_json, to_png
from posecore.images import decode_image
from posecore.models import DEFAULT_MODEL, MODELS

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
    image = commands.add_parser("image", help="find people in pictures", description="Find people in pictures.")
    image.add_argument("files", nargs="+", metavar="FILE", type=Path, help="pictures")
    image.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    image.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL, help="default: %(default)s")
    image.add_argument(
        "--people",
        type=_people,
        default=DetectorSettings.people,
        metavar="N",
        help=f"people to look for at most, 1 to {MOST_PEOPLE}; default: %(default)s",
    )
    image.add_argument(
        "--min-confidence",
        type=_confidence,
        default=DetectorSettings.min_confidence,
        metavar="C",
        help="0 to 1, from which a person counts as found; default: %(default)s",
    )
    image.set_defaults(command=_image)
    return parser


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


def _image(options: argparse.Namespace) -> int:
    settings = DetectorSettings(options.model, options.people, options.min_confidence)
    stems = _result_names(options.files)
    inputs = {file.resolve() for file in stems}
    status = DONE
    with ImageDetector(settings) as detector, ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            pool.submit(_one_image, file, options.out / stem, inputs, detector, options.model)
            for file, stem in stems.items()
        ]
        try:
            for file, job in zip(stems, jobs, strict=True):
                try:
                    print(f"{file}: {job.result()}")
                except PoseError as error:
                    print(f"{file}: {error}", file=sys.stderr)
                    status = FAILED
                except OSError as error:
                    print(f"{file}: {error.strerror or error}", file=sys.stderr)
                    status = FAILED
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return status


def _one_image(file: Path, target: Path, inputs: set[Path], detector: ImageDetector, model: str) -> str:
    record, picture = Path(f"{target}.json"), Path(f"{target}.annotated.png")
    for path in (record, picture):
        if path.resolve() in inputs:
            raise PoseError("would_overwrite", path=path)
    frame = decode_image(file)
    pose = detector.detect(frame)
    record.write_text(to_json(pose, model), encoding="utf-8")
    picture.write_bytes(to_png(frame, pose))
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
