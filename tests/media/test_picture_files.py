"""Real files of every kind, and files that mean harm."""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posecore import LimitError, MediaError, PictureLimits, decode_image, decoded_image, encode_image
from posecore.media.picture_files import shrink
from tests.support.paths import SAMPLES

# What each odd file must end in: the picture, or this error.
ODD_ERRORS = {
    "bomb_169MP_1bit.png": "too_many_pixels",
    "bomb_400MP_1bit.png": "too_many_pixels",
    "one_pixel.png": "picture_too_small",
    "pose_tiny_20x13.png": "picture_too_small",
    "pose_truncated_50pct.jpg": "picture_damaged",
    "pose_truncated_header.jpg": "picture_damaged",
    "svg_named.png": "not_a_picture",
    "text_as.png": "not_a_picture",
    "zero_bytes.jpg": "empty_file",
}
# Not of the original's size: one is another picture, and one carries a rotation of its own besides the EXIF tag,
# which every viewer follows.
ODD_SIZES = {"extreme_aspect_4000x16.png": (16, 4000), "pose_exif6.heic": (1000, 667)}


def test_every_odd_file_gives_the_picture_or_one_clear_error(media: Path) -> None:
    original = decode_image(media / "images" / "pose.jpg").astype(float)
    files = sorted((media / "odd_images").iterdir())
    assert len(files) >= 40
    for file in files:
        if file.name in ODD_ERRORS:
            with pytest.raises((MediaError, LimitError)) as caught:
                decode_image(file)
            assert caught.value.code == ODD_ERRORS[file.name], file.name
            continue
        frame = decode_image(file)
        assert frame.shape == (*ODD_SIZES.get(file.name, (667, 1000)), 3), file.name
        assert frame.dtype == np.uint8
        assert frame.flags.c_contiguous
        if file.name not in ODD_SIZES:
            small = [shrink(f, 50).astype(float).mean(-1) for f in (frame, original.astype(np.uint8))]
            assert np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1] > 0.7, file.name  # some are partly transparent


def test_eight_orientations_give_the_same_upright_picture(media: Path) -> None:
    upright = shrink(decode_image(media / "exif" / "Portrait_1.jpg"), 90).astype(int)
    for number in range(9):
        frame = shrink(decode_image(media / "exif" / f"Portrait_{number}.jpg"), 90).astype(int)
        assert frame.shape == upright.shape
        assert np.abs(frame - upright).mean() < 6, number  # a number is painted on each


def encoded(frame: np.ndarray, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(frame).save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def photo() -> np.ndarray:
    return decode_image(SAMPLES / "balance.jpg")[::4, ::4].copy()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.97])
def test_a_file_cut_off_anywhere_is_one_error(photo: np.ndarray, kind: str, part: float) -> None:
    data = encoded(photo, kind)
    with pytest.raises(MediaError):
        decode_image(data[: int(len(data) * part)])


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_cut_off_and_closed_again_is_no_half_grey_picture(
    photo: np.ndarray, part: float, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(photo, "JPEG", exif=exif)
    assert decode_image(data).ndim == 3
    with pytest.raises(MediaError):
        decode_image(data[: int(len(data) * part)] + b"\xff\xd9")


def test_pictures_with_a_flat_edge_are_whole(photo: np.ndarray) -> None:
    for colour in (0, 128, 255):
        framed = photo.copy()
        framed[-40:] = colour
        for options in ({}, {"progressive": True}, {"subsampling": 0}):
            assert decode_image(encoded(framed, "JPEG", **options)).shape == photo.shape


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"])
def test_damaged_bytes_give_a_picture_or_one_error(photo: np.ndarray, kind: str) -> None:
    whole = encoded(photo, kind)
    random = np.random.default_rng(0)
    for _ in range(30):
        data = bytearray(whole)
        for place in random.integers(0, len(data), 8):
            data[place] = random.integers(0, 256)
        try:
            frame = decode_image(bytes(data))
        except (MediaError, LimitError):
            continue
        assert frame.ndim == 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_followed_in_every_format_that_carries_it(kind: str, orientation: int) -> None:
    upright = np.zeros((60, 100, 3), np.uint8)
    upright[:30, :50] = 255  # white at the top left
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions that turn upright into stored
    stored = Image.fromarray(upright)
    if orientation in undo:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    out = io.BytesIO()
    stored.save(out, kind, exif=exif)
    frame = decode_image(out.getvalue())
    assert frame.shape == upright.shape
    assert np.abs(frame.astype(int) - upright).mean() < 10


def test_alpha_stands_on_white() -> None:
    clear = np.zeros((20, 20, 4), np.uint8)
    assert (decode_image(encoded(clear, "PNG")) == 255).all()
    half = np.dstack([np.zeros((20, 20, 3), np.uint8), np.full((20, 20), 128, np.uint8)])
    assert np.unique(decode_image(encoded(half, "PNG"))).tolist() == [127]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (np.full((20, 20), 0.5, np.float32), "TIFF", 128),
        (np.full((20, 20), 128.0, np.float32), "TIFF", 128),
        (np.full((20, 20), np.nan, np.float32), "TIFF", 0),
        (np.full((20, 20), 65535, np.uint16), "TIFF", 255),
        (np.full((20, 20), 257 * 7, np.uint16), "PNG", 7),
        (np.full((20, 20), 4095, np.uint16), "TIFF", 255),
        (np.full((20, 20), 255, np.int32), "TIFF", 255),
    ],
)
def test_deep_grey_keeps_its_brightness(values: np.ndarray, kind: str, expected: int) -> None:
    assert np.unique(decode_image(encoded(values, kind))).tolist() == [expected]


