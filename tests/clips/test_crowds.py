"""Clips with many people in them: a class side by side, cuts, and who is found in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from posecore import DetectorSettings, Workers, load_exercise, probe, read_frames, review_exercise
from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.detection.engines import engine_for
from posecore.pose import PoseSequence
from posecore.visuals.portraits import clip_portraits, shots
from tests.support.class_clips import ACROSS, CELL, CLASS, HALF, write_class
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.skipif(engine_for("clip") != "litert", reason="only LiteRT looks closer")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as workers:
        yield workers


def found(workers: Workers, clip: Path, people: int) -> PoseSequence:
    settings = DetectorSettings("full", people, closer="auto")
    return analyse(probe(clip), AnalysisSettings(settings), workers.lane())


@pytest.mark.slow
@pytest.mark.parametrize("half", [set[int](), HALF], ids=["all as large", "two half as large"])
def test_a_class_of_six_keeps_its_numbers_and_counts(
    media: Path, tmp_path: Path, workers: Workers, half: set[int]
) -> None:
    pupils = [one._replace(scale=0.5 if place in half else 1.0) for place, one in enumerate(CLASS)]
    write_class(media, pupils, tmp_path / "class.mp4")
    sequence = found(workers, tmp_path / "class.mp4", len(pupils))
    assert sequence.people == len(pupils)
    assert sequence.present.mean(0).min() > 0.9
    assert not sequence.cuts.any()
    middles = sequence.xy[:, :, [11, 12, 23, 24]].mean(2) // CELL
    places = middles[..., 0] + ACROSS * middles[..., 1]
    whose = np.nanmedian(places, 0).astype(int)
    assert sorted(whose.tolist()) == list(range(len(pupils)))
    assert (np.isnan(places) | (places == whose)).all()
    counts = [
        len(review_exercise(sequence, person, load_exercise("squat")).repetitions) for person in range(len(pupils))
    ]
    assert counts == [pupils[place].squats for place in whose]
    made = clip_portraits(probe(tmp_path / "class.mp4"), shots(sequence), sequence.people)
    assert all(portrait.startswith(b"\xff\xd8") for portrait in made)


@pytest.mark.slow
def test_looking_closer_finds_as_many_under_the_same_numbers(workers: Workers) -> None:
    clip = probe(SAMPLES / "box_jump.mp4")
    once = analyse(clip, AnalysisSettings(DetectorSettings("full", 2)), workers.lane())
    closer = found(workers, SAMPLES / "box_jump.mp4", 2)
    assert (closer.present.sum(0) >= once.present.sum(0)).all()
    for person in range(2):
        both = once.present[:, person] & closer.present[:, person]
        apart = np.linalg.norm(once.xy[both, person] - closer.xy[both, person], axis=-1).mean(-1)
        torso = np.linalg.norm(once.xy[both, person, 11] - once.xy[both, person, 23], axis=-1)
        assert (apart < torso).mean() > 0.9


def test_a_cut_is_noticed_and_nothing_else_is(tmp_path: Path, workers: Workers) -> None:
    parts = [("balance.mp4", 20), ("squats.mp4", 20), ("balance.mp4", 20)]
    with av.open(str(tmp_path / "cut.mp4"), "w") as box:
        stream = box.add_stream("libx264", 30)
        stream.width, stream.height, stream.pix_fmt = 360, 640, "yuv420p"
        for name, count in parts:
            for _, frame in read_frames(probe(SAMPLES / name), 0, count):
                box.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24").reformat(360, 640)))
        box.mux(stream.encode())
    sequence = found(workers, tmp_path / "cut.mp4", 3)
    assert np.flatnonzero(sequence.cuts).tolist() == [20, 40]
    man, woman, again = (sequence.present[rows].mean(0) > 0.8 for rows in (slice(0, 20), slice(20, 40), slice(40, 60)))
    assert man[0] and woman.any() and again.any()
    assert again[0]  # known by his clothes
    assert not woman[0]
