"""Every format that a movement can be handed on in, by one verb."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posecore.formats.array_files import write_npz, write_parquet
from posecore.formats.bvh_files import write_bvh
from posecore.formats.c3d_files import write_c3d
from posecore.formats.coco_files import write_coco
from posecore.formats.csv_tables import write_csv
from posecore.formats.gltf_files import write_glb
from posecore.formats.opensim_files import write_mot, write_trc
from posecore.formats.pose_format_files import write_pose
from posecore.formats.poselab_files import write_poselab
from posecore.formats.spreadsheet_files import write_xlsx
from posecore.formats.wide_tables import wide_landmark_table
from posecore.media.atomic_files import written_whole
from posecore.pose import PoseSequence

_Write = Callable[[PoseSequence, Path, int, float | None], None]


def _whole(write: Callable[[PoseSequence, Path], None]) -> _Write:
    return lambda sequence, path, _person, _height_m: write(sequence, path)


def _of_one(write: Callable[[PoseSequence, Path, int], None]) -> _Write:
    return lambda sequence, path, person, _height_m: write(sequence, path, person)


def _wide_csv(sequence: PoseSequence, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(wide_landmark_table(sequence), file)


_WRITERS: dict[str, _Write] = {
    "xlsx": _whole(write_xlsx),
    "wide": _whole(_wide_csv),
    "npz": _whole(write_npz),
    "parquet": _whole(write_parquet),
    "trc": _of_one(write_trc),
    "mot": _of_one(write_mot),
    "c3d": _of_one(write_c3d),
    "bvh": write_bvh,
    "glb": write_glb,
    "coco": _whole(write_coco),
    "pose": _whole(write_pose),
    "poselab": _whole(write_poselab),
}


def export(sequence: PoseSequence, kind: str, path: Path, person: int = 0, height_m: float | None = None) -> None:
    """Write a movement in one of `file_formats.FORMATS`, whole or not at all.

    Args:
        person: whose, from 0, where a file is one person's.
        height_m: of that person, which gives figures their size.

    Raises:
        WriteError: it cannot be written, or it is a figure's and the person was found in no frame.
    """
    with written_whole(path) as draft:
        _WRITERS[kind](sequence, draft, person, height_m)
