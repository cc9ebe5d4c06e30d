"""Picture files to upright RGB frames and back, safe with files from strangers.

Everything a header says is checked against `Limits` before anything is decoded, and a file either gives
its whole picture or one `MediaError` or `LimitError`.
"""

from __future__ import annotations

import io
import threading
import warnings
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from posecore.errors import LimitError, MediaError
from posecore.palette import WHITE

Frame = NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
SUFFIXES = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif")


@dataclass(frozen=True)
class Limits:
    """What is accepted. JPEG may have more pixels, since it can be decoded at a reduced size."""

    megabytes: int = 40
    megapixels: int = 50
    jpeg_megapixels: int = 200
    smallest_side: int = 16
    largest_side: int = 20_000


LIMITS = Limits()
_MEGA = 1_000_000

_LARGE_PIXELS = 16 * _MEGA
_STRIP_ROWS = 512
_large_picture = threading.Lock()

Image.init()
pillow_heif.register_heif_opener(thumbnails=False)
# Pixels in blocks larger than malloc keeps for later go back to the system when a picture is done with.
Image.core.set_block_size(64 << 20)  # type: ignore[attr-defined]  # documented, but not in the exports
# Pillow's own guard warns far below the largest JPEG allowed here. Above its error limit, twice this number,
# it still refuses; in between, `Limits` decides.
Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS or 0, Limits.jpeg_megapixels * _MEGA)
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def decode_image(source: bytes | str | Path, limits: Limits = LIMITS) -> Frame:
    """The picture in a file's bytes or at a path: (H, W, 3) uint8 RGB, upright, alpha on white.

    Of animations the first frame. A JPEG above `limits.megapixels` comes back at a half, quarter or eighth of its size.

    Raises:
        MediaError: empty, missing, not a picture, cut off or damaged.
        LimitError: more bytes or pixels than allowed, or a side too short or too long.
    """
    data = _read(source, limits)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image, limits)
            with turn_for(image.width * image.height):
                return _decode(image, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LimitError("too_many_pixels", most=limits.megapixels) from error
    except UnidentifiedImageError as error:
        raise MediaError("not_a_picture") from error
    except (LimitError, MediaError):
        raise
    except Exception as error:  # on damaged bytes Pillow's decoders raise whatever they stumble over
        raise MediaError("picture_damaged") from error


def turn_for(pixels: int) -> AbstractContextManager[object]:
    """Work on large pictures in turn, one at a time, so that memory does not grow with the number of threads."""
    return _large_picture if pixels > _LARGE_PIXELS else nullcontext()


def encode_image(frame: Frame, suffix: str = "png", quality: int = 90, *, reuse: bool = False) -> bytes:
    """An RGB frame as the bytes of a PNG or JPEG file; `reuse` allows to overwrite the frame, which saves a copy."""
    # Level 1 packs a photo nearly as well as the default, several times faster.
    options = [cv2.IMWRITE_PNG_COMPRESSION, 1] if suffix == "png" else [cv2.IMWRITE_JPEG_QUALITY, quality]
    bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR, dst=frame if reuse else None)
    done, data = cv2.imencode(f".{suffix}", bgr, options)
    if not done:
        raise ValueError(f"cannot encode {frame.shape} as {suffix}")
    return data.tobytes()


def shrink(frame: Frame, longest: int) -> Frame:
    """The frame with its longest side at most `longest`, by area averaging: other ways lose small people."""
    height, width = frame.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return frame
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _read(source: bytes | str | Path, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            size = Path(source).stat().st_size
        except OSError as error:
            raise MediaError("no_such_file") from error
    if size > limits.megabytes * _MEGA:
        raise LimitError("file_too_large", size=f"{size / _MEGA:.0f}", most=limits.megabytes)
    if size == 0:
        raise MediaError("empty_file")
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise MediaError("no_such_file") from error


def _check_size(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    values = {"width": width, "height": height}
    if min(width, height) < limits.smallest_side:
        raise LimitError("picture_too_small", least=limits.smallest_side, **values)
    if max(width, height) > limits.largest_side:
        raise LimitError("side_too_long", most=limits.largest_side, **values)
    most = limits.jpeg_megapixels if _is_jpeg(image) else limits.megapixels
    if width * height > most * _MEGA:
        raise LimitError("too_many_pixels", most=most)


def _is_jpeg(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO")


def _decode(image: Image.Image, limits: Limits) -> Frame:
    reduction = 1
    while image.width * image.height > limits.megapixels * _MEGA * reduction**2:
        reduction *= 2
    if reduction > 1:
        image.draft("RGB", (-(-image.width // reduction), -(-image.height // reduction)))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_high_depth(np.asarray(image))
    # In strips, since handing over a whole picture would need room for two more copies of it.
    frame = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, image.height)
        frame[top:bottom] = _to_rgb(image.crop((0, top, image.width, bottom)))
    return frame


def _to_rgb(image: Image.Image) -> Frame:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image)
    return np.asarray(image.convert("RGB"))


def _from_high_depth(values: NDArray[Any]) -> Frame:
    """Grey of 16 or 32 bits or floats to RGB; white is 1.0, 255 or 65535, the least that holds all values."""
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    brightest = float(finite.max())
    if values.dtype.kind == "f":
        whites: tuple[float, ...] = (1.0, 255.0, 65535.0)
    else:
        whites = (65535.0,)
    white = next((w for w in whites if brightest <= w), brightest)
    grey = np.clip(finite * (255.0 / white) + 0.5, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, -1)