def test_overshoot_and_hot_pixels_do_not_darken_a_picture() -> None:
    values = np.full((100, 100), 0.5, np.float32)
    values[0, 0], values[8, 8] = 1.01, 1e30
    assert np.median(decode_image(encoded(values, "TIFF"))) == 128


def test_white_is_zero_is_followed() -> None:
    data = encoded(np.full((20, 20), 65535, np.uint16), "TIFF", tiffinfo={262: 0})
    assert np.unique(decode_image(data)).tolist() == [0]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff" * 39_000_000,
        b"\xff\xd8" + b"\xff\xe2\x00\x02" * 9_000_000,
        b"\x89PNG\r\n\x1a\n" + (struct.pack(">I", 0) + b"tEXt" + struct.pack(">I", zlib.crc32(b"tEXt"))) * 3_000_000,
    ],
    ids=["padding", "segments", "chunks"],
)
def test_millions_of_empty_parts_are_refused_without_reading_them(data: bytes) -> None:
    with pytest.raises(MediaError):
        decode_image(data)


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"progressive": True}), ("WEBP", {})])
def test_formats_that_cost_memory_get_fewer_pixels(kind: str, options: dict[str, bool]) -> None:
    data = encoded(np.full((120, 200, 3), 90, np.uint8), kind, **options)
    assert decode_image(data).shape == (120, 200, 3)
    with pytest.raises(LimitError):
        decode_image(data, PictureLimits(costly_megapixels=0.023))


def png_of_size(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (15, 100, "picture_too_small"),
        (20_001, 16, "side_too_long"),
        (7072, 7072, "too_many_pixels"),
        (60_000, 60_000, "side_too_long"),
        (2**31 - 1, 2**31 - 1, "too_many_pixels"),
        (7071, 7071, "picture_damaged"),
    ],
)
def test_the_header_is_judged_before_anything_is_decoded(width: int, height: int, code: str) -> None:
    with pytest.raises((MediaError, LimitError)) as caught:
        decode_image(png_of_size(width, height))
    assert caught.value.code in (code, "too_many_pixels" if width > 20_001 else code)


def test_too_many_bytes_are_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "large.jpg"
    with file.open("wb") as sparse:
        sparse.truncate(40_000_001)
    with pytest.raises(LimitError, match="40 MB"):
        decode_image(file)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.jpg", tmp_path):
        with pytest.raises(MediaError):
            decode_image(path)


def test_a_large_jpeg_is_decoded_at_half_its_size() -> None:
    data = encoded(np.full((120, 200, 3), 90, np.uint8), "JPEG")
    assert decode_image(data, PictureLimits(megapixels=0.023)).shape == (60, 100, 3)
    with pytest.raises(LimitError):
        decode_image(data, PictureLimits(jpeg_megapixels=0.023, megapixels=0.01))


def test_phone_photo_of_108_megapixels() -> None:
    data = encoded(np.full((9000, 12000, 3), (40, 90, 160), np.uint8), "JPEG")
    frame = decode_image(data)
    assert frame.shape == (4500, 6000, 3)
    assert np.abs(frame[::500, ::500].astype(int) - (40, 90, 160)).max() <= 3


def test_first_frame_of_an_animation(photo: np.ndarray) -> None:
    out = io.BytesIO()
    frames = [Image.fromarray(photo), Image.fromarray(255 - photo)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert (decode_image(out.getvalue()) == photo).all()


def test_encoding_and_decoding_png_gives_the_same_pixels(photo: np.ndarray) -> None:
    assert (decode_image(encode_image(photo)) == photo).all()
    assert np.abs(decode_image(encode_image(photo, "jpg")).astype(int) - photo).mean() < 5
    before = photo.copy()
    assert (decode_image(encode_image(photo, reuse=True)) == before).all()


def test_shrink_averages_and_never_enlarges() -> None:
    board = np.indices((100, 100)).sum(0)[..., None].repeat(3, -1) % 2 * 255
    assert np.unique(shrink(board.astype(np.uint8), 50)).tolist() in ([127], [128])
    small = np.zeros((10, 20, 3), np.uint8)
    assert shrink(small, 50) is small
    assert shrink(np.zeros((16, 4000, 3), np.uint8), 100).shape == (1, 100, 3)


def test_while_a_large_picture_is_in_use_another_waits_and_a_small_one_does_not(tmp_path: Path) -> None:
    for name, size in (("large", (4100, 4000)), ("small", (400, 400))):
        Image.new("RGB", size, "teal").save(tmp_path / f"{name}.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "large.png").read_bytes()[:-5000])
    with ThreadPoolExecutor(2) as pool:
        with decoded_image(tmp_path / "large.png") as frame:
            assert encode_image(frame, "jpg")
            other = pool.submit(decode_image, tmp_path / "large.png")
            assert pool.submit(decode_image, tmp_path / "small.png").result().shape == (400, 400, 3)
            assert not other.done()
        assert other.result().shape == frame.shape
        with pytest.raises(MediaError):
            decode_image(tmp_path / "broken.png")
        assert pool.submit(decode_image, tmp_path / "large.png").result().shape == frame.shape
