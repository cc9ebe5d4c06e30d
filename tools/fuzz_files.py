"""Damage pictures, ZIP files and files of exercises by chance and see that each ends in a result or in one sentence:

    python tools/fuzz_files.py [--kinds pictures zips exercises] [--seconds S | --count N] [--seed S] [--folder DIR]

The same seed and number give the same damage. With --folder, the files of a folder are looked into as they are. Each is
looked into by a process of its own, so that a crash, a hang or a balloon is seen; bad ones are kept.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from itertools import count
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from posecore.detection.picture_reading import read_picture
from posecore.exercises.exercise_files import exercise_names, exercise_text, load_exercise
from posecore.media.picture_files import SUFFIXES
from posecore.media.zip_files import unpack
from tools.fuzz_clips import Random, damage
from tools.lookers import KEPT, ROOT, Ending, Lookers, answer_looks, ended, keep_bad, told

KINDS = ("pictures", "zips", "exercises")
PATIENCE = 10.0  # seconds for a file
MOST_MEGABYTES = 900  # of a process
_SIDE = 320
_NUMBERS = ("nan", "inf", "-inf", "-1", "0", "1e308", "99999999999999999999", "true", '"x"', "[]", "{}", "1979-05-27")


@cache
def pictures() -> list[tuple[bytes, str]]:
    """Real pictures in every format that is read, and their suffixes."""
    pillow_heif.register_heif_opener()
    found = []
    for path in sorted((ROOT / "samples").glob("*.jpg")):
        with Image.open(path) as opened:
            small = opened.convert("RGB")
            small.thumbnail((_SIDE, _SIDE))
        exif = Image.Exif()
        exif[0x0112] = 6
        found += [(_saved(small, *one), one[0].lower()) for one in _formats(exif)]
        found += [(_saved(small.convert(mode), kind, {}), kind.lower()) for mode, kind in _modes()]
    return found


def _formats(exif: Image.Exif) -> list[tuple[str, dict[str, object]]]:
    return [
        *(("JPEG", {"exif": exif}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("GIF", {})),
        *(("WEBP", {"lossless": True}), ("BMP", {}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"})),
        *(("TIFF", {"compression": "jpeg"}), ("HEIF", {}), ("AVIF", {})),
    ]


def _modes() -> list[tuple[str, str]]:
    return [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("F", "TIFF"),
    ]


def _saved(image: Image.Image, kind: str, options: dict[str, object]) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def made_picture(random: Random) -> tuple[bytes, str]:
    """A damaged picture and its suffix; half of the PNGs get their checksums repaired, so that more is read of them."""
    data, suffix = pictures()[int(random.integers(len(pictures())))]
    changed = bytearray(data)
    damage(changed, random)
    if suffix == "png" and random.random() < 0.5:
        _repair_checksums(changed)
    return bytes(changed), suffix


def _repair_checksums(data: bytearray) -> None:
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        end = place + 8 + length
        if end + 4 > len(data):
            return
        data[end : end + 4] = zlib.crc32(data[place + 4 : end]).to_bytes(4, "big")
        place = end + 4


def made_zip(random: Random) -> tuple[bytes, str]:
    """A damaged archive, or a whole one of a kind that is a trap."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = int(random.integers(6))
        for number in range(int(random.integers(1, 9))):
            data, suffix = pictures()[int(random.integers(len(pictures())))]
            climbs = "../" * int(random.integers(4)) if kind == 0 else ""
            archive.writestr(f"{climbs}{number}.{suffix}", data)
        if kind == 1:
            archive.writestr("bomb.jpg", bytes(int(random.integers(1, 60)) * 1_000_000))
        if kind == 2:
            for number in range(3000):
                archive.writestr(f"many/{number}.txt", b"")
        if kind == 3:
            archive.writestr("inner.zip", out.getvalue())
    changed = bytearray(out.getvalue())
    if kind > 2:
        damage(changed, random)
    return bytes(changed), "zip"


