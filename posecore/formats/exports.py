"""Every format that a movement can be handed on in, by one verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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

Audience = Literal["spreadsheets", "python", "laboratories", "animation", "training", "poselab"]

_Write = Callable[[PoseSequence, Path, int, float | None], None]


@dataclass(frozen=True)
class Format:
    """One of the formats.

    Attributes:
        audience: whom it is for.
        suffix: of its files, with the dot.
        write: a sequence, the path, and whose file it is, and how tall they are, where it is one person's.
    """

    audience: Audience
    suffix: str
    mimetype: str
    write: _Write


def _whole(write: Callable[[PoseSequence, Path], None]) -> _Write:
    return lambda sequence, path, _person, _height_m: write(sequence, path)


def _of_one(write: Callable[[PoseSequence, Path, int], None]) -> _Write:
    return lambda sequence, path, person, _height_m: write(sequence, path, person)


def _wide_csv(sequence: PoseSequence, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(wide_landmark_table(sequence), file)


FORMATS: dict[str, Format] = {
    "xlsx": Format(
        "spreadsheets", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _whole(write_xlsx)
    ),
    "wide": Format("spreadsheets", ".wide.csv", "text/csv", _whole(_wide_csv)),
    "npz": Format("python", ".npz", "application/octet-stream", _whole(write_npz)),
    "parquet": Format("python", ".parquet", "application/vnd.apache.parquet", _whole(write_parquet)),
    "trc": Format("laboratories", ".trc", "text/tab-separated-values", _of_one(write_trc)),
    "mot": Format("laboratories", ".mot", "text/tab-separated-values", _of_one(write_mot)),
    "c3d": Format("laboratories", ".c3d", "application/octet-stream", _of_one(write_c3d)),
    "bvh": Format("animation", ".bvh", "text/plain", write_bvh),
    "glb": Format("animation", ".glb", "model/gltf-binary", write_glb),
    "coco": Format("training", ".coco.json", "application/json", _whole(write_coco)),
    "pose": Format("training", ".pose", "application/octet-stream", _whole(write_pose)),
    "poselab": Format("poselab", ".poselab", "application/zip", _whole(write_poselab)),
}


def export(sequence: PoseSequence, kind: str, path: Path, person: int = 0, height_m: float | None = None) -> None:
    """Write a movement in one of the `FORMATS`, whole or not at all.

    Args:
        person: whose, from 0, where a file is one person's.
        height_m: of that person, which gives figures their size.

    Raises:
        WriteError: it cannot be written, or it is a figure's and the person was found in no frame.
    """
    with written_whole(path) as draft:
        FORMATS[kind].write(sequence, draft, person, height_m)
