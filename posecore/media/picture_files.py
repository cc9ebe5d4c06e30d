"""Picture files to upright RGB frames and back, safe with files from strangers.

Everything a header says is checked against `PictureLimits` before anything is decoded, and a file either gives
its whole picture or one `MediaError` or `LimitError`.
"""

from __future__ import annotations

import base64
import io
import threading
import warnings
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from posecore.errors import LimitError, MediaError
from posecore.limits import PICTURE_LIMITS, PictureLimits
from posecore.media.kinds import check_size
from posecore.palette import WHITE

Frame = NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
SUFFIXES = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif")


_MEGA = 1_000_000

_LARGE_PIXELS = 16 * _MEGA
_STRIP_ROWS = 512
_EDGE = 8  # pixels
_PNG = b"\x89PNG\r\n\x1a\n"
_START_OF_SCAN = 0xDA
_MOST_SEGMENTS = 50_000
_OVERSHOOT = 1.2
_SAMPLE_PIXELS = 250_000
_PHOTOMETRIC = 262  # the TIFF tag that says whether 0 is black or white
_large_picture = threading.RLock()

Image.init()
pillow_heif.register_heif_opener(thumbnails=False)
# Pixels in blocks larger than malloc keeps for later go back to the system when a picture is done with.
Image.core.set_block_size(64 << 20)  # type: ignore[attr-defined]  # documented, but not in the exports
# Pillow's own guard warns far below the largest JPEG allowed here. Above its error limit, twice this number,
# it still refuses; in between, `PictureLimits` decides.
Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS or 0, PICTURE_LIMITS.jpeg_megapixels * _MEGA)
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def decode_image(source: bytes | str | Path, limits: PictureLimits = PICTURE_LIMITS) -> Frame:
    """The picture in a file's bytes or at a path: (H, W, 3) uint8 RGB, upright, alpha on white.

    Of animations the first frame. A JPEG above `limits.megapixels` comes back at a half, quarter or eighth of its size.

    Raises:
        MediaError: empty, missing, not a picture, cut off or damaged.
        LimitError: more bytes or pixels than allowed, or a side too short or too long.
    """
    with decoded_image(source, limits) as frame:
        return frame


@contextmanager
def decoded_image(source: bytes | str | Path, limits: PictureLimits = PICTURE_LIMITS) -> Generator[Frame]:
    """`decode_image` for several threads: until the context is left, a large picture keeps the turn of `turn_for`."""
    data = _read(source, limits)
    _check_segments(data)
    with ExitStack() as turn:
        yield _decode_in_turn(data, limits, turn)


def _decode_in_turn(data: bytes, limits: PictureLimits, turn: ExitStack) -> Frame:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image, limits)
            turn.enter_context(turn_for(image.width * image.height))
            reduced = image.width * image.height > limits.megapixels * _MEGA
            frame = _decode(image, limits)
            if image.format in ("JPEG", "MPO") and not reduced and _ends_flat(frame):
                _check_jpeg_is_whole(data)
            return frame
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LimitError("too_many_pixels", most=limits.megapixels) from error
    except UnidentifiedImageError as error:
        raise MediaError("not_a_picture") from error
    except (LimitError, MediaError):
        raise
    except Exception as error:  # on damaged bytes Pillow's decoders raise whatever they stumble over
        raise MediaError("picture_damaged") from error


def turn_for(pixels: int) -> AbstractContextManager[object]:
    """Work on large pictures in turn, one thread at a time, so that memory does not grow with their number."""
    return _large_picture if pixels > _LARGE_PIXELS else nullcontext()


