"""Movements taught and recognised by the real entry point."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from posecore.formats.poselab_files import write_poselab
from posecore.recognise import read_taught
from tests.cli.test_command_line import run
from tests.support.filmed_sequences import load_sequence
from tests.support.paths import SAMPLES


@pytest.fixture
def lesson(media: Path, tmp_path: Path) -> Path:
    """A folder for each movement, in each a recording."""
    for name, file in (("跳", "jumping_jack_turning_19"), ("push-up", "push_up_incline_12")):
        (tmp_path / "lesson" / name).mkdir(parents=True)
        sequence = load_sequence(media / "sequences" / f"{file}.npz")
        write_poselab(sequence, tmp_path / "lesson" / name / f"{file}.poselab")
    return tmp_path / "lesson"


def test_what_is_taught_is_found_and_counted(lesson: Path, tmp_path: Path) -> None:
    taught = tmp_path / "class.poselab-taught"
    (lesson / "squat").mkdir()
    shutil.copy(SAMPLES / "squats.mp4", lesson / "squat")
    done = run("teach", lesson, "--output", taught, "--model", "lite", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["movements"] == ["push-up", "squat", "跳"]
    assert told["accuracy"] >= 0.9
    assert read_taught(taught).names == ("push-up", "squat", "跳")
    done = run("recognise", taught, SAMPLES / "squats.mp4", "--model", "lite", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["counts"] == {"push-up": 0, "squat": 3, "跳": 0}
    assert {span["movement"] for span in found["spans"]} == {"squat"}


def test_what_was_learnt_is_said_in_words(lesson: Path, tmp_path: Path) -> None:
    done = run("teach", lesson, "--output", tmp_path / "class")
    assert (done.returncode, done.stderr) == (0, "")
    assert "examples are recognised" in done.stdout
    assert "All examples of “push-up” are from one recording" in done.stdout


def test_nothing_to_learn_from_is_one_sentence(lesson: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("teach", tmp_path / "empty", "--output", tmp_path / "class")
    assert done.returncode == 1
    assert "a folder for each movement" in done.stderr
    shutil.rmtree(lesson / "跳")
    done = run("teach", lesson, "--output", tmp_path / "class")
    assert done.returncode == 1
    assert "at least 2 movements" in done.stderr
    assert not (tmp_path / "class").exists()


def test_a_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("squat")
    done = run("recognise", tmp_path / "text", SAMPLES / "squats.mp4")
    assert done.returncode == 1
    assert "no file of taught movements" in done.stderr
    assert done.stderr.count("\n") == 1
