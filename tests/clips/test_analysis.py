"""Real clips through real worker processes."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from posecore import Cancelled, MediaError, PoseError, PoseSequence, StreamTracker, Workers, probe, read_frames
from posecore.clips.analysis import AnalysisSettings, analyse, analyse_and_render
from posecore.clips.segment_jobs import Progress
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.frame_preparation import prepare
from posecore.media.clip_files import Clip, decode_frames
from posecore.media.upright_frames import DecodedPicture
from posecore.pose import torso_lengths
from tests.support.paths import SAMPLES

BALANCE = probe(SAMPLES / "balance.mp4")
BOX_JUMP = probe(SAMPLES / "box_jump.mp4")
ARRAYS = ("xy", "z", "visibility", "presence", "world", "time", "frames")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


@pytest.fixture(scope="module")
def box_jump(workers: Workers) -> PoseSequence:
    return analyse(BOX_JUMP, AnalysisSettings(), workers.lane())


@pytest.mark.parametrize(("clip", "longest"), [(BALANCE, 40), pytest.param(BOX_JUMP, 25, marks=pytest.mark.slow)])
def test_one_worker_and_two_give_the_same_bytes(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, clip: Clip, longest: int
) -> None:
    monkeypatch.setattr("posecore.clips.segments.LONGEST", longest)
    monkeypatch.setattr("posecore.clips.analysis._GO_ON", 1)
    two = analyse(clip, AnalysisSettings(), workers.lane())
    with ThreadPoolExecutor(1) as alone:
        one = analyse(clip, AnalysisSettings(), alone)
    assert len(one.time) == len(clip.pts)
    for name in ARRAYS:
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_at_borders_it_is_close_to_an_unbroken_run(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    unbroken = followed(BALANCE, times_smaller=2)
    whole = analyse(BALANCE, AnalysisSettings(), workers.lane())
    assert (whole.xy == unbroken.xy).all()
    monkeypatch.setattr("posecore.clips.segments.LONGEST", 50)
    cut = analyse(BALANCE, AnalysisSettings(), workers.lane())
    apart = np.linalg.norm(cut.xy - unbroken.xy, axis=-1).mean(-1) / torso_lengths(unbroken)
    assert (apart[50:] > 0).any()  # the second segment begins anew
    assert np.median(apart[50:70]) < 0.01


def followed(clip: Clip, times_smaller: int) -> PoseSequence:
    """By one tracker, frame after frame."""
    with StreamTracker() as tracker:
        poses = []
        for number, frame in decode_frames(clip):
            ready = prepare(DecodedPicture(frame, reduction=times_smaller), clip.size)
            poses.append(tracker.track(ready, float(clip.times[number])))
    return PoseSequence.from_poses(poses, clip.times, clip.size)


def test_smaller_frames_hardly_move_landmarks() -> None:
    whole, smaller = followed(BALANCE, 1), followed(BALANCE, 2)
    apart = np.linalg.norm(whole.xy - smaller.xy, axis=-1) / torso_lengths(whole)[..., None]
    assert np.median(apart) < 0.01


def test_small_people_are_looked_at_in_frames_as_they_are(workers: Workers, tmp_path: Path) -> None:
    file = tmp_path / "far.mp4"
    with av.open(str(file), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for _, frame in read_frames(BALANCE, 0, 12):
            scene = np.full((1080, 1920, 3), 90, np.uint8)
            scene[60:1020, 690:1230] = cv2.resize(frame, (540, 960), interpolation=cv2.INTER_AREA)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(scene, format="rgb24")))
        out.mux(stream.encode(None))
    clip = probe(file)
    told: list[Progress] = []
    found = analyse(clip, AnalysisSettings(), workers.lane(), told.append)
    assert found.present.all()
    assert (found.xy == followed(clip, 1).xy).all()
    assert (found.xy != followed(clip, 2).xy).any()
    assert max(progress.done for progress in told) == 12


@pytest.mark.slow
@pytest.mark.parametrize("longest", [100, 25])  # with 25 a tracker that begins anew takes over before the end
def test_all_segments_follow_the_same_one_of_two_people(
    box_jump: PoseSequence, workers: Workers, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr("posecore.clips.segments.LONGEST", longest)
    monkeypatch.setattr("posecore.clips.analysis._GO_ON", 1)
    cut = analyse(BOX_JUMP, AnalysisSettings(), workers.lane())
    both = (cut.present & box_jump.present)[:, 0]
    apart = np.linalg.norm(cut.xy[both, 0] - box_jump.xy[both, 0], axis=-1).mean(-1) / torso_lengths(box_jump)[both, 0]
    assert (apart < 0.5).mean() > 0.95


def test_squats_agree_with_the_reference(media: Path, workers: Workers) -> None:
    sequence = analyse(probe(media / "videos" / "pose_squats.mp4"), AnalysisSettings(), workers.lane())
    assert sequence.time == pytest.approx(np.arange(65) / 5)
    expected = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2]
    apart = np.linalg.norm(sequence.xy[:, 0] - expected, axis=-1)
    assert apart.mean() <= 6
    assert np.quantile(apart, 0.95) <= 15


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("squats.gif", 0),
        ("squats_av1.mp4", 0),
        ("squats_hevc_10bit.mkv", 0),
        ("squats_mpeg4.avi", 0),
        ("squats_nonsquare_sar.mp4", 0),
        ("squats_oddsize_yuv444.mp4", 0),
        ("squats_phone_rot90_upright.mp4", 0),
        ("squats_noduration_live.webm", 0),
        ("squats_start5s.ts", 0),
        ("squats_vfr.mp4", 0),
        ("squats_displaymatrix_90.mp4", 1),
        ("squats_displaymatrix_180.mp4", 2),
        ("squats_displaymatrix_270.mp4", 3),
    ],
)
def test_odd_clips_give_the_landmarks_of_the_original(name: str, turn: int, media: Path, workers: Workers) -> None:
    """Compared as parts of width and height, after as many quarter turns to the left as the file asks for."""
    sequence = analyse(probe(media / "odd_videos" / name), AnalysisSettings(), workers.lane())
    places = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2] / (720, 1280)
    for _ in range(turn):
        places = np.stack([places[..., 1], 1 - places[..., 0]], -1)
    expected = places[np.round(sequence.time * 5).astype(int)] * sequence.size
    assert sequence.present.all()
    apart = np.linalg.norm(sequence.xy[:, 0] - expected, axis=-1)
    assert apart.mean() <= 0.009 * max(sequence.size)


def test_somebody_is_found_in_nearly_every_frame_of_the_box_jump(box_jump: PoseSequence) -> None:
    assert box_jump.present.any(1).sum() >= 222


def test_two_people_keep_their_places(media: Path, workers: Workers) -> None:
    clip = probe(media / "videos" / "two_people_cam01.mp4")
    sequence = analyse(clip, AnalysisSettings(DetectorSettings(people=2)), workers.lane())
    assert sequence.people == 2
    assert (sequence.present.mean(0) > 0.9).all()
    hips = sequence.xy[:, :, 23:25, 0].mean(-1)
    assert np.nanmax(np.abs(np.diff(hips, axis=0))) < 0.5 * np.nanmedian(torso_lengths(sequence))
    together = sequence.present.all(1)
    assert len(set(np.sign(hips[together, 0] - hips[together, 1]))) == 1  # they never change sides


@pytest.mark.slow
def test_nobody_in_the_empty_stretches_and_people_where_they_are(media: Path, workers: Workers) -> None:
    clip = probe(media / "videos" / "one-by-one-person-detection.mp4")
    sequence = analyse(clip, AnalysisSettings(every=2), workers.lane())
    there = dict(zip(sequence.frames.tolist(), sequence.present.any(1).tolist(), strict=True))

    def share(first: int, last: int) -> float:
        return float(np.mean([there[n] for n in range(first, last, 2)]))

    assert max(share(0, 40), share(460, 500), share(898, 904)) < 0.2
    assert (
        min(share(*part) for part in ((104, 150), (260, 390), (560, 640), (760, 840), (960, 1140), (1260, 1340))) > 0.9
    )


def test_a_clip_that_breaks_off_yields_its_frames(media: Path, workers: Workers) -> None:
    clip = probe(media / "odd_videos" / "squats_truncated_faststart.mp4")
    assert len(analyse(clip, AnalysisSettings(), workers.lane()).time) == 36


def test_damaged_frames_are_used_and_counted(media: Path, workers: Workers) -> None:
    clip = probe(media / "odd_videos" / "squats_bitflips.mp4")
    sequence = analyse(clip, AnalysisSettings(), workers.lane())
    assert sequence.damaged.tolist() == [True] * 65
    truth = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2]
    there = np.flatnonzero(sequence.present.any(1))
    apart = np.linalg.norm(sequence.xy[there, 0] - truth[there], axis=-1).mean(-1) / torso_lengths(sequence)[there, 0]
    assert np.median(apart) > 0.25  # of what its pictures show most is lost: hence the count and the word of it


def damaged_squats(media: Path, tmp_path: Path) -> Clip:
    """The squats with flipped bits in one frame; H.264 hands the damage on to the frames that follow."""
    source = media / "videos" / "pose_squats.mp4"
    with av.open(str(source)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(source.read_bytes())
    place, size = places[40]
    data[place + size // 2 : place + size // 2 + 40] = bytes(40)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    return probe(path)


@pytest.mark.parametrize("people", [1, 2])
def test_where_damage_begins_what_came_before_is_as_good_as_ever(
    people: int, media: Path, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = damaged_squats(media, tmp_path)
    marked = [number for number, frame in decode_frames(clip, threads=1) if frame.is_corrupt]
    assert marked
    assert len(marked) < 40
    monkeypatch.setattr("posecore.clips.segments.LONGEST", 25)  # warm-up frames are seen twice and counted once
    settings = AnalysisSettings(DetectorSettings(people=people))
    sequence = analyse(clip, settings, workers.lane())
    assert sequence.frames[sequence.damaged].tolist() == marked
    assert analyse(clip, replace(settings, every=5), workers.lane()).damaged.sum() == sum(n % 5 == 0 for n in marked)
    truth = np.array(json.loads((media / "truth" / "pose_squats.full.json").read_text("utf-8")))[..., :2]
    apart = np.linalg.norm(sequence.xy[:, 0] - truth, axis=-1)
    assert np.nanmean(apart[~sequence.damaged]) <= 0.009 * max(sequence.size)


def test_a_part_of_a_clip_keeps_its_numbers_and_times(workers: Workers) -> None:
    sequence = analyse(BALANCE, AnalysisSettings(start_s=0.5, end_s=1.0, every=3), workers.lane())
    assert sequence.frames.tolist() == list(range(30, 60, 3))
    assert sequence.time == pytest.approx(np.arange(30, 60, 3) / 60)


def test_found_and_rendered_in_one_pass_is_the_same(box_jump: PoseSequence, workers: Workers, tmp_path: Path) -> None:
    target = tmp_path / "annotated.mp4"
    sequence, part = analyse_and_render(BOX_JUMP, AnalysisSettings(), workers.lane(), target)
    assert (np.nan_to_num(sequence.xy) == np.nan_to_num(box_jump.xy)).all()
    assert 0 < part < 1
    with av.open(str(target)) as container:
        assert len(list(container.decode(video=0))) == len(sequence.time)


def test_progress_rises_and_shows_pictures(workers: Workers) -> None:
    seen: list[Progress] = []
    analyse(BOX_JUMP, AnalysisSettings(), workers.lane(), seen.append)
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert seen[-1].done == seen[-1].total == 230
    assert any(progress.newest and progress.newest.startswith(b"\xff\xd8") for progress in seen)
    assert any(progress.seconds_left for progress in seen)


def test_cancelling_stops_the_work_and_frees_the_workers(workers: Workers) -> None:
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        settings = AnalysisSettings(DetectorSettings("heavy", people=1))
        analyse(BOX_JUMP, settings, workers.lane(), seen.append, cancelled=lambda: any(one.done for one in seen))
    assert workers.lane().submit(abs, -1).result(timeout=60) == 1
    assert seen[-1].done < 230


def test_a_killed_worker_ends_its_clip_and_no_other() -> None:
    with Workers(1) as workers:
        visitor = threading.Thread(target=lambda: others.append(analyse(BALANCE, AnalysisSettings(), workers.lane())))
        others: list[PoseSequence] = []

        def kill(progress: Progress) -> None:
            if progress.newest and not visitor.ident:
                visitor.start()
                os.kill(workers.process_ids[0], signal.SIGKILL)

        with pytest.raises(PoseError, match="failed in a way"):
            analyse(BOX_JUMP, AnalysisSettings(), workers.lane(), kill)
        visitor.join()
        assert len(others[0].time) == 100
        assert len(analyse(BALANCE, AnalysisSettings(end_s=0.2), workers.lane()).time) == 12


def test_two_visitors_at_once_both_finish(workers: Workers) -> None:
    with ThreadPoolExecutor(2) as visitors:
        jobs = [visitors.submit(analyse, clip, AnalysisSettings(), workers.lane()) for clip in (BALANCE, BOX_JUMP)]
        assert [len(job.result().time) for job in jobs] == [100, 230]


def test_a_part_without_frames(workers: Workers) -> None:
    with pytest.raises(MediaError, match="no frame in this part"):
        analyse(BALANCE, AnalysisSettings(start_s=5), workers.lane())


@pytest.mark.slow
def test_whoever_the_detector_cannot_find_anew_is_followed_from_the_segment_before(
    box_jump: PoseSequence, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecore.clips.segments.LONGEST", 115)  # at the border the jumper stands before a dark tree
    seen: list[Progress] = []
    cut = analyse(BOX_JUMP, AnalysisSettings(), workers.lane(), seen.append)
    assert (np.nan_to_num(cut.xy) == np.nan_to_num(box_jump.xy)).all()
    assert {progress.total for progress in seen} == {230}
