"""The report: complete, safe with names from outside, and needing nothing but itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.exercises.exercise_files import load_exercise
from posecore.exercises.review import review_exercise
from posecore.media.clip_files import Clip, probe
from posecore.media.picture_files import decode_image
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers
from posecore.visuals.exercise_report import exercise_report, remarks
from posecore.visuals.signal_svg import course_svg
from tests.support.bodies import clip_of, squatting, there_and_back

MADE = date(2026, 2, 3)


@pytest.fixture(scope="module")
def squats(media: Path) -> Iterator[tuple[Clip, PoseSequence]]:
    clip = probe(media / "videos" / "pose_squats.mp4")
    with Workers(1) as workers:
        yield clip, analyse(clip, AnalysisSettings(), workers.lane())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_and_shows_everything(squats: tuple[Clip, PoseSequence], language: str) -> None:
    clip, sequence = squats
    squat = load_exercise("squat")
    html = exercise_report(
        review_exercise(sequence, 0, squat), clip, sequence, 0, file="我的.mp4", made=MADE, language=language
    )
    assert squat.title(language) in html
    assert "我的.mp4" in html
    assert "2026-02-03" in html
    pictures = [base64.b64decode(data) for data in re.findall(r"data:image/jpeg;base64,([\w+/=]+)", html)]
    assert [max(decode_image(picture).shape) for picture in pictures] == [480, 480]
    assert html.count("<tr>") == 3
    assert "<svg" in html


def test_it_asks_no_address(squats: tuple[Clip, PoseSequence]) -> None:
    clip, sequence = squats
    found = review_exercise(sequence, 0, load_exercise("squat"), own_range=True)
    html = exercise_report(found, clip, sequence, 0, file="a.mp4", made=MADE)
    assert not re.search(r"https?:|<script|<link|@import|url\(", html)
    assert "The standard asks for" in html


def test_words_from_outside_stay_words(squats: tuple[Clip, PoseSequence]) -> None:
    clip, sequence = squats
    evil = '<script>alert(1)</script>&"'
    squat = load_exercise("squat")
    fault = replace(squat.faults[0], messages={"en": evil, "zh": evil})
    fault = replace(fault, condition=replace(fault.condition, above=0))
    mine = replace(squat, titles={"en": evil, "zh": evil}, faults=[fault])
    found = review_exercise(sequence, 0, mine)
    assert found.faults
    html = exercise_report(found, clip, sequence, 0, file=evil, made=MADE)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_a_report_without_repetitions_says_why(squats: tuple[Clip, PoseSequence]) -> None:
    clip, sequence = squats
    html = exercise_report(
        review_exercise(sequence, 0, load_exercise("push_up")), clip, sequence, 0, file="a", made=MADE
    )
    assert "No complete repetition" in html
    assert "<table>" not in html
    assert "<figure>" not in html


def test_what_was_not_counted_is_told_with_its_moments() -> None:
    way, shape = there_and_back(2), squatting(60)
    found = review_exercise(clip_of(lambda t: shape(way(t)), 6), 0, load_exercise("squat"))
    assert any(
        re.fullmatch(r"2 movements were not counted: it did not go far enough; at \d\.\d, \d\.\d s\. Go .*", sentence)
        for sentence in remarks(found)
    )
    assert course_svg(found).count("<rect") == 2
