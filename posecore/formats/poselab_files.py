"""PoseLab's own file of a movement: a ZIP of arrays and a few plain words about them; nothing in it is run.

`sequence.npz` has the arrays of a `PoseSequence` by their names, `about.json` the format's version, the picture's size
and which model found it.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from posecore.errors import MediaError
from posecore.limits import MOVEMENT_LIMITS
from posecore.pose import PoseSequence

SUFFIX = ".poselab"
_VERSION = 1
_ARRAYS = ("xy", "z", "visibility", "presence", "world", "spread", "time", "frames", "damaged", "cuts")
_MOST_BYTES = MOVEMENT_LIMITS.unpacked_megabytes * 1_000_000  # of all arrays together
_MOST_FRAMES = 500_000
_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same movement makes the same bytes


def write_poselab(sequence: PoseSequence, path: Path, model: str = "") -> None:
    """Everything of the sequence."""
    arrays = io.BytesIO()
    np.savez_compressed(arrays, **{name: getattr(sequence, name) for name in _ARRAYS})
    about = {"format": "poselab", "version": _VERSION, "width": sequence.size[0], "height": sequence.size[1]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("about.json", _DATE), json.dumps({**about, "model": model}, indent=1))
        archive.writestr(zipfile.ZipInfo("sequence.npz", _DATE), arrays.getvalue())


def read_poselab(path: Path) -> PoseSequence:
    """What `write_poselab` wrote.

    Raises:
        MediaError: it is no such file, is damaged, or holds more than is ever written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            about = json.loads(_member(archive, "about.json", 10_000))
            packed = _member(archive, "sequence.npz", _MOST_BYTES)
        if about["format"] != "poselab" or about["version"] != _VERSION:
            raise ValueError(f"version {about['version']}")
        return PoseSequence(size=(int(about["width"]), int(about["height"])), **_arrays(packed))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        raise MediaError("no_movement") from error


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    if archive.getinfo(name).file_size > most:
        raise ValueError(name)
    return archive.read(name)


def _arrays(packed: bytes) -> dict[str, Any]:
    """The arrays, if their sizes are those that they claim."""
    with zipfile.ZipFile(io.BytesIO(packed)) as inner:
        size = sum(info.file_size for info in inner.infolist())
    if size > _MOST_BYTES:
        raise ValueError(f"{size} bytes")
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in _ARRAYS}
    if found["xy"].ndim != 4 or len(found["xy"]) > _MOST_FRAMES:
        raise ValueError(f"the shape {found['xy'].shape}")
    return found
