"""The command line: python -m posecore image|video|export|sequences FILE... --out DIR, or serve, or doctor"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from posecore.cli import (
    doctor_command,
    export_command,
    image_command,
    option_types,
    sequences_command,
    serve_command,
    video_command,
)
from posecore.cli.results import INTERRUPTED, USAGE
from posecore.detection.detector_settings import CLOSER, MOST_PEOPLE, DetectorSettings
from posecore.detection.engines import Closer
from posecore.detection.models import DEFAULT_MODEL, QUALITIES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0 all files done, 1 some failed, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    if out := getattr(options, "out", None):
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            print(f"{out}: {error.strerror}", file=sys.stderr)
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
    image = _command(
        commands,
        "image",
        "find people in pictures",
        image_command.run,
        DetectorSettings.people,
        DetectorSettings.closer,
    )
    image_command.add_options(image)
    video = _command(commands, "video", "find people in clips and how they move", video_command.run, 1, "auto")
    video_command.add_options(video)
    other = _command(commands, "export", "write movements as files for other tools", export_command.run, 1, "auto")
    export_command.add_options(other)
    cut = _command(
        commands, "sequences", "cut clips into windows for networks to learn from", sequences_command.run, 1, "auto"
    )
    sequences_command.add_options(cut)
    serve = commands.add_parser("serve", help="answer over HTTP", description="Answer over HTTP, see docs/http.md.")
    serve_command.add_options(serve)
    serve.set_defaults(command=serve_command.run)
    words = "whether this machine has what it takes, and what to do"
    doctor = commands.add_parser("doctor", help=words, description=f"{words.capitalize()}.")
    doctor_command.add_options(doctor)
    doctor.set_defaults(command=doctor_command.run)
    return parser


def _command(
    commands: Any, name: str, summary: str, run: Callable[..., int], people: int, closer: Closer
) -> argparse.ArgumentParser:
    """A command with the options that all have."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    parser.add_argument(
        "--model", choices=QUALITIES, default=DEFAULT_MODEL, help="best: two looks; default: %(default)s"
    )
    parser.add_argument(
        "--people",
        type=option_types.people,
        default=people,
        metavar="N",
        help=f"people to look for at most, 1 to {MOST_PEOPLE}; default: %(default)s",
    )
    parser.add_argument(
        "--min-confidence",
        type=option_types.confidence,
        default=DetectorSettings.min_confidence,
        metavar="C",
        help="0 to 1, from which a person counts as found; default: %(default)s",
    )
    parser.add_argument(
        "--closer",
        choices=CLOSER,
        default=closer,
        help="look at parts of the picture too, for small people and those at the back, at up to six times the "
        "time of a photo; auto: not where it shows one large person, and not in clips of one; default: %(default)s",
    )
    parser.add_argument(
        "--mirrored",
        action="store_true",
        help="look at everything in the mirror too: a tenth off angles, twice the time",
    )
    parser.set_defaults(command=run)
    return parser
