"""posecore sequences: clips cut into windows for networks to learn from; folders name what is done in them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from posecore.cli import option_types
from posecore.cli.export_command import movement
from posecore.cli.results import DONE, FAILED, told
from posecore.errors import PoseError
from posecore.processes.worker_processes import Workers
from posecore.training.window_files import write_windows_npz, write_windows_parquet
from posecore.training.windows import MISSING, Windows, WindowSettings, joined, windows_of

_KINDS = ("npz", "parquet")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those that only this command has."""
    add, usual = parser.add_argument, WindowSettings()
    add(
        "files", nargs="+", metavar="FILE", type=Path, help="clips or .poselab files, in folders named for what is done"
    )
    add(
        "--windows",
        type=option_types.count,
        default=usual.length,
        metavar="N",
        help="frames of each; default: %(default)s",
    )
    add(
        "--stride",
        type=option_types.count,
        default=usual.stride,
        metavar="N",
        help="frames to the next; default: %(default)s",
    )
    add(
        "--fps",
        type=option_types.count,
        default=round(usual.rate),
        metavar="N",
        help="frames a second of all; default: %(default)s",
    )
    add("--one-body", action="store_true", help="put everybody on one body size and one direction")
    missing = "what stands where nobody was found; the mask tells it in every case; default: %(default)s"
    add("--missing", choices=MISSING, default=usual.missing, help=missing)
    add("--as", dest="kind", choices=_KINDS, default=_KINDS[0], help="default: %(default)s")
    add("--workers", type=option_types.count, metavar="N", help="processes; default: one for every two cores")


def run(options: argparse.Namespace) -> int:
    """Cut all clips and write one file; return the exit status."""
    settings = WindowSettings(options.windows, options.stride, options.fps, options.one_body, options.missing)
    parts: list[Windows] = []
    status = DONE
    with Workers(options.workers) as workers:
        for file in dict.fromkeys(options.files):
            status = max(status, told(file, partial(_cut, file, parts, settings, workers, options)))
    windows = joined(parts, settings)
    target = options.out / f"sequences.{options.kind}"
    try:
        if options.kind == "npz":
            write_windows_npz(windows, target, settings.rate)
        else:
            write_windows_parquet(windows, target)
    except PoseError as error:
        print(error, file=sys.stderr)
        return FAILED
    counts = ", ".join(f"{label} {count}" for label, count in sorted(Counter(windows.labels.tolist()).items()))
    print(f"{target}: {len(windows)} windows ({counts or 'none'})")
    return status


def _cut(
    file: Path, parts: list[Windows], settings: WindowSettings, workers: Workers, options: argparse.Namespace
) -> str:
    label = file.resolve().parent.name
    found = windows_of(movement(file, workers, options), label, f"{label}/{file.stem}", settings)
    parts += found
    return f"{label}, {sum(map(len, found))} windows of {len(found)} people"
