"""What a visitor takes home from a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from pages.shared.compare.sides import Beside
from pages.shared.downloads import Offer, show_offers
from pages.shared.page import Page
from pages.shared.visit import visit
from posecore.compare.comparison import Comparison
from posecore.formats.comparison_tables import comparison_table
from posecore.formats.csv_tables import to_csv
from posecore.formats.exports import export
from posecore.formats.file_formats import FORMATS
from posecore.visuals.comparison_report import comparison_report


def offer_comparison(page: Page, sides: Sequence[Beside], found: Comparison) -> None:
    """The report, the angles of both, and the first one as a reference to keep."""
    first, kind = sides[0], FORMATS["poselab"]
    stem = Path(first.file.name).stem
    offers: dict[str, Offer] = {
        "compare_report": (f"{stem}.comparison.html", "text/html", partial(_report, page.language, sides, found)),
        "compare_angles": (f"{stem}.comparison.csv", "text/csv", lambda: to_csv(comparison_table(found))),
        "compare_reference": (
            f"{stem}.reference{kind.suffix}",
            kind.mimetype,
            partial(_reference, first, visit().folder),
        ),
    }
    show_offers(page, offers, "compare_report")


def _report(language: str, sides: Sequence[Beside], found: Comparison) -> str:
    today = datetime.now().astimezone().date()
    return comparison_report(found, [side.shown() for side in sides], made=today, language=language)


def _reference(side: Beside, folder: Path) -> Path:
    path = folder / f"reference{FORMATS['poselab'].suffix}"
    alone = side.sequence.mapped(lambda values: values[:, [side.person]])
    export(alone, "poselab", path)
    return path
