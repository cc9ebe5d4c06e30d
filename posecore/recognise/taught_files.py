"""A teaching as a file to keep and share: a ZIP of plain numbers and a few plain words; nothing in it is run.

`taught.json` has the format's version, the names, and how many moments each example has; `time.f32` (n,) and
`points.f32` (n, 13, 3) are little-endian floats, all examples one after another. What recognises is learnt from these
anew, so that a file holds no program and no model.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecore.errors import MediaError, TeachError
from posecore.limits import TAUGHT_LIMITS
from posecore.media.atomic_files import written_whole
from posecore.media.kinds import TAUGHT_HEAD, check_size
from posecore.recognise.body_signals import TRUNK, USED
from posecore.recognise.features import Track
from posecore.recognise.teaching import CLIP_LETTERS, LEAST_S, Example, Teaching, clean_name

SUFFIX = ".poselab-taught"
_FORMAT, _VERSION = "poselab-taught", 1
_HEAD, _TIME, _POINTS = TAUGHT_HEAD.decode(), "time.f32", "points.f32"
_HEAD_BYTES = 200_000
_SHAPE = (len(USED), 3)
_FARTHEST_M = 100.0
_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same teaching makes the same bytes


def write_taught(teaching: Teaching, path: Path) -> None:
    """All examples.

    Raises:
        WriteError: it cannot be written.
    """
    examples = [example for movement in teaching.movements for example in movement.examples]
    time = np.concatenate([np.zeros(0), *(one.track.time for one in examples)])
    points = np.concatenate([np.zeros((0, *_SHAPE)), *(one.track.points for one in examples)])
    members = {
        _HEAD: json.dumps(_described(teaching), ensure_ascii=False, indent=1).encode(),
        _TIME: time.astype("<f4").tobytes(),
        _POINTS: points.astype("<f4").tobytes(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED, 9)
    with written_whole(path) as draft:
        draft.write_bytes(packed.getvalue())


def read_taught(path: Path) -> Teaching:
    """What `write_taught` wrote.

    Raises:
        MediaError: it is no such file, is damaged, or is of a newer version.
        LimitError: it has more bytes than is allowed.
    """
    try:
        check_size(path.stat().st_size, TAUGHT_LIMITS.megabytes)
        with zipfile.ZipFile(path) as archive:
            head = json.loads(_member(archive, _HEAD, _HEAD_BYTES))
            _check_version(head)
            most = TAUGHT_LIMITS.unpacked_megabytes * 1_000_000
            time = np.frombuffer(_member(archive, _TIME, most), "<f4").astype(np.float64)
            points = np.frombuffer(_member(archive, _POINTS, most), "<f4").reshape(-1, *_SHAPE)
        return _teaching(head, time, points.astype(np.float32))
    except (
        OSError,
        ValueError,  # also what is no JSON, no UTF-8, or of another length
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        RecursionError,
        RuntimeError,  # a password
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
        TeachError,
    ) as error:
        raise MediaError("no_taught") from error


def _described(teaching: Teaching) -> dict[str, Any]:
    movements = [
        {
            "name": one.name,
            "examples": [{"rows": len(e.track.time), "clip": e.clip} for e in one.examples],
        }
        for one in teaching.movements
    ]
    return {"format": _FORMAT, "version": _VERSION, "movements": movements}


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file in the archive, which claims its size first and cannot have more."""
    if archive.getinfo(name).file_size > most:
        raise ValueError(name)
    return archive.read(name)


def _check_version(head: Any) -> None:
    version = head["version"]
    _require(head["format"] == _FORMAT and type(version) is int and version >= 1)
    if version > _VERSION:
        raise MediaError("taught_newer")


def _teaching(head: dict[str, Any], time: NDArray[np.float64], points: NDArray[np.float32]) -> Teaching:
    _require(len(time) == len(points) and bool(np.isfinite(time).all()))
    _require(float(np.nanmax(np.abs(points), initial=0)) <= _FARTHEST_M)
    teaching, row = Teaching(), 0
    for movement in head["movements"]:
        name = movement["name"]
        _require(name == clean_name(name))
        teaching = teaching.with_movement(name)
        for told in movement["examples"]:
            count = told["rows"]
            _require(type(count) is int and 2 <= count <= len(time) - row)
            example = _example(time[row : row + count], points[row : row + count], told["clip"])
            teaching = teaching.with_examples(name, example)
            row += count
    _require(row == len(time) and bool(teaching.movements))
    return teaching


def _example(time: NDArray[np.float64], points: NDArray[np.float32], clip: object) -> Example:
    """As `example_of` makes them: times that rise from 0, a trunk in every row, whole points."""
    if not isinstance(clip, str):
        raise TypeError(clip)
    _require(len(clip) <= CLIP_LETTERS and clip.isprintable())
    _require(time[0] == 0 and bool((np.diff(time) > 0).all()))
    _require(LEAST_S / 2 <= time[-1] <= TAUGHT_LIMITS.example_seconds)
    known = np.asarray(np.isfinite(points))
    _require(bool(known[:, list(TRUNK)].all() and (known.any(-1) == known.all(-1)).all()))
    return Example(Track(time, points), clip)


def _require(holds: bool) -> None:
    """What every file that was written here has."""
    if not holds:
        raise ValueError(holds)
