"""Real clips through real worker processes."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from posecore import Cancelled, MediaError, PoseError, PoseSequence, StreamTracker, probe, read_frames
from posecore.analysis import WARM_UP, AnalysisSettings, analyse, cut, worker_pool

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
BALANCE = probe(SAMPLES / "balance.mp4")


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with worker_pool(2) as workers:
        yield workers


@pytest.fixture(scope="module")
def balance(pool: ProcessPoolExecutor) -> PoseSequence:
    return analyse(BALANCE, AnalysisSettings(), pool)


def test_segments_cover_every_frame_once_after_a_warm_up() -> None:
    segments = cut(BALANCE, AnalysisSettings())
    assert [segment.warm_up for segment in segments] == [0, WARM_UP]
    kept = [number for segment in segments for number in segment.numbers[segment.warm_up :]]
    assert kept == list(range(100))


def test_segments_of_a_part_and_of_every_third_frame() -> None:
    segments = cut(BALANCE, AnalysisSettings(start_s=0.5, end_s=1.0, every=3))
    kept = [number for segment in segments for number in segment.numbers[segment.warm_up :]]
    assert kept == list(range(30, 60, 3))


@pytest.mark.parametrize(("start", "end"), [(5, None), (0.5, 0.5), (1, 0.2)])
def test_a_part_without_frames(start: float, end: float | None) -> None:
    with pytest.raises(MediaError, match="no frame in this part"):
        cut(BALANCE, AnalysisSettings(start_s=start, end_s=end))


def test_one_worker_and_two_give_the_same_bytes(balance: PoseSequence) -> None:
    with ThreadPoolExecutor(1) as alone:
        other = analyse(BALANCE, AnalysisSettings(), alone)
    for name in ("xy", "z", "visibility", "presence", "world", "time"):
        assert getattr(other, name).tobytes() == getattr(balance, name).tobytes()


def test_at_the_border_it_is_close_to_an_unbroken_run(balance: PoseSequence) -> None:
    border = 50
    with StreamTracker() as tracker:
        for number, frame in read_frames(BALANCE, 0, border + 3):
            pose = tracker.track(frame, float(BALANCE.times[number]))
            if number < border:
                continue
            torso = np.linalg.norm(pose.xy[0, 11:13].mean(0) - pose.xy[0, 23:25].mean(0))
            apart = np.linalg.norm(balance.xy[number, 0] - pose.xy[0], axis=-1)
            assert np.median(apart) < 0.01 * torso


def test_squats_agree_with_the_reference(media: Path, pool: ProcessPoolExecutor) -> None:
    sequence = analyse(probe(media / "videos" / "pose_squats.mp4"), AnalysisSettings(), pool)
    assert sequence.time == pytest.approx(np.arange(65) / 5)
    expected = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2]
    apart = np.linalg.norm(sequence.xy[:, 0] - expected, axis=-1)
    assert apart.mean() <= 6
    assert np.quantile(apart, 0.95) <= 15


def test_somebody_is_found_in_nearly_every_frame_of_the_box_jump(pool: ProcessPoolExecutor) -> None:
    assert analyse(probe(SAMPLES / "box_jump.mp4"), AnalysisSettings(), pool).present.any(1).sum() >= 222


def test_a_clip_that_breaks_off_yields_its_frames(media: Path, pool: ProcessPoolExecutor) -> None:
    clip = probe(media / "odd_videos" / "squats_truncated_faststart.mp4")
    assert len(analyse(clip, AnalysisSettings(), pool).time) == 36


def test_progress_rises_to_one(pool: ProcessPoolExecutor) -> None:
    parts: list[float] = []
    analyse(BALANCE, AnalysisSettings(end_s=1.0), pool, parts.append)
    assert parts == sorted(parts)
    assert parts[-1] == 1


def test_cancelling_frees_the_workers(pool: ProcessPoolExecutor) -> None:
    began = time.monotonic()
    with pytest.raises(Cancelled):
        analyse(
            probe(SAMPLES / "box_jump.mp4"), AnalysisSettings(), pool, cancelled=lambda: time.monotonic() > began + 1
        )
    assert pool.submit(os.getpid).result(timeout=2) > 0


def test_a_killed_worker_ends_in_a_message() -> None:
    with worker_pool(2) as pool:
        victim = pool.submit(os.getpid).result()
        killer = threading.Timer(0.8, os.kill, (victim, signal.SIGKILL))
        killer.start()
        with pytest.raises(PoseError, match="failed in a way"):
            analyse(probe(SAMPLES / "box_jump.mp4"), AnalysisSettings(), pool)
        killer.join()
