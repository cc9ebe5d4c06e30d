"""People followed through real clips."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from posecore import StreamTracker


def read_frames(path: Path, most: int) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        frames = (f.to_ndarray(format="rgb24") for f in container.decode(video=0))
        return [np.ascontiguousarray(frame) for frame, _ in zip(frames, range(most), strict=False)]


def test_tracker_follows_the_squats(media: Path) -> None:
    frames = read_frames(media / "videos" / "pose_squats.mp4", 65)
    expected = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2]
    with StreamTracker() as tracker:
        poses = [tracker.track(frame, number / 5) for number, frame in enumerate(frames)]
    assert all(pose.people == 1 for pose in poses)
    apart = np.linalg.norm(np.stack([pose.xy[0] for pose in poses]) - expected, axis=-1)
    assert apart.mean() <= 6
    assert np.quantile(apart, 0.95) <= 15


def test_tracker_survives_time_that_stands_still_or_runs_back(media: Path) -> None:
    frames = read_frames(media / "videos" / "pose_squats.mp4", 4)
    with StreamTracker() as tracker:
        assert all(tracker.track(f, t).people == 1 for f, t in zip(frames, (5.0, 5.0, 1.0, 5.0001), strict=True))


def test_two_trackers_do_not_disturb_each_other(media: Path) -> None:
    frames = read_frames(media / "videos" / "pose_squats.mp4", 10)
    with StreamTracker() as first:
        alone = [first.track(f, i / 5).xy for i, f in enumerate(frames)]
    with StreamTracker() as first, StreamTracker() as second:
        beside = []
        for i, (frame, other) in enumerate(zip(frames, frames[::-1], strict=True)):
            beside.append(first.track(frame, i / 5).xy)
            second.track(other, i / 5)
    assert all((a == b).all() for a, b in zip(alone, beside, strict=True))
    assert any((a != b).any() for a, b in pairwise(alone))
