"""Exercise files: what comes with the package, what a person may bring, and what is said about a broken one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from posecore.errors import ExerciseError
from posecore.exercises.exercise_files import LARGEST_BYTES, exercise_names, load_exercise
from posecore.exercises.own_range import calibrate
from posecore.language import LANGUAGES
from tests.support.paths import ROOT

SQUAT = (ROOT / "posecore" / "exercises" / "library" / "squat.toml").read_text("utf-8")
NAMES = {
    *("squat", "push_up", "lunge", "sit_up", "bicep_curl", "shoulder_press"),
    *("jumping_jack", "high_knees", "plank", "side_bend"),
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_exercise_speaks_both_languages(name: str) -> None:
    exercise = load_exercise(name)
    texts = [exercise.titles, *(fault.messages for fault in exercise.faults)]
    assert all(set(text) == set(LANGUAGES) for text in texts)
    assert all(re.search(r"[\u4e00-\u9fff]", text["zh"]) for text in texts)
    assert exercise.score.depth + exercise.score.tempo + exercise.score.faults == 100
    assert len({fault.name for fault in exercise.faults}) == len(exercise.faults)


def test_the_exercises_that_come_with_the_package() -> None:
    assert set(exercise_names()) == NAMES


def test_the_same_from_a_name_a_file_and_a_text(tmp_path: Path) -> None:
    (tmp_path / "squat.toml").write_text(SQUAT, "utf-8")
    named = load_exercise("squat")
    assert load_exercise(tmp_path / "squat.toml") == load_exercise(str(tmp_path / "squat.toml")) == named
    assert load_exercise(SQUAT).name == "own"
    assert load_exercise("\ufeff".join(["", SQUAT])[1:]).faults == named.faults


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('measure = "knee"', 'measure = "knees"', '"knees"', "must be one of these: elbow"),
        ("rest = 145", 'rest = "high"', "rest = ", "must be a number"),
        ("rest = 145", "rest = nan", "rest = nan", "must be a number"),
        ("rest = 145", "rest = true", "rest = true", "must be a number"),
        ("turn = 110", "turn = 145", "turn = 145", "does not go with “rest”"),
        ("turn = 110\n", "", "[signal]", "“turn” is missing"),
        ("turn = 110", "turn = 110\nspeed = 3", "speed", "“speed” means nothing here"),
        ("turn = 110", "turn = = 110", "turn = =", "is not TOML"),
        ("shortest_s = 0.5", "shortest_s = -1", "shortest_s", "from 0 to 3600"),
        ("longest_s = 10", "longest_s = 0.2", "longest_s", "does not go with “shortest_s”"),
        ("depth = 40", "depth = 50", "depth = 50", "add up to 100"),
        ("down_s = [0.5, 4]", "down_s = [4, 0.5]", "down_s = [", "two numbers"),
        ("weight = 0.5", "weight = 5", "weight = 5", "from 0 to 1"),
        ('id = "knees_in"', 'id = "Knees in!"', "Knees in!", "small letters"),
        ('view = "any"', 'view = "top"', '"top"', "any, side, front"),
        ('name = { en = "Squat", zh = "深蹲" }', "name = 3", "name = 3", "must be a text"),
        ('name = { en = "Squat", zh = "深蹲" }', 'name = { fr = "Squat" }', "{ fr", "en, zh"),
        ("above = 100\n", "", '[[faults]]', "“above” is missing"),
        ("[time]", "[times]", "[times]", "“time” is missing"),
    ],
)  # fmt: skip
def test_a_broken_file_names_the_line(old: str, new: str, at: str, says: str) -> None:
    text = SQUAT.replace(old, new, 1)
    assert text != SQUAT
    with pytest.raises(ExerciseError) as caught:
        load_exercise(text)
    assert says in str(caught.value)
    if old != "[time]":  # what is missing altogether is missed at the top
        assert f"Line {line_of(text, at)} " in str(caught.value)
    assert re.search(r"[\u4e00-\u9fff]", caught.value.message("zh"))


def test_the_line_of_the_third_fault() -> None:
    text = SQUAT.replace("weight = 0.4", "weight = 7", 1)
    with pytest.raises(ExerciseError, match=f"^Line {line_of(text, 'weight = 7')} "):
        load_exercise(text)


@pytest.mark.parametrize("source", ["sqat", "no/such/file.toml", "x" * 5000, "", "a\0b"])
def test_an_exercise_that_is_not_there(source: str) -> None:
    with pytest.raises(ExerciseError):
        load_exercise(source)


def test_too_large_binary_or_deep_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    for content in (b"#" * (LARGEST_BYTES + 1), b"\xff\xfe\x00", b"a = " + b"[" * 5000, b"\n", b"__import__('os')"):
        path.write_bytes(content)
        with pytest.raises(ExerciseError):
            load_exercise(path)
    with pytest.raises(ExerciseError):
        load_exercise("# much\n" * LARGEST_BYTES)


def test_one_text_serves_all_languages() -> None:
    own = load_exercise(SQUAT.replace('{ en = "Squat", zh = "深蹲" }', '"Kniebeuge"'))
    assert own.title("zh") == own.title() == "Kniebeuge"


def test_too_little_movement_gives_no_range() -> None:
    for values in ([], [170.0] * 50, [float("nan")] * 9):
        with pytest.raises(ExerciseError, match="too little movement"):
            calibrate(load_exercise("squat"), values)


def test_the_command_line_says_what_is_wrong() -> None:
    command = [sys.executable, "-m", "posecore", "video", "x.mp4", "--out", "o", "--exercise", "sqat"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "There is no exercise" in done.stderr
