"""Where things stand."""

import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
TEMPORARY = Path(tempfile.gettempdir())  # as apps find it when they start; in a process of one it is its own folder
