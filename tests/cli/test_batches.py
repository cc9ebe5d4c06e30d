"""Folders of files: what is looked at, what is said, and going on after whatever stopped the command."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from posecore.cli import main
from posecore.cli.inputs import inputs_of
from tests.support.batch_results import entries, files_in
from tests.support.many_clips import write_clips
from tests.support.paths import ROOT, SAMPLES
from tests.support.small_disk import small_disk

COUNT = 24


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "posecore", *map(str, arguments)]


def test_a_folder_gives_what_it_holds_by_content_and_a_pattern_what_it_names(tmp_path: Path) -> None:
    for name in ("a/one.jpg", "b/one.jpg", "b/.hidden.jpg", "b/one.png", "results/one.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(SAMPLES / "balance.jpg", tmp_path / name)
    (tmp_path / "a" / "two.jpg").write_text("not a picture")
    shutil.copy(SAMPLES / "balance.mp4", tmp_path / "clip.jpg")
    found = inputs_of([str(tmp_path)], ["picture"], tmp_path / "results")
    assert [one.name for one in found.sources] == ["a/one", "b/one", "b/one.png"]
    assert found.many
    named = inputs_of([str(tmp_path / "**" / "o*.jpg")], ["picture"], tmp_path / "results")
    assert [one.name for one in named.sources] == ["a/one", "b/one"]
    alone = inputs_of([str(tmp_path / "clip.jpg")], ["picture"], None)
    assert (alone.many, alone.sources[0].name) == (False, "clip")


def test_a_folder_of_pictures_is_done_once_and_what_failed_is_told_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pictures, out = tmp_path / "pictures", tmp_path / "out"
    pictures.mkdir()
    for name in ("balance.jpg", "astronaut.png"):
        shutil.copy(SAMPLES / name, pictures)
    (pictures / "broken.jpg").write_bytes((SAMPLES / "balance.jpg").read_bytes()[:400])
    arguments = ["image", str(pictures), "--out", str(out), "--model", "lite"]
    assert main(arguments) == 1
    said = capfd.readouterr()
    assert "2 done, 1 failed" in said.out
    assert said.err.count("broken.jpg") == 2  # at once, and in the table at the end
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.json")}
    assert main(arguments) == 1
    said = capfd.readouterr()
    assert "0 done, 2 done before, 1 failed" in said.out
    assert "broken.jpg" in said.err
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.json")} == before
    (out / "balance.json").unlink()
    assert main(arguments) == 1
    assert "1 done, 1 done before" in capfd.readouterr().out
    assert main([*arguments, "--model", "full"]) == 1  # otherwise asked is another thing
    assert "2 done, 1 failed" in capfd.readouterr().out
    assert main([*arguments, "--model", "full", "--again"]) == 1
    assert "2 done, 1 failed" in capfd.readouterr().out


def test_json_lines_tell_of_each_clip_while_it_is_worked_on_and_after(tmp_path: Path) -> None:
    arguments = ("count", SAMPLES / "squats.mp4", tmp_path / "gone.mp4", "--exercise", "squat", "--model", "lite")
    done = subprocess.run(command(*arguments, "--json-lines"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["state"] for one in said} == {"working", "done", "failed"}
    (counted,) = [one for one in said if one["state"] == "done"]
    assert counted["exercise"]["reps"] == 2
    assert all(0 <= one["done"] <= one["total"] for one in said if one["state"] == "working")


def test_quiet_says_only_what_failed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = [str(SAMPLES / "balance.jpg"), str(tmp_path / "gone.jpg")]
    assert main(["image", *files, "--out", str(tmp_path), "--quiet"]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert "gone.jpg" in said.err


def until(process: psutil.Popen, is_so: Callable[[], bool]) -> None:
    while process.poll() is None and not is_so():
        time.sleep(0.02)
    assert process.poll() is None, "it ended before it could be interrupted"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals and mounts of POSIX")
def test_a_folder_interrupted_three_times_comes_to_the_same_as_one_undisturbed_run(media: Path, tmp_path: Path) -> None:
    sources = [media / "videos" / name for name in ("pose_squats.mp4", "balance_cam01.mp4", "sports2d_demo.mp4")]
    clips = tmp_path / "clips"
    write_clips(sources, clips, COUNT)
    options = ("--model", "lite", "--exercise", "squat")
    whole = tmp_path / "whole"
    subprocess.run(command("video", clips, "--out", whole, *options), cwd=ROOT, check=True, capture_output=True)
    assert len(entries(whole)) == COUNT
    with small_disk(tmp_path / "disk", 60) as out:
        asked = command("video", clips, "--out", out, *options)

        for how, after in ((signal.SIGINT, 4), (signal.SIGKILL, 9)):
            process = psutil.Popen(asked, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            until(process, lambda after=after: len(entries(out)) >= after)
            process.send_signal(how)
            _, said = process.communicate()
            assert process.returncode == (130 if how == signal.SIGINT else -how)
            assert b"Traceback" not in said
        assert b"goes on from here" not in said  # it was killed

        process = psutil.Popen(asked, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until(process, lambda: len(entries(out)) >= 14)
        with (out / "filler").open("wb") as filler, pytest.raises(OSError, match="No space"):
            while True:
                filler.write(bytes(1_000_000))
                filler.flush()
        _, said = process.communicate()
        assert process.returncode == 1
        assert b"goes on from here" in said
        (out / "filler").unlink()

        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert set(Counter(entry["file"] for entry in entries(out)).values()) == {1}  # none was found twice
        assert files_in(out) == files_in(whole)
