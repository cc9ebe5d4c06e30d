"""Reports, comparisons and measurements by the real entry point."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_command_line import run
from tests.support.paths import SAMPLES


def test_a_report_is_a_page_in_the_language_asked_for(tmp_path: Path) -> None:
    options = ("--exercise", "squat", "--model", "lite", "--lang", "zh", "--out", tmp_path)
    done = run("report", SAMPLES / "squats.mp4", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Squat: 2" in done.stdout
    page = (tmp_path / "squats.report.html").read_text("utf-8")
    assert '<html lang="zh">' in page
    assert "深蹲" in page


def test_a_clip_beside_itself_is_equal() -> None:
    done = run("compare", SAMPLES / "squats.mp4", SAMPLES / "squats.mp4", "--model", "lite", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["score"], found["differences"], found["mirrored"]) == (100, [], False)


@pytest.mark.slow
def test_the_machine_is_measured_and_a_picture_is_no_clip() -> None:
    done = run("bench", SAMPLES / "squats.mp4", "--seconds", "5", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert {row["model"] for row in rows} == {"lite", "full", "heavy"}
    assert all(row["milliseconds"] > 0 for row in rows)
    refused = run("bench", SAMPLES / "balance.jpg")
    assert refused.returncode == 1
    assert "This is a picture" in refused.stderr
