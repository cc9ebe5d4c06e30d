"""Pictures read for the detector in another process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecore import ImageDetector, MediaError, PoseError, Workers, decode_image, encode_image, probe
from posecore.detection.frame_preparation import WORKING_SIDE
from posecore.detection.picture_reading import clip_picture, read_picture, save_clip_pictures
from posecore.processes import WorkerLimits
from tests.support.paths import SAMPLES


def test_a_pose_is_the_same_as_if_the_picture_were_read_here(detector: ImageDetector, tmp_path: Path) -> None:
    large = np.repeat(np.repeat(decode_image(SAMPLES / "two_people.jpg"), 2, 0), 2, 1)
    path = tmp_path / "large.png"
    path.write_bytes(encode_image(np.ascontiguousarray(large)))
    with Workers(1) as workers:
        read = workers.lane().submit(read_picture, path, 800).result()
    assert max(read.frame.shape) == WORKING_SIDE
    assert read.size == large.shape[1::-1]
    assert max(decode_image(read.preview).shape) == 800
    here, there = detector.detect(large), detector.timed(read.frame, size=read.size)[0]
    assert there.size == here.size
    np.testing.assert_allclose(there.xy, here.xy, atol=0.1)


def test_a_picture_that_takes_too_much_memory_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(encode_image(np.zeros((6900, 7000, 3), np.uint8)))
    with Workers(1, WorkerLimits(120_000_000)) as workers:
        with pytest.raises(PoseError, match=r"more memory|should not happen"):
            workers.lane().submit(read_picture, path).result()
        assert workers.lane().submit(read_picture, SAMPLES / "balance.jpg").result().size == (1080, 1920)


def test_frames_of_a_clip_in_one_pass(tmp_path: Path) -> None:
    clip = probe(SAMPLES / "balance.mp4")
    paths = save_clip_pictures(clip, [0, 40, 41, 99], tmp_path)
    assert len(set(paths)) == 4
    for number, path in zip((0, 40, 41, 99), paths, strict=True):
        np.testing.assert_array_equal(decode_image(path), clip_picture(clip, number))


def test_a_clip_of_which_nothing_can_be_decoded(tmp_path: Path, media: Path) -> None:
    with pytest.raises(MediaError):
        probe(media / "odd_videos" / "squats_truncated_nomoov.mp4")
    clip = probe(SAMPLES / "balance.mp4")
    with pytest.raises(MediaError, match=r"decoded|read"):
        clip_picture(clip, len(clip.pts) + 1)
