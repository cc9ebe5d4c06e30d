"""Strangers' pictures made ready to be looked at; for worker processes, which give back what is safe and small."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from posecore.detection.frame_preparation import WORKING_SIDE, prepare
from posecore.errors import MediaError
from posecore.media.atomic_files import written_whole
from posecore.media.clip_files import Clip, read_frames
from posecore.media.picture import Picture
from posecore.media.picture_files import Frame, decoded_image, encode_image, shrink


class ReadPicture(NamedTuple):
    """A picture in the size in which people are looked for.

    Attributes:
        frame: (H, W, 3) uint8 RGB, upright.
        size: width and height of the whole picture.
        preview: a JPEG to draw on; empty where none was asked for.
    """

    frame: Frame
    size: tuple[int, int]
    preview: bytes


def read_picture(path: Path, preview_side: int | None = None) -> ReadPicture:
    """Decode a picture file.

    Args:
        preview_side: pixels of the preview's longer side at most; None makes none.

    Raises:
        MediaError, LimitError: as `decode_image`.
    """
    with decoded_image(path) as frame:
        ready = prepare(Picture(frame))
        preview = encode_image(shrink(frame, preview_side), "jpg") if preview_side else b""
        return ReadPicture(ready.picture.whole(), ready.size, preview)


def clip_picture(clip: Clip, number: int, longest: int = WORKING_SIDE) -> Frame:
    """A frame of a clip, or the next one that can be decoded, with its longer side so many pixels at most.

    Raises:
        MediaError: none can be decoded.
    """
    for _, frame in read_frames(clip, number, threads=1):
        return shrink(frame, longest)
    raise MediaError("clip_not_decodable")


def save_clip_pictures(clip: Clip, numbers: Sequence[int], folder: Path) -> list[Path]:
    """Write frames of a clip as PNG files, each the next one that can be decoded, in one pass; the file of each.

    Args:
        numbers: of frames, rising.

    Raises:
        MediaError: none can be decoded.
        WriteError: the folder cannot be written to.
    """
    paths: list[Path] = []
    for number, frame in read_frames(clip, numbers[0], threads=1):
        wanted = len([one for one in numbers[len(paths) :] if one <= number])
        if not wanted:
            continue
        path = folder / f"{clip.path.stem}-{number}.png"
        with written_whole(path) as draft:
            draft.write_bytes(encode_image(shrink(frame, WORKING_SIDE), "png"))
        paths += [path] * wanted
        if len(paths) == len(numbers):
            break
    if not paths:
        raise MediaError("clip_not_decodable")
    return paths + paths[-1:] * (len(numbers) - len(paths))
