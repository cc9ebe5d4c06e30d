"""The library's own rules besides those of import-linter: what it offers, what takes long to import."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

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
        "posecore.detection.image_detector, posecore.detection.stream_tracker": {
            "ai_edge_litert",
            "av",
            "mediapipe",
            "pandas",
        },
        "posecore": {"mediapipe", "pandas", "plotly", "scipy"},
        "posecore.clips.analysis, posecore.formats.csv_tables": {"mediapipe", "pandas", "scipy"},
        "posecore.live.session": {"mediapipe", "pandas", "scipy", "sklearn"},
    }
    for modules, must_wait in slow.items():
        code = f"import sys, {modules}; sys.exit(bool({must_wait} & set(sys.modules)))"
        assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True).returncode == 0


PACKAGES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.pyi"))


@pytest.mark.parametrize("package", ["", *PACKAGES])
def test_all_names_that_are_offered_exist_and_are_sorted(package: str) -> None:
    face = import_module(".".join(filter(None, ["posecore", package])))
    assert all(hasattr(face, name) for name in face.__all__)
    assert face.__all__ == sorted(face.__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_what_others_take_from_a_package_is_offered(package: str) -> None:
    taken = re.compile(rf"^ *from posecore\.{package}\.[\w.]+ import ([^(\n#]+|\([^)]+\))", re.MULTILINE)
    inside = set((PACKAGE / package).rglob("*.py"))
    others = [path for path in [*PACKAGE.rglob("*.py"), *(ROOT / "pages").rglob("*.py")] if path not in inside]
    names = set(
        re.findall(r"\w+", " ".join(found for path in others for found in taken.findall(path.read_text("utf-8"))))
    )
    assert names <= set(import_module(f"posecore.{package}").__all__)


def test_what_the_library_offers_is_written_down() -> None:
    words = " ".join(path.read_text("utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert [name for name in posecore.__all__ if not re.search(rf"\b{name}\b", words)] == []
