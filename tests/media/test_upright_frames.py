from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from posecore.media.clip_files import decode_frames, probe
from posecore.media.h264_encoding import fitting_size
from posecore.media.picture import Box
from posecore.media.upright_frames import DecodedPicture, reduction, upright, upright_planes
from posecore.media.yuv_planes import rgb
from tests.support.paths import SAMPLES

ODD = [
    "squats_displaymatrix_90.mp4",
    "squats_displaymatrix_180.mp4",
    "squats_displaymatrix_270.mp4",
    "squats_mjpeg.mov",
    "squats_nonsquare_sar.mp4",
    "squats_hevc_10bit.mkv",
    "squats_oddsize_yuv444.mp4",
]


def first_frame(name: str) -> av.VideoFrame:
    _, frame = next(decode_frames(probe(SAMPLES / name)))
    return frame


@pytest.mark.parametrize(
    ("size", "times"),
    [
        ((1920, 1080), 2),
        ((1080, 1920), 2),
        ((3840, 2160), 4),
        ((2560, 1440), 2),
        ((1280, 720), 1),
        ((1768, 994), 1),  # 994 is no multiple of 4, so a frame of half the size would cover a part only
        ((576, 576), 1),
    ],
)
def test_reduction_leaves_480_pixels(size: tuple[int, int], times: int) -> None:
    assert reduction(size) == times


@pytest.mark.parametrize("times", [2, 4])
def test_a_reduced_frame_is_the_mean_of_the_whole_one(times: int) -> None:
    frame = first_frame("two_people.mp4")
    whole, reduced = upright(frame), upright(frame, reduction=times)
    width, height = whole.shape[1] // times, whole.shape[0] // times
    expected = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    assert reduced.shape == (height, width, 3)
    assert np.abs(reduced.astype(int) - expected).mean() < 2


def test_other_kinds_of_pixels_are_reduced_alike() -> None:
    frame = first_frame("balance.mp4")
    deep = frame.reformat(format="yuv444p10le")
    assert np.abs(upright(deep, reduction=2).astype(int) - upright(frame, reduction=2)).mean() < 2


def test_reduced_turned_frames_are_turned(media: Path) -> None:
    _, frame = next(decode_frames(probe(media / "odd_videos" / "squats_displaymatrix_90.mp4")))
    whole, reduced = upright(frame), upright(frame, reduction=2)
    expected = cv2.resize(whole, reduced.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert whole.shape == (2 * reduced.shape[0], 2 * reduced.shape[1], 3)
    assert np.abs(reduced.astype(int) - expected).mean() < 2


@pytest.mark.parametrize(("name", "size"), [("balance.mp4", (720, 1280)), ("box_jump.mp4", (400, 224))])
def test_a_scaled_frame_looks_like_the_whole_one(name: str, size: tuple[int, int]) -> None:
    frame = first_frame(name)
    scaled = rgb(upright_planes(frame, size))
    expected = cv2.resize(upright(frame), size, interpolation=cv2.INTER_AREA)
    assert scaled.shape == (size[1], size[0], 3)
    assert np.abs(scaled.astype(int) - expected).mean() < 5


@pytest.mark.parametrize("name", ODD)
def test_odd_frames_are_scaled_alike(media: Path, name: str) -> None:
    clip = probe(media / "odd_videos" / name)
    _, frame = next(decode_frames(clip))
    size = fitting_size(clip.size, 500)
    planes = upright_planes(frame, size)
    expected = cv2.resize(upright(frame, clip.pixel_ratio), size, interpolation=cv2.INTER_AREA)
    assert planes.shape == (size[1] * 3 // 2, size[0])
    assert np.abs(rgb(planes).astype(int) - expected).mean() < 5


@pytest.mark.parametrize("name", ODD)
def test_parts_of_frames_are_the_same_pixels(media: Path, name: str) -> None:
    check_parts(media / "odd_videos" / name, 1)


@pytest.mark.parametrize(("name", "times"), [("balance.mp4", 1), ("balance.mp4", 2), ("box_jump.mp4", 1)])
def test_parts_of_the_samples_are_the_same_pixels(name: str, times: int) -> None:
    check_parts(SAMPLES / name, times)


def check_parts(path: Path, times: int) -> None:
    random, clip = np.random.default_rng(3), probe(path)
    for _, frame in decode_frames(clip, 0, 2):
        picture = DecodedPicture(frame, clip.pixel_ratio, times)
        whole = upright(frame, clip.pixel_ratio, times)
        assert (picture.whole() == whole).all()
        width, height = picture.size
        assert (height, width) == whole.shape[:2]
        for _ in range(20):
            (left, right), (top, bottom) = (np.sort(random.integers(-90, side + 90, 2)) for side in (width, height))
            part, x, y = picture.part(Box(int(left), int(top), int(right) + 1, int(bottom) + 1))
            rows, columns = part.shape[:2]
            assert (part == whole[y : y + rows, x : x + columns]).all()
            assert x <= min(max(left, 0), width - 1)
            assert y <= min(max(top, 0), height - 1)
            assert x + columns >= min(max(right + 1, 1), width)
            assert y + rows >= min(max(bottom + 1, 1), height)


@pytest.mark.parametrize(("level", "halftone"), [(0, True), (255, True), (128, False)])
def test_black_and_white_is_told_from_grey(level: int, halftone: bool) -> None:
    frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), level, np.uint8), format="rgb24").reformat(format="yuv420p")
    assert DecodedPicture(frame).is_halftone is halftone
