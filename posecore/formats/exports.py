"""Every format that a movement can be handed on in, by one verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posecore.formats.array_files import write_npz, write_parquet
from posecore.formats.coco_files import write_coco
from posecore.formats.csv_tables import write_csv
from posecore.formats.opensim_files import write_mot, write_trc
from posecore.formats.poselab_files import write_poselab
from posecore.formats.wide_tables import wide_landmark_table
from posecore.media.atomic_files import written_whole
from posecore.pose import PoseSequence


@dataclass(frozen=True)
class Format:
    """One of the formats.

    Attributes:
        suffix: of its files, with the dot.
        write: a sequence, the path, and whose file it is where it is one person's.
    """

    suffix: str
    mimetype: str
    write: Callable[[PoseSequence, Path, int], None]


def _whole(write: Callable[[PoseSequence, Path], None]) -> Callable[[PoseSequence, Path, int], None]:
    return lambda sequence, path, _person: write(sequence, path)


def _wide_csv(sequence: PoseSequence, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(wide_landmark_table(sequence), file)


FORMATS: dict[str, Format] = {
    "wide": Format(".wide.csv", "text/csv", _whole(_wide_csv)),
    "npz": Format(".npz", "application/octet-stream", _whole(write_npz)),
    "parquet": Format(".parquet", "application/vnd.apache.parquet", _whole(write_parquet)),
    "trc": Format(".trc", "text/tab-separated-values", write_trc),
    "mot": Format(".mot", "text/tab-separated-values", write_mot),
    "coco": Format(".coco.json", "application/json", _whole(write_coco)),
    "poselab": Format(".poselab", "application/zip", _whole(write_poselab)),
}


def export(sequence: PoseSequence, kind: str, path: Path, person: int = 0) -> None:
    """Write a movement in one of the `FORMATS`, whole or not at all.

    Args:
        person: whose, from 0, where a file is one person's.

    Raises:
        WriteError: it cannot be written.
    """
    with written_whole(path) as draft:
        FORMATS[kind].write(sequence, draft, person)
