"""Movements as files for other tools, made when they are asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pages.shared.downloads import Offer, show_offers
from pages.shared.page import Page
from pages.shared.visit import visit
from posecore.formats.exports import export
from posecore.formats.file_formats import FORMATS
from posecore.pose import PoseSequence

AUDIENCES = {f"clip_{kind}": one.audience for kind, one in FORMATS.items()}
_FIRST = "clip_glb"


def export_offers(name: str, sequence: PoseSequence, person: int, height_m: float | None) -> dict[str, Offer]:
    """One for each of the `FORMATS`."""
    stem, folder = Path(name).stem, visit().folder

    def exported(kind: str) -> Path:
        out = folder / f"export{FORMATS[kind].suffix}"
        export(sequence, kind, out, person, height_m)
        return out

    return {f"clip_{kind}": (stem + one.suffix, one.mimetype, partial(exported, kind)) for kind, one in FORMATS.items()}


def offer_exports(page: Page, name: str, sequence: PoseSequence, person: int, height_m: float | None) -> None:
    """The figure, and a menu of everything else."""
    show_offers(page, export_offers(name, sequence, person, height_m), _FIRST, AUDIENCES)
