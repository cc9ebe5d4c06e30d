"""A live session with real frames, and with everything that may go wrong in a stream."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from posecore import ANGLES, StreamTracker, decode_image, joint_angles, load_exercise, probe, read_frames
from posecore.detection.engines import engine_for
from posecore.live.history import HISTORY_S, MOST_RECORDED_S
from posecore.live.session import LiveSession, LiveSettings
from posecore.media.clip_files import decode_frames
from posecore.media.picture_files import Frame
from posecore.media.upright_frames import upright
from posecore.palette import PAPER, rgb
from tests.support.class_clips import CELL, CLASS, RATE, write_class
from tests.support.paths import SAMPLES

LITE = LiveSettings("lite", mirrored=False)


def frames_of(name: str, count: int) -> list[Frame]:
    clip = probe(SAMPLES / name)
    picked = []
    for _number, frame in decode_frames(clip, 0, count, threads=1):
        small = frame.reformat(frame.width // 3 // 2 * 2, frame.height // 3 // 2 * 2)
        assert isinstance(small, av.VideoFrame)
        picked.append(upright(small, clip.pixel_ratio))
    return picked


@pytest.fixture(scope="module")
def person() -> list[Frame]:
    return frames_of("balance.mp4", 12)


@pytest.fixture
def session() -> Iterator[LiveSession]:
    with LiveSession(LITE) as opened:
        yield opened


def test_a_person_is_drawn_and_measured(session: LiveSession, person: list[Frame]) -> None:
    answers = [session.process(frame, i / 30) for i, frame in enumerate(person)]
    assert all(answer.shape == frame.shape for answer, frame in zip(answers, person, strict=True))
    assert (answers[-1] != person[-1]).any(-1).mean() > 0.005
    now = session.snapshot()
    assert (now.frames_seen, now.frames_processed, now.errors) == (12, 12, 0)
    assert now.time == pytest.approx(np.arange(12) / 30)
    assert now.angles.shape == now.seen.shape == (12, len(ANGLES))
    assert now.seen[-1, list(ANGLES).index("left_knee")]
    assert now.milliseconds > 0
    assert now.frames_per_second > 0


def test_angles_are_those_of_a_tracker(session: LiveSession, person: list[Frame]) -> None:
    for i, frame in enumerate(person):
        session.process(frame, i / 30)
    with StreamTracker(live=True) as tracker:
        full = [tracker.track(frame, i / 30) for i, frame in enumerate(person)]
    with LiveSession(LiveSettings("full", mirrored=True)) as mirrored:
        for i, frame in enumerate(person):
            mirrored.process(frame, i / 30)
        assert mirrored.snapshot().angles[-1] == pytest.approx(joint_angles(full[-1].xy[0]))


def test_the_mirror_is_for_the_eye_only(person: list[Frame]) -> None:
    with LiveSession(LITE) as plain, LiveSession(LiveSettings("lite", mirrored=True)) as mirror:
        for i, frame in enumerate(person):
            seen, mirrored = plain.process(frame, i / 30), mirror.process(frame, i / 30)
        apart = np.abs(seen[:, ::-1].astype(int) - mirrored)
        assert apart.mean() < 0.05  # edges of lines, which are smoothed
        assert np.array_equal(plain.snapshot().angles, mirror.snapshot().angles)


@pytest.mark.skipif(engine_for("live", closer=True) != "litert", reason="only LiteRT looks closer")
def test_a_class_of_three_is_followed_and_counted(media: Path, tmp_path: Path) -> None:
    write_class(media, CLASS[:3], tmp_path / "class.mp4")
    with LiveSession(LiveSettings(people=3, exercise=load_exercise("squat"))) as session:
        session.start_recording()
        for number, frame in read_frames(probe(tmp_path / "class.mp4")):
            session.process(np.ascontiguousarray(frame), number / RATE)
        now, recorded = session.snapshot(), session.stop_recording()
        assert recorded is not None
        for person in range(3):
            angles = joint_angles(recorded.xy[:, person])
            assert session.snapshot(person).angles == pytest.approx(angles, nan_ok=True, abs=0.1)
    assert (now.errors, now.people) == (0, 3)
    assert recorded.present.mean(0).min() > 0.9
    places = recorded.xy[:, :, [11, 12, 23, 24], 0].mean(2) // CELL[0]
    whose = np.nanmedian(places, 0).astype(int)
    assert (np.isnan(places) | (places == whose)).all()
    assert [one.count for one in now.counted] == [CLASS[place].squats for place in whose]


def test_numbers_can_be_read_in_the_mirror(person: list[Frame]) -> None:
    crowd = [np.ascontiguousarray(np.hstack([frame, frame[:, ::-1]])) for frame in person]
    settings = LiveSettings("lite", "skeleton", mirrored=False, people=2)
    with LiveSession(settings) as plain, LiveSession(replace(settings, mirrored=True)) as mirror:
        for i, frame in enumerate(crowd):
            straight, mirrored = plain.process(frame, i / 30), mirror.process(frame, i / 30)
    assert plain.snapshot().people == 2
    assert (straight[:, ::-1] != mirrored).any()  # the numbers, which are not mirrored


def test_model_and_style_change_while_it_runs(session: LiveSession, person: list[Frame]) -> None:
    session.process(person[0], 0)
    session.configure(LiveSettings("full", "skeleton", mirrored=False))
    answer = session.process(person[1], 0.1)
    corner = answer[:4, :4].reshape(-1, 3)
    assert (corner == rgb(PAPER)).all()
    assert session.snapshot().frames_processed == 2


def test_time_that_stands_still_or_runs_back_goes_on(session: LiveSession, person: list[Frame]) -> None:
    for moment in (100.0, 100.1, 100.1, 50.0, 50.1, float("nan"), 50.2):
        session.process(person[0], moment)
    moments = session.snapshot().time
    assert len(moments) == 7
    assert (np.diff(moments) > 0).all()
    assert moments[1] == pytest.approx(0.1)
    assert moments[4] - moments[3] == pytest.approx(0.1)
    assert moments[-1] < 0.5


def test_the_size_may_change_in_the_middle(session: LiveSession, person: list[Frame]) -> None:
    session.start_recording()
    for i, frame in enumerate(person[:8]):
        session.process(frame if i < 4 else np.ascontiguousarray(frame[::2, ::2]), i / 30)
    session.process(np.ascontiguousarray(np.rot90(person[8])), 8 / 30)
    recorded = session.stop_recording()
    assert recorded is not None
    assert recorded.size == person[0].shape[1::-1]
    assert session.snapshot().errors == 0
    hips = recorded.xy[[3, 7], 0, 23]
    assert np.linalg.norm(hips[0] - hips[1]) < 0.05 * recorded.size[1]


@pytest.mark.parametrize("broken", [np.zeros((4, 4)), np.zeros((0, 0, 3), np.uint8), np.zeros((9, 9, 3), np.float32)])
def test_a_broken_frame_comes_back_and_is_counted(session: LiveSession, person: list[Frame], broken: Frame) -> None:
    assert session.process(broken, 0.0) is broken
    session.process(person[0], 0.1)
    now = session.snapshot()
    assert (now.errors, now.frames_seen, now.frames_processed) == (1, 2, 1)


def test_where_something_fails_the_skeleton_style_shows_no_picture(person: list[Frame]) -> None:
    with LiveSession(LiveSettings("no such model", "skeleton")) as session:
        assert (session.process(person[0]) == rgb(PAPER)).all()
    assert (session.process(person[0]) == rgb(PAPER)).all()  # closed
    assert session.snapshot().errors == 1


def test_nobody_and_the_dark_are_told(session: LiveSession) -> None:
    for i in range(4):
        session.process(np.full((240, 320, 3), 160, np.uint8), i / 30)
    assert session.snapshot().advice == "nobody"
    assert np.isnan(session.snapshot().angles).all()
    with LiveSession(LITE) as night:
        for i in range(4):
            night.process(np.full((240, 320, 3), 8, np.uint8), i / 30)
        assert night.snapshot().advice == "dark"


def test_far_away_and_cut_off_are_told(person: list[Frame]) -> None:
    height, width = person[0].shape[:2]
    far = np.full((height * 2, width * 2, 3), 128, np.uint8)
    far[height // 2 :, width // 2 :][:height, :width] = person[0]
    cut = decode_image((SAMPLES / "astronaut.png").read_bytes())  # the legs are outside
    for picture, advice in ((far, "far"), (cut, "cut"), (person[0], None)):
        with LiveSession(LiveSettings("full")) as session:
            for i in range(4):
                session.process(picture, i / 30)
            assert session.snapshot().advice == advice


def test_a_recording_holds_what_was_found_while_it_ran(session: LiveSession, person: list[Frame]) -> None:
    session.process(person[0], 0)
    assert session.stop_recording() is None
    session.start_recording()
    for i, frame in enumerate(person[1:5], 1):
        session.process(frame, i / 30)
    assert session.snapshot().recorded_s == pytest.approx(0.1)
    recorded = session.stop_recording()
    assert recorded is not None
    assert recorded.time == pytest.approx(np.arange(4) / 30)
    assert recorded.present.all()
    assert session.snapshot().recorded_s is None


@pytest.mark.slow
@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_many_frames_stay_bounded(session: LiveSession, count: int) -> None:
    session.start_recording()
    for i in range(count):
        session.process(_EMPTY, i)
    now = session.snapshot()
    assert now.frames_processed == count
    assert now.errors == 0
    assert now.time[-1] - now.time[0] <= HISTORY_S
    assert now.recording_full
    recorded = session.stop_recording()
    assert recorded is not None
    assert recorded.time[-1] <= MOST_RECORDED_S + 1


_EMPTY = np.full((32, 32, 3), 128, np.uint8)


def test_snapshots_from_other_threads_while_it_works_and_closes(person: list[Frame]) -> None:
    session, over, problems = LiveSession(LITE), threading.Event(), list[Exception]()

    def look() -> None:
        try:
            while not over.is_set():
                now = session.snapshot()
                assert len(now.time) == len(now.angles) == len(now.seen)
                session.configure(LITE)
        except Exception as error:  # noqa: BLE001  (told by the test's own thread)
            problems.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    for i, frame in enumerate(person):
        session.process(frame, i / 30)
    session.close()
    over.set()
    thread.join()
    assert not problems
    assert session.process(person[0]) is person[0]