def made_exercise(random: Random) -> tuple[bytes, str]:
    """An exercise with other values, lines left out, twice or in another place, or nested without end."""
    names = exercise_names()
    lines = exercise_text(names[int(random.integers(len(names)))]).splitlines()
    for _ in range(int(random.integers(1, 6))):
        place, kind = int(random.integers(len(lines))), int(random.integers(6))
        if kind == 0:
            lines.pop(place)
        elif kind == 1:
            lines.insert(place, lines[int(random.integers(len(lines)))])
        elif kind == 2:
            lines[place] = re.sub(r"-?\d+(\.\d+)?", _NUMBERS[int(random.integers(len(_NUMBERS)))], lines[place])
        elif kind == 3:
            lines[place] = "x = " + "[" * int(random.integers(1, 20_000))
        elif kind == 4:
            lines[place] = lines[place][::-1]
        else:
            lines.insert(place, ".".join("a" * 500) + " = 1")
        lines = lines or [""]
    data = bytearray("\n".join(lines).encode())
    if random.random() < 0.3:
        damage(data, random)
    return bytes(data), "toml"


MADE: dict[str, Callable[[Random], tuple[bytes, str]]] = {
    "pictures": made_picture,
    "zips": made_zip,
    "exercises": made_exercise,
}


def fuzz(
    kinds: tuple[str, ...], seed: int, *, number: int | None = None, seconds: float = 60.0, keep: Path | None = None
) -> list[Ending]:
    """Make so many files, or as many as so many seconds allow, of each kind in turn, and look into each."""
    end = time.monotonic() + seconds

    def wanted() -> Iterator[int]:
        for one in range(number) if number is not None else count():
            if number is None and time.monotonic() > end:
                return
            yield one

    def make(one: int, folder: Path) -> Path:
        random = np.random.default_rng((seed, one))
        data, suffix = MADE[kinds[one % len(kinds)]](random)
        path = folder / f"{seed}-{one}.{suffix}"
        path.write_bytes(data)
        return path

    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        return _looked_at((make(one, Path(folder)) for one in wanted()), keep, remove=True)


def look_into(folder: Path, keep: Path | None = None) -> list[Ending]:
    """Look into all files of a folder as they are."""
    return _looked_at((path for path in sorted(folder.rglob("*")) if path.is_file()), keep, remove=False)


def _looked_at(paths: Iterator[Path], keep: Path | None, *, remove: bool) -> list[Ending]:
    with Lookers(Path(__file__), PATIENCE) as lookers, ThreadPoolExecutor(lookers.count) as pool:

        def look(number: int, path: Path) -> Ending:
            ending = lookers.look(number, path)
            keep_bad(ending, path, keep)
            if remove:
                path.unlink()
            return ending

        endings: list[Ending] = []
        waiting: deque[Future[Ending]] = deque()
        for number, path in enumerate(paths):  # no more files at a time than are soon looked into
            waiting.append(pool.submit(look, number, path))
            if len(waiting) > 4 * lookers.count:
                endings.append(waiting.popleft().result())
        return endings + [one.result() for one in waiting]


def looked_into(path: Path) -> tuple[str, bool]:
    """Runs in a looker: how a file ended, and whether well and with little memory."""
    outcome, is_good = ended(partial(_read, path))
    most = _peak_megabytes()
    return (outcome, is_good) if most < MOST_MEGABYTES else (f"{outcome}, but with {most:.0f} MB", False)


def _read(path: Path) -> str:
    if path.suffix == ".zip":
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            unpack(path, Path(folder), SUFFIXES, 100)
    elif path.suffix == ".toml":
        load_exercise(path)
    else:
        read_picture(path)
    return "read"


def _peak_megabytes() -> float:
    """The most memory that this process ever had; 0 where the system does not tell.

    Not by getrusage, whose figure begins with what the process had that started this one.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.is_file() else None
    return int(found[1]) / 1e3 if found else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--seconds", type=float, default=600.0, metavar="S")
    parser.add_argument("--count", type=int, metavar="N", help="instead of a time")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="look into these files as they are")
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="DIR")
    parser.add_argument("--look", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look:
        return answer_looks(looked_into)
    if options.folder:
        return told(look_into(options.folder, options.keep), options.keep)
    kinds, number = tuple(options.kinds), options.count
    endings = fuzz(kinds, options.seed, number=number, seconds=options.seconds, keep=options.keep)
    return told(endings, options.keep)


if __name__ == "__main__":
    sys.exit(main())