def encode_image(frame: Frame, suffix: str = "png", quality: int = 90, *, reuse: bool = False) -> bytes:
    """An RGB frame as the bytes of a PNG or JPEG file; `reuse` allows to overwrite the frame, which saves a copy."""
    # Level 1 packs a photo nearly as well as the default, several times faster.
    options = [cv2.IMWRITE_PNG_COMPRESSION, 1] if suffix == "png" else [cv2.IMWRITE_JPEG_QUALITY, quality]
    bgr = frame if reuse else np.empty_like(frame)
    for top in range(0, len(frame), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        bgr[rows] = cv2.cvtColor(frame[rows], cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(f".{suffix}", bgr, options)
    if not done:
        raise ValueError(f"cannot encode {frame.shape} as {suffix}")
    return data.tobytes()


def jpeg_address(data: bytes) -> str:
    """The bytes of a JPEG file as an address with the picture in it."""
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()


def shrink(frame: Frame, longest: int) -> Frame:
    """The frame with its longest side at most `longest`, by area averaging: other ways lose small people."""
    height, width = frame.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return frame
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _read(source: bytes | str | Path, limits: PictureLimits) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            size = Path(source).stat().st_size
        except OSError as error:
            raise MediaError("no_such_file") from error
    check_size(size, limits.megabytes)
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise MediaError("no_such_file") from error


def _check_size(image: Image.Image, limits: PictureLimits) -> None:
    width, height = image.size
    values = {"width": width, "height": height}
    if min(width, height) < limits.smallest_side:
        raise LimitError("picture_too_small", least=limits.smallest_side, **values)
    if max(width, height) > limits.largest_side:
        raise LimitError("side_too_long", most=limits.largest_side, **values)
    most = _most_megapixels(image, limits)
    if width * height > most * _MEGA:
        raise LimitError("too_many_pixels", most=most)


def _most_megapixels(image: Image.Image, limits: PictureLimits) -> int:
    is_jpeg = image.format in ("JPEG", "MPO")
    if image.format == "WEBP" or (is_jpeg and image.info.get("progressive")):
        return min(limits.costly_megapixels, limits.megapixels)
    return limits.jpeg_megapixels if is_jpeg else limits.megapixels


def _check_segments(data: bytes) -> None:
    """Refuse files made of millions of empty parts, which would keep a reader busy for minutes.

    Raises:
        MediaError: more than `_MOST_SEGMENTS` parts before the picture.
    """
    if data.startswith(b"\xff\xd8"):
        parts = _jpeg_parts(data)
    elif data.startswith(_PNG):
        parts = _png_parts(data)
    else:
        return
    if sum(1 for _ in islice(parts, _MOST_SEGMENTS + 1)) > _MOST_SEGMENTS:
        raise MediaError("picture_damaged")


def _jpeg_parts(data: bytes) -> Iterator[int]:
    """Where the parts of a JPEG before the picture itself begin; each byte of padding counts as one."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != _START_OF_SCAN:
        yield place
        padded = data[place + 1] == 0xFF
        place += 1 if padded else 2 + max(2, int.from_bytes(data[place + 2 : place + 4], "big"))


def _png_parts(data: bytes) -> Iterator[int]:
    """Where the chunks of a PNG begin."""
    place = len(_PNG)
    while place + 8 <= len(data):
        yield place
        place += 12 + int.from_bytes(data[place : place + 4], "big")


def _decode(image: Image.Image, limits: PictureLimits) -> Frame:
    reduction = 1
    while image.width * image.height > limits.megapixels * _MEGA * reduction**2:
        reduction *= 2
    if reduction > 1:
        image.draft("RGB", (-(-image.width // reduction), -(-image.height // reduction)))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    deep = image.mode == "F" or image.mode.startswith("I")
    convert = partial(_deep_to_rgb, scale=_deep_scale(image)) if deep else _to_rgb
    # In strips, since handing over a whole picture would need room for two more copies of it.
    frame = np.empty((image.height, image.width, 3), np.uint8)
    for top, strip in _strips(image):
        frame[top : top + strip.height] = convert(strip)
    return frame


def _ends_flat(frame: Frame) -> bool:
    """Whether the rows or columns along one edge have a single colour, as where a JPEG's data ended too early."""
    edges = (frame[:_EDGE], frame[-_EDGE:], frame[:, :_EDGE], frame[:, -_EDGE:])
    return any(int(np.ptp(edge, axis=(0, 1)).max()) <= 2 for edge in edges)


def _check_jpeg_is_whole(data: bytes) -> None:
    """libjpeg fills what is missing with one colour and only murmurs; FFmpeg refuses.

    Raises:
        MediaError: the data ends before the picture does.
    """
    import av  # takes longer than a page needs to ask for a photo

    try:
        with av.open(io.BytesIO(data), "r", format="mjpeg") as container:
            stream = container.streams.video[0]
            stream.codec_context.options = {"err_detect": "explode"}
            for _ in container.decode(stream):
                return
    except av.error.InvalidDataError as error:
        raise MediaError("picture_damaged") from error


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    for top in range(0, image.height, _STRIP_ROWS):
        yield top, image.crop((0, top, image.width, min(top + _STRIP_ROWS, image.height)))


def _to_rgb(image: Image.Image) -> Frame:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image)
    return np.asarray(image.convert("RGB"))


def _finite(image: Image.Image) -> NDArray[np.float32]:
    return np.nan_to_num(np.asarray(image).astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _deep_scale(image: Image.Image) -> tuple[float, float]:
    """Black and white of a grey picture of 16 or 32 bits or floats.

    A 16-bit PNG is white at 65535. Elsewhere nothing says what is white: it is the least usual number that holds all
    but the brightest thousandth of the pixels (1.0 for floats; 8, 10, 12, 14 or 16 bits), with room for overshoot.
    """
    if image.format == "PNG":
        return 0.0, 65535.0
    step = max(1, round((image.width * image.height / _SAMPLE_PIXELS) ** 0.5))
    sample = np.concatenate([_finite(strip)[::step, ::step].ravel() for _, strip in _strips(image)])
    bright = float(np.quantile(sample, 0.999))
    usual = [2.0**bits - 1 for bits in (8, 10, 12, 14, 16)]
    if image.mode == "F":
        usual.insert(0, 1.0)
    white = next((value for value in usual if bright <= value * _OVERSHOOT), bright)
    tags = getattr(image, "tag_v2", {})  # TIFF has them
    white_is_zero = tags.get(_PHOTOMETRIC) == 0
    return (white, 0.0) if white_is_zero else (0.0, white)


def _deep_to_rgb(image: Image.Image, scale: tuple[float, float]) -> Frame:
    black, white = scale
    grey = np.clip((_finite(image) - black) * (255.0 / (white - black)) + 0.5, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, -1)
