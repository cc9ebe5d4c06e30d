"""Everything in one run, one table: python -m benchmarks [--only PART ...] [--json FILE] [--markdown FILE]

What is compared is measured in turn, in the same run; figures are medians of rounds, with their spread.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks import table

PARTS = (
    "start",
    "models",
    "engines",
    "photos",
    "clips",
    "exports",
    "compare",
    "http",
    "cluster",
    "webcam",
    "webcam_browsers",
    "webcam_ways",
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure PoseLab on this machine.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    options = parser.parse_args()
    print(f"{table.machine()}\n")
    rows: list[table.Row] = []
    failed = [part for part in options.only if not _measured(part, rows)]
    print(f"\n{table.text(rows)}")
    if options.json:
        options.json.write_text(table.to_json(rows), "utf-8")
    if options.markdown:
        options.markdown.write_text(f"{table.machine()}\n\n{table.markdown(rows)}\n", "utf-8")
    if failed:
        sys.exit(f"not measured to the end: {', '.join(failed)}")


def _measured(part: str, rows: list[table.Row]) -> bool:
    """Measure a part; what fails in one must not cost the others' figures."""
    try:
        for row in import_module(f"benchmarks.{part}").rows():
            rows += table.show([row])
    except Exception:  # noqa: BLE001  (whatever it is, it is shown)
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    main()
