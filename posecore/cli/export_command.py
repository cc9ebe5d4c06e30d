"""posecore export: movements as files for other tools, from clips or from PoseLab's own files."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from posecore.cli import option_types
from posecore.cli.results import DONE, check_inputs_stay, result_names, told
from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.errors import PoseError
from posecore.formats.exports import FORMATS, export
from posecore.formats.poselab_files import SUFFIX, read_poselab
from posecore.media.clip_files import probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those that only this command has."""
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", type=Path, help=f"clips, or movements that were kept ({SUFFIX})")
    kinds = f"what to write, one or several of {', '.join(FORMATS)}; see docs/formats.md"
    add("--as", dest="kinds", required=True, type=_kinds, metavar="KIND,...", help=kinds)
    add("--person", type=option_types.count, metavar="N", help="whose, from 1; default: whoever is in most frames")
    add("--height", type=option_types.height, metavar="CM", help="of the person, for the size of BVH and GLB")
    add("--workers", type=option_types.count, metavar="N", help="processes; default: one for every two cores")


def run(options: argparse.Namespace) -> int:
    """Work through the files; return the exit status."""
    stems = result_names(options.files)
    inputs = {file.resolve() for file in stems}
    status = DONE
    with Workers(options.workers) as workers:
        for file, stem in stems.items():
            status = max(status, told(file, partial(_one, file, stem, inputs, workers, options)))
    return status


def _one(file: Path, stem: str, inputs: set[Path], workers: Workers, options: argparse.Namespace) -> str:
    targets = {kind: options.out / (stem + FORMATS[kind].suffix) for kind in options.kinds}
    check_inputs_stay(list(targets.values()), inputs)
    sequence = movement(file, workers, options)
    if options.person and options.person > sequence.people:
        raise PoseError("no_such_person", person=options.person, people=sequence.people)
    person = options.person - 1 if options.person else sequence.most_seen
    for kind, target in targets.items():
        export(sequence, kind, target, person, options.height)
    return ", ".join(map(str, targets.values()))


def movement(file: Path, workers: Workers, options: argparse.Namespace) -> PoseSequence:
    """What a clip shows, or what a file of PoseLab's own holds."""
    if file.suffix.lower() == SUFFIX:
        return read_poselab(file)
    clip = workers.lane().submit(probe, file).result()
    return analyse(clip, AnalysisSettings(option_types.detector(options)), workers.lane())


def _kinds(text: str) -> list[str]:
    kinds = list(dict.fromkeys(text.split(",")))
    if unknown := [kind for kind in kinds if kind not in FORMATS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(FORMATS)}")
    return kinds
