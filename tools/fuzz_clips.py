"""Damage clips by chance and see that each ends in a result or in one sentence:

    python tools/fuzz_clips.py [--count N] [--seed S] [--keep DIR]

A damaged clip is looked into by a process of its own, so that a crash or a hang is seen. The same seed and number give
the same damage to the same clips. Files that ended in anything else are kept.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from posecore.media.clip_files import probe, read_frames
from tools.lookers import KEPT, ROOT, Ending, Lookers, answer_looks, ended, keep_bad, told

MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
FRAMES = 12  # decoded of each clip
COMMAND_EVERY = 10  # every so many, if they can be read, go through the whole command as well
PATIENCE = 60.0  # seconds for a clip
_LARGEST = 1_100_000  # bytes of the clips outside of samples/
_PAST_DAMAGE = {"audio_only", "image_as", "squats_truncated_nomoov", "squats_unknown_codec", "text_as", "zero_bytes"}
_NAMES = (
    *(b"ftyp", b"moov", b"mvhd", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr", b"minf", b"stbl"),
    *(b"stsd", b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stco", b"co64", b"avc1", b"avcC", b"hvc1", b"hvcC"),
    *(b"vp09", b"av01", b"pasp", b"colr", b"mp4a", b"esds", b"moof", b"tfhd", b"trun", b"LIST", b"strh", b"strf"),
    *(b"idx1", b"V_VP", b"A_AA", b"\x1a\x45\xdf\xa3", b"\x2a\xd7\xb1", b"\x16\x54\xae\x6b", b"\x44\x89", b"\xb0\x82"),
)

Random = np.random.Generator


def sources(media: Path = MEDIA) -> list[Path]:
    """The samples, and the short odd clips where they are at hand."""
    odd = sorted((media / "odd_videos").iterdir()) if media.is_dir() else []
    short = [path for path in odd if path.stat().st_size <= _LARGEST and path.stem not in _PAST_DAMAGE]
    return [*sorted((ROOT / "samples").glob("*.mp4")), *short]


def damaged(clips: Sequence[Path], seed: int, number: int) -> tuple[bytes, str]:
    """A damaged clip, and the suffix of the one it is made of."""
    random = np.random.default_rng((seed, number))
    clip = clips[int(random.integers(len(clips)))]
    data = bytearray(clip.read_bytes())
    for _ in range(int(random.integers(1, 4))):
        if len(data) > 64:
            _KINDS[int(random.integers(len(_KINDS)))](data, random)
    return bytes(data), clip.suffix


def damage(data: bytearray, random: Random) -> None:
    """Change some bytes of any file by chance, blindly."""
    for _ in range(int(random.integers(1, 4))):
        if len(data) > 64:
            _BLIND[int(random.integers(len(_BLIND)))](data, random)


def _flip_bits(data: bytearray, random: Random) -> None:
    for place in random.integers(len(data), size=int(random.integers(1, 40))).tolist():
        data[place] ^= 1 << int(random.integers(8))


def _flip_header_bits(data: bytearray, random: Random) -> None:
    """Where most headers are: at the beginning or the end."""
    for place in random.integers(min(len(data), 3000), size=int(random.integers(1, 12))).tolist():
        data[place if random.random() < 0.5 else -1 - place] ^= 1 << int(random.integers(8))


def _overwrite(data: bytearray, random: Random) -> None:
    length = int(random.integers(1, 2000))
    place = int(random.integers(len(data)))
    data[place : place + length] = _filling(length, random)[: len(data) - place]


def _cut_off(data: bytearray, random: Random) -> None:
    del data[int(random.integers(16, len(data))) :]


def _swap(data: bytearray, random: Random) -> None:
    length = int(random.integers(1, max(2, len(data) // 8)))
    one, other = random.integers(max(1, len(data) - length), size=2).tolist()
    first, second = bytes(data[one : one + length]), bytes(data[other : other + length])
    data[one : one + length], data[other : other + length] = second, first


def _rename(data: bytearray, random: Random) -> None:
    """A part of the header gets the name of another, or of none."""
    if (place := _some_name(data, random)) is not None:
        other = _NAMES[int(random.integers(len(_NAMES)))] if random.random() < 0.5 else random.bytes(4)
        data[place : place + len(other)] = other


def _extreme_values(data: bytearray, random: Random) -> None:
    """Some values of a part of the header become zero, the largest, the smallest, or anything."""
    if (place := _some_name(data, random)) is not None:
        begin = place + 4 + 4 * int(random.integers(-2, 24))
        length = min(4 * int(random.integers(1, 6)), len(data) - begin)
        data[begin : begin + length] = _filling(max(0, length), random)


def _some_name(data: bytearray, random: Random) -> int | None:
    places = [place for name in _NAMES if (place := data.find(name)) > 8]
    return places[int(random.integers(len(places)))] if places else None


def _filling(length: int, random: Random) -> bytes:
    patterns = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", random.bytes(4))
    pattern = patterns[int(random.integers(len(patterns)))]
    return random.bytes(length) if random.random() < 0.3 else (pattern * (length // 4 + 1))[:length]


_BLIND = (_flip_bits, _flip_header_bits, _overwrite, _cut_off, _swap)
_KINDS: tuple[Callable[[bytearray, Random], None], ...] = (
    *(_flip_bits, _flip_header_bits, _overwrite, _cut_off, _swap, _rename),
    *(_extreme_values, _extreme_values, _extreme_values),
)


def fuzz(
    clips: Sequence[Path],
    count: int,
    seed: int,
    keep: Path | None = None,
    command_every: int = COMMAND_EVERY,
    first: int = 0,
) -> list[Ending]:
    """Damage clips `count` times and look into each.

    Args:
        keep: folder for those that ended in anything but a result or a sentence.
        command_every: every so many, if they can be read, go through the whole command as well.
        first: number of the first.
    """
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, Lookers(Path(__file__), PATIENCE) as lookers:

        def one(number: int) -> Ending:
            data, suffix = damaged(clips, seed, number)
            path = Path(folder) / f"{seed}-{number}{suffix}"
            path.write_bytes(data)
            ending = lookers.look(number, path)
            if ending.outcome.startswith("read") and number % command_every == 0:
                ending = Ending(number, *_commanded(path, Path(folder) / str(number)))
            keep_bad(ending, path, keep)
            path.unlink()
            return ending

        with ThreadPoolExecutor(lookers.count) as pool:
            return list(pool.map(one, range(first, first + count)))


def _looked_into(path: Path) -> tuple[str, bool]:
    return ended(partial(_read, path))


def _read(path: Path) -> str:
    clip = probe(path)
    beginning = sum(1 for _ in islice(read_frames(clip, threads=1), FRAMES))
    middle = sum(1 for _ in islice(read_frames(clip, len(clip.pts) // 2, threads=1), 2))
    return "read" if beginning and middle else "read in part"


def _commanded(path: Path, out: Path) -> tuple[str, bool]:
    """The whole command on a clip: its tables, its summary, the annotated clip."""
    command = [sys.executable, "-m", "posecore", "video", str(path), "--out", str(out), "--model", "lite"]
    try:
        done = subprocess.run(
            [*command, "--every", "5", "--workers", "1"], cwd=ROOT, capture_output=True, text=True, timeout=5 * PATIENCE
        )
    except subprocess.TimeoutExpired:
        return "command hung", False
    if done.returncode == 0:
        return "command done", True
    said = done.stderr.strip().splitlines()
    told = done.returncode == 1 and "Traceback" not in done.stderr and "should not happen" not in done.stderr
    return (f"command: {said[-1].removeprefix(f'{path}: ')}" if said else "command said nothing"), told and bool(said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=3000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first, to see one again")
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="DIR")
    parser.add_argument("--look", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look:
        return answer_looks(_looked_into)
    return told(fuzz(sources(), options.count, options.seed, options.keep, first=options.first), options.keep)


if __name__ == "__main__":
    sys.exit(main())
