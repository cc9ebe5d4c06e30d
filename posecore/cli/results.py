"""What every command does with its files: a name for each one's results, a line for each, one exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from posecore.errors import PoseError
from posecore.media.atomic_files import disk_is_full, write_error

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def told(file: Path, work: Callable[[], str]) -> int:
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


def result_names(files: Sequence[Path]) -> dict[Path, str]:
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


def check_inputs_stay(paths: Sequence[Path], inputs: set[Path]) -> None:
    """Raise a PoseError if a result would overwrite a file that was given."""
    for path in paths:
        if path.resolve() in inputs:
            raise PoseError("would_overwrite", path=path)
