"""What an exercise came to in a clip: the same as the live count, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from posecore.errors import ExerciseError
from posecore.exercises.exercise_files import load_exercise
from posecore.exercises.repetitions import count_reps
from posecore.exercises.review import review_exercise
from posecore.live.session import LiveSession, LiveSettings
from posecore.pose import Pose, PoseSequence
from posecore.visuals.time_curves import exercise_curve
from tests.support.bodies import clip_of, plank, raising, squatting, there_and_back


def squats(times: int = 3, depth: float = 95, **clip: float) -> PoseSequence:
    way, shape = there_and_back(times), squatting(depth)
    return clip_of(lambda t: shape(way(t)), 0.5 + times * 2.5, **clip)  # type: ignore[arg-type]


def test_a_clip_is_counted_as_a_stream_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence, squat = squats(), load_exercise("squat")
    poses = iter([sequence.frame(row) for row in range(len(sequence.time))])
    with LiveSession(LiveSettings(exercise=squat)) as session:

        def tracked(_frame: object, time_s: float, _settings: object) -> Pose:
            session._clock.read(time_s)
            return next(poses)

        monkeypatch.setattr(session, "_track", tracked)
        for moment in sequence.time.tolist():
            session.process(np.zeros((48, 64, 3), np.uint8), moment)
        live = session.snapshot().counted[0]
    found = review_exercise(sequence, 0, squat)
    assert live is not None
    assert live.count == len(found.repetitions) == 3
    assert live.score == found.repetitions[-1].score
    assert found.repetitions == count_reps(sequence, 0, squat)


def test_the_own_range_is_measured_live(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence, squat = squats(times=5, depth=60), load_exercise("squat")
    poses = iter([sequence.frame(row) for row in range(len(sequence.time))])
    with LiveSession(LiveSettings(exercise=squat)) as session:

        def tracked(_frame: object, time_s: float, _settings: object) -> Pose:
            session._clock.read(time_s)
            return next(poses)

        monkeypatch.setattr(session, "_track", tracked)
        stages = []
        for moment in sequence.time.tolist():
            session.process(np.zeros((48, 64, 3), np.uint8), moment)
            if moment == 0:
                session.measure_range()
            counted = session.snapshot().counted[0]
            assert counted is not None
            stages.append(counted.range)
        assert list(dict.fromkeys(stages)) == ["measuring", "own"]
        assert (counted.count, counted.standard) == (3, squat)
        assert counted.score is not None
        assert counted.score < 80
        session.use_standard()
        now = session.snapshot().counted[0]
        assert now is not None
        assert (now.range, now.count, now.exercise) == ("standard", 0, squat)


def test_faults_are_named_with_the_costliest_first() -> None:
    found = review_exercise(squats(depth=75), 0, load_exercise("squat"))
    assert found.repetitions
    (fault, made), *_ = found.faults
    assert (fault.name, len(made)) == ("shallow", 3)
    assert found.mean_score is not None
    assert found.mean_score < 100


def test_the_own_range_counts_what_the_standard_does_not() -> None:
    sequence, squat = squats(depth=60), load_exercise("squat")
    by_standard = review_exercise(sequence, 0, squat)
    assert (len(by_standard.repetitions), len(by_standard.attempts)) == (0, 3)
    own = review_exercise(sequence, 0, squat, own_range=True)
    assert len(own.repetitions) == 3
    assert own.own_range is not None
    assert own.own_range[1] < sequence.time[-1] / 1.2
    assert own.standard is squat
    assert own.mean_score is not None
    assert own.mean_score < 80  # the score is still the standard's


def test_too_little_movement_gives_no_own_range() -> None:
    with pytest.raises(ExerciseError):
        review_exercise(squats(1), 0, load_exercise("squat"), own_range=True)


def test_the_curve_has_thresholds_and_numbered_repetitions() -> None:
    found = review_exercise(squats(depth=60), 0, load_exercise("squat"), own_range=True)
    figure = exercise_curve(found)
    assert [note.text for note in figure.layout.annotations] == ["rest", "turn", "<b>1</b>", "<b>2</b>", "<b>3</b>"]
    shades = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(shape.x0, shape.x1) for shape in shades] == [(one.start_s, one.end_s) for one in found.repetitions]
    assert "degrees" in figure.layout.yaxis.title.text
    assert figure.layout.xaxis.title.text == "Seconds"


def test_attempts_have_a_dashed_edge_and_no_number() -> None:
    figure = exercise_curve(review_exercise(squats(depth=60), 0, load_exercise("squat")))
    assert [shape.line.dash for shape in figure.layout.shapes if shape.type == "rect"] == ["dash"] * 3
    assert len(figure.layout.annotations) == 2


def test_sides_that_count_each_have_a_curve_each() -> None:
    way = there_and_back(2)
    sequence = clip_of(lambda t: raising(way(t)), 5)
    figure = exercise_curve(review_exercise(sequence, 0, load_exercise("high_knees")), language="zh")
    assert [trace.name for trace in figure.data] == ["左侧", "右侧"]


def test_a_held_position_is_told_in_seconds() -> None:
    found = review_exercise(clip_of(lambda t: plank(), 5, yaw=-90, fps=10), 0, load_exercise("plank"))
    assert found.held_s == pytest.approx(4.9, abs=0.2)
    assert set(found.lines) == {"above", "below"}
    assert len(exercise_curve(found).data) == 1
