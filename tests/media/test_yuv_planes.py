"""Planes of real photos, cut out, painted and seen again."""

from __future__ import annotations

import av
import numpy as np

from posecore import decode_image
from posecore.media.picture import Box
from posecore.media.yuv_planes import Planes, cut_out, paint, rgb, three
from tests.support.paths import SAMPLES

PHOTO = decode_image(SAMPLES / "two_people.jpg")[:400, :600]
BOX = Box(120, 34, 402, 280)


def planes() -> Planes:
    return av.VideoFrame.from_ndarray(PHOTO, format="rgb24").reformat(format="yuv420p").to_ndarray()


def test_brightness_and_colours_are_those_that_ffmpeg_sees() -> None:
    frame = av.VideoFrame.from_ndarray(PHOTO, format="rgb24").reformat(format="yuv420p")
    for ours, theirs in zip(three(frame.to_ndarray()), frame.planes, strict=True):
        rows = np.frombuffer(theirs, np.uint8).reshape(theirs.height, theirs.line_size)
        assert (ours == rows[:, : theirs.width]).all()


def test_it_is_the_picture() -> None:
    assert np.abs(rgb(planes()).astype(int) - PHOTO).mean() < 3


def test_what_is_cut_out_is_a_part_of_the_picture() -> None:
    part = rgb(cut_out(planes(), BOX))
    assert (part == rgb(planes())[BOX.top : BOX.bottom, BOX.left : BOX.right]).all()


def test_what_is_painted_is_seen_and_nothing_else_changes() -> None:
    before, after = planes(), planes()
    paint(after, BOX, np.full((BOX.bottom - BOX.top, BOX.right - BOX.left, 3), (200, 40, 90), np.uint8))
    was, is_now = rgb(before), rgb(after)
    inside = np.zeros(was.shape[:2], bool)
    inside[BOX.top : BOX.bottom, BOX.left : BOX.right] = True
    assert np.abs(is_now[inside].astype(int) - (200, 40, 90)).max() <= 3
    assert (is_now[~inside] == was[~inside]).all()


def test_painting_what_was_cut_out_is_hardly_seen() -> None:
    painted = planes()
    paint(painted, BOX, rgb(cut_out(painted, BOX)))
    apart = np.abs(painted.astype(int) - planes())
    assert apart.mean() < 0.5
