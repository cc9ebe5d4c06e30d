"""The library's own rules: what it offers, what it imports, in which order."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import posecore

PACKAGE = Path(posecore.__file__).parent
# A module imports only what stands before it.
ORDER = [
    "version",
    "language",
    "errors",
    "files",
    "palette",
    "skeleton",
    "pose",
    "images",
    "pictures",
    "planes",
    "archives",
    "drawing",
    "frames",
    "videos",
    "lookahead",
    "segments",
    "encoding",
    "workers",
    "jobs",
    "rendering",
    "models",
    "people",
    "network",
    "regions",
    "person_detector",
    "landmark_model",
    "smoothing",
    "litert_landmarker",
    "mediapipe_landmarker",
    "landmarker",
    "second_look",
    "detector",
    "analysis",
    "trust",
    "cleaning",
    "angles",
    "clinical",
    "measures",
    "exercises",
    "phases",
    "repetitions",
    "counting",
    "review",
    "course",
    "report",
    "lengths",
    "motion",
    "charts",
    "curves",
    "exports",
    "live",
    "streams",
    "machine",
    "survey",
    "costs",
    "feasibility",
    "feasibility_report",
    "cli",
    "__init__",
    "__main__",
]


def imported_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "posecore":
                found.update(f"posecore.{alias.name}" for alias in node.names)
    return found


def module_path(name: str) -> Path:
    return PACKAGE / name / "__init__.py" if (PACKAGE / name).is_dir() else PACKAGE / f"{name}.py"


def test_every_module_has_its_place_in_the_order() -> None:
    names = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert names == set(ORDER)


def test_modules_import_only_what_stands_before_them() -> None:
    for place, name in enumerate(ORDER):
        own = {m.split(".")[1] for m in imported_modules(module_path(name)) if m.startswith("posecore.")}
        assert own <= set(ORDER[:place]), name


def test_the_library_never_imports_streamlit() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert not any(module.split(".")[0] == "streamlit" for module in imported_modules(path)), path
    code = "import sys, posecore, posecore.cli, posecore.charts; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True).returncode == 0


def test_what_takes_long_to_import_waits_until_it_is_needed() -> None:
    # MediaPipe for those who look at photos or for several people, pandas for those who want a table, and so on.
    slow = {
        "posecore.detector": {"ai_edge_litert", "av", "mediapipe", "pandas"},
        "posecore": {"mediapipe", "pandas", "plotly", "scipy"},
        "posecore.analysis, posecore.exports": {"mediapipe", "pandas", "scipy"},
    }
    for modules, must_wait in slow.items():
        code = f"import sys, {modules}; sys.exit(bool({must_wait} & set(sys.modules)))"
        assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True).returncode == 0


def test_all_names_that_are_offered_exist_and_are_sorted() -> None:
    offered = posecore.__all__
    assert {"ImageDetector", "analyse", "probe", "LANDMARKS", "__version__"} <= set(offered)
    assert all(hasattr(posecore, name) for name in offered)
    assert offered == sorted(offered)
