"""What every format is in which a movement can be handed on; `exports` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Audience = Literal["spreadsheets", "python", "laboratories", "animation", "training", "poselab"]


@dataclass(frozen=True)
class Format:
    """One of the formats.

    Attributes:
        audience: whom it is for.
        suffix: of its files, with the dot.
    """

    audience: Audience
    suffix: str
    mimetype: str


FORMATS: dict[str, Format] = {
    "xlsx": Format("spreadsheets", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "wide": Format("spreadsheets", ".wide.csv", "text/csv"),
    "npz": Format("python", ".npz", "application/octet-stream"),
    "parquet": Format("python", ".parquet", "application/vnd.apache.parquet"),
    "trc": Format("laboratories", ".trc", "text/tab-separated-values"),
    "mot": Format("laboratories", ".mot", "text/tab-separated-values"),
    "c3d": Format("laboratories", ".c3d", "application/octet-stream"),
    "bvh": Format("animation", ".bvh", "text/plain"),
    "glb": Format("animation", ".glb", "model/gltf-binary"),
    "coco": Format("training", ".coco.json", "application/json"),
    "pose": Format("training", ".pose", "application/octet-stream"),
    "poselab": Format("poselab", ".poselab", "application/zip"),
}
