"""Figures as rows of one table: text, Markdown or JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from posecore.feasibility.machine_measurement import description


@dataclass(frozen=True)
class Row:
    """One figure: its values in the rounds of a run, and beside what it was measured in the same rounds.

    Attributes:
        beside: what the ratio is to, and `other` its values, round by round.
        inverse: the ratio is other to own, for times, where smaller is better.
        note: what else has to be known.
    """

    figure: str
    values: Sequence[float]
    unit: str
    beside: str = ""
    other: Sequence[float] = field(default=())
    inverse: bool = False
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        pairs = zip(self.values, self.other, strict=True)
        return [b / a if self.inverse else a / b for a, b in pairs] if self.other else []

    def cells(self) -> tuple[str, str, str, str]:
        """Figure, value with spread, ratio with spread, note."""
        ratio = f"{_middle(self.ratios, 2)} × {self.beside}" if self.other else ""
        return self.figure, f"{_middle(self.values, 1)} {self.unit}", ratio, self.note

    def record(self) -> dict[str, object]:
        """Plain values."""
        ratios = self.ratios
        return {
            "figure": self.figure,
            "unit": self.unit,
            "median": statistics.median(self.values),
            "values": list(self.values),
            "beside": self.beside or None,
            "ratio": statistics.median(ratios) if ratios else None,
            "ratios": ratios,
            "note": self.note,
        }


HEAD = ("Figure", "Median (least to most)", "Ratio in the same run", "")


def machine() -> str:
    """What the figures were measured on, without names, and when."""
    return f"{description()}, {date.today().isoformat()}"


def text(rows: Iterable[Row]) -> str:
    """Aligned columns."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def markdown(rows: Iterable[Row]) -> str:
    """A table for docs/performance.md."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def to_json(rows: Iterable[Row]) -> str:
    """Everything, also single rounds."""
    return json.dumps({"machine": machine(), "rows": [row.record() for row in rows]}, indent=1, ensure_ascii=False)


def show(rows: Iterable[Row]) -> list[Row]:
    """Print each row as it comes."""
    done = []
    for row in rows:
        done.append(row)
        print("  ".join(cell for cell in row.cells() if cell), flush=True)
    return done


def _middle(values: Sequence[float], digits: int) -> str:
    middle = f"{statistics.median(values):.{digits}f}"
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})" if len(values) > 1 else middle
