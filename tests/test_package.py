"""The library's own rules besides those of import-linter: what it offers, what takes long to import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import posecore
from tests.support.paths import ROOT

PACKAGE = Path(posecore.__file__).parent


OWN_IMPORT = re.compile(r"^ *from (?:posecore|pages)\S* import ([^(\n]+|\([^)]+\))", re.MULTILINE)


def test_no_module_takes_a_private_name_of_another() -> None:
    for path in [*PACKAGE.rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        names = OWN_IMPORT.findall(path.read_text("utf-8"))
        assert not re.findall(r"\b_[a-z]\w*", " ".join(names)), path


def test_what_takes_long_to_import_waits_until_it_is_needed() -> None:
    # MediaPipe for those who look at photos or for several people, pandas for those who want a table, and so on.
    slow = {
        "posecore.detection.image_detector": {"ai_edge_litert", "av", "mediapipe", "pandas"},
        "posecore": {"mediapipe", "pandas", "plotly", "scipy"},
        "posecore.clips.analysis, posecore.formats.csv_tables": {"mediapipe", "pandas", "scipy"},
    }
    for modules, must_wait in slow.items():
        code = f"import sys, {modules}; sys.exit(bool({must_wait} & set(sys.modules)))"
        assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True).returncode == 0


def test_all_names_that_are_offered_exist_and_are_sorted() -> None:
    offered = posecore.__all__
    assert {"ImageDetector", "analyse", "probe", "LANDMARKS", "__version__"} <= set(offered)
    assert all(hasattr(posecore, name) for name in offered)
    assert offered == sorted(offered)
