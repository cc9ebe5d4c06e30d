"""The pose models that ship with posecore; tools/build_models.py makes them, manifest.json says from what."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from posecore.errors import ModelError

FOLDER = Path(__file__).parent
FACES = FOLDER / "faces.task"
MODELS = ("lite", "full", "heavy")
DEFAULT_MODEL: Quality = "full"
BEST = "best"  # two looks of the heavy model
Quality = Literal["lite", "full", "heavy", "best"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)


def model_path(name: str) -> Path:
    """Where the bundle of a model lies.

    Raises:
        ModelError: there is no such model, or its file is missing.
    """
    if name not in MODELS:
        raise ModelError("unknown_model", name=name, models=", ".join(MODELS))
    path = FOLDER / f"{name}.task"
    if not path.is_file():
        raise ModelError("model_missing", name=name)
    return path
