"""The command line as a person runs it: real processes on real pictures."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from PIL import Image

from posecore import ANGLES, LANDMARKS, decode_image, probe
from posecore.cli import main
from tests.support.paths import ROOT, SAMPLES


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "posecore", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_pictures_become_json_and_png(tmp_path: Path) -> None:
    done = run("image", SAMPLES / "two_people.jpg", SAMPLES / "astronaut.png", "--out", tmp_path / "new" / "folder")
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "new" / "folder"
    assert {p.name for p in folder.iterdir()} == {
        "two_people.json",
        "two_people.annotated.png",
        "astronaut.json",
        "astronaut.annotated.png",
    }
    record = json.loads((folder / "two_people.json").read_text("utf-8"))
    assert record["model"] == "full"
    assert [len(person["landmarks"]) for person in record["people"]] == [33, 33]
    assert list(record["people"][0]["angles"]) == list(ANGLES)
    original, drawn = decode_image(SAMPLES / "two_people.jpg"), decode_image(folder / "two_people.annotated.png")
    assert drawn.shape == original.shape == (record["height"], record["width"], 3)
    knee = record["people"][0]["landmarks"][LANDMARKS.index("left_knee")]
    x, y = round(knee["x"]), round(knee["y"])
    assert (drawn[y - 3 : y + 4, x - 3 : x + 4] != original[y - 3 : y + 4, x - 3 : x + 4]).any()


def test_options_reach_the_detector(tmp_path: Path) -> None:
    done = run("image", SAMPLES / "two_people.jpg", "--out", tmp_path, "--model", "lite", "--people", "1")
    assert done.returncode == 0
    record = json.loads((tmp_path / "two_people.json").read_text("utf-8"))
    assert record["model"] == "lite"
    assert len(record["people"]) == 1
    done = run("image", SAMPLES / "two_people.jpg", "--out", tmp_path, "--min-confidence", "1.0")
    assert json.loads((tmp_path / "two_people.json").read_text("utf-8"))["people"] == []
    assert done.returncode == 0


def test_one_bad_file_is_one_line_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_text("not a picture")
    done = run("image", tmp_path / "bad.jpg", tmp_path / "gone.png", SAMPLES / "balance.jpg", "--out", tmp_path / "out")
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert [line.split(": ")[0] for line in lines] == [str(tmp_path / "bad.jpg"), str(tmp_path / "gone.png")]
    assert "not a picture" in lines[0]
    assert (tmp_path / "out" / "balance.json").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ["image"],
        ["image", "a.jpg"],
        ["image", "a.jpg", "--out", "o", "--model", "huge"],
        ["image", "a.jpg", "--out", "o", "--people", "0"],
        ["image", "a.jpg", "--out", "o", "--people", "two"],
        ["image", "a.jpg", "--out", "o", "--min-confidence", "2"],
        ["photo"],
        [],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_a_folder_that_cannot_be_made_is_status_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert main(["image", str(SAMPLES / "balance.jpg"), "--out", str(tmp_path / "file" / "out")]) == 2


def test_files_of_the_same_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "photo.jpg").write_bytes((SAMPLES / "balance.jpg").read_bytes())
    (tmp_path / "photo.png").write_bytes((SAMPLES / "astronaut.png").read_bytes())
    files = [str(tmp_path / name) for name in ("a/photo.jpg", "b/photo.jpg", "photo.png", "a/photo.jpg")]
    assert main(["image", *files, "--out", str(tmp_path / "out")]) == 0
    names = {p.name for p in (tmp_path / "out").glob("*.json")}
    assert names == {"photo.json", "photo.jpg.json", "photo.png.json"}


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes((SAMPLES / "balance.jpg").read_bytes())
    (tmp_path / "x.annotated.png").write_bytes((SAMPLES / "astronaut.png").read_bytes())
    done = run("image", tmp_path / "x.jpg", tmp_path / "x.annotated.png", "--out", tmp_path)
    assert done.returncode == 1
    assert "overwrite" in done.stderr
    assert (tmp_path / "x.annotated.png").read_bytes() == (SAMPLES / "astronaut.png").read_bytes()
    assert (tmp_path / "x.annotated.annotated.png").is_file()


def test_names_that_the_console_cannot_show(tmp_path: Path) -> None:
    file = tmp_path / "你好 ü.jpg"
    file.write_bytes((SAMPLES / "balance.jpg").read_bytes())
    command = [sys.executable, "-m", "posecore", "image", str(file), "--out", str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "out" / "你好 ü.json").is_file()


def run_and_watch(errors: Path, *arguments: str | Path) -> tuple[int, list[str], int]:
    """Exit status, lines on stderr and the most memory, in bytes, of a run."""
    command = [sys.executable, "-m", "posecore", *map(str, arguments)]
    with errors.open("w") as stderr:
        process = psutil.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr)
    most = 0
    while process.poll() is None:
        try:
            most = max(most, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.005)
    return process.wait(), errors.read_text("utf-8").strip().splitlines(), most


def test_odd_files_end_well_and_memory_stays_under_one_gigabyte(media: Path, tmp_path: Path) -> None:
    files = sorted((media / "odd_images").iterdir())
    status, lines, most = run_and_watch(tmp_path / "errors", "image", *files, "--out", tmp_path / "out")
    assert status == 1
    assert len(lines) == 9
    assert "Traceback" not in "".join(lines)
    assert most < 1e9
    assert len(list((tmp_path / "out").glob("*.json"))) == len(files) - 9


@pytest.mark.slow
def test_the_largest_pictures_stay_under_one_gigabyte(tmp_path: Path) -> None:
    size = (7000, 7100)
    Image.new("RGB", size, "teal").save(tmp_path / "plain.png", compress_level=1)
    Image.new("RGB", (5000, 5000), "teal").save(tmp_path / "progressive.jpg", progressive=True, subsampling=0)
    Image.new("I;16", size, 9999).save(tmp_path / "deep.png", compress_level=1)
    files = sorted(tmp_path.iterdir())
    status, _, most = run_and_watch(tmp_path / "errors", "image", *files, "--out", tmp_path / "out")
    assert status == 0
    assert most < 1e9


def test_a_clip_becomes_tables_summary_and_annotated_clip(tmp_path: Path) -> None:
    done = run("video", SAMPLES / "balance.mp4", "--out", tmp_path, "--start", "0.5", "--end", "1")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "balance"
    assert {p.name for p in folder.iterdir()} == {"landmarks.csv", "angles.csv", "summary.json", "annotated.mp4"}
    landmarks = pd.read_csv(folder / "landmarks.csv")
    assert list(landmarks.columns) == [
        *("frame", "time_s", "person", "landmark", "x_px", "y_px", "z", "visibility", "presence"),
        *("world_x_m", "world_y_m", "world_z_m"),
    ]
    assert landmarks["frame"].unique().tolist() == list(range(30, 60))
    assert landmarks["time_s"].iloc[0] == pytest.approx(0.5)
    angles = pd.read_csv(folder / "angles.csv")
    assert list(angles.columns) == ["frame", "time_s", "person", *ANGLES]
    assert angles["left_knee"].between(0, 180).mean() > 0.5
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["file"] == "balance.mp4"
    assert (summary["frames"], summary["frames_with_people"], summary["people"]) == (30, 30, 1)
    assert set(summary["seconds"]) == {"analyse", "render"}
    assert len(probe(folder / "annotated.mp4").pts) == 30


def test_repetitions_of_an_exercise(media: Path, tmp_path: Path) -> None:
    clip = media / "videos" / "pose_squats.mp4"
    done = run("video", clip, "--out", tmp_path, "--exercise", "squat", "--height", "165", "--no-render")
    assert done.returncode == 0, done.stderr
    assert "Squat: 2" in done.stdout
    reps = pd.read_csv(tmp_path / "pose_squats" / "reps.csv")
    assert list(reps.columns) == ["rep", "start_s", "bottom_s", "end_s", "score", "faults"]
    assert reps["rep"].tolist() == [1, 2]
    assert reps["bottom_s"].tolist() == pytest.approx([2.0, 6.8], abs=0.4)
    assert reps["score"].between(0, 100).all()
    summary = json.loads((tmp_path / "pose_squats" / "summary.json").read_text("utf-8"))
    assert summary["exercise"] == {"name": "squat", "reps": 2}
    assert summary["height_m"] / summary["metres_per_pixel"] == pytest.approx(800, rel=0.07)  # measured on a still


def test_a_clip_without_the_exercise_has_an_empty_table(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text((ROOT / "posecore" / "exercises" / "library" / "plank.toml").read_text("utf-8"), "utf-8")
    done = run(*("video", SAMPLES / "balance.mp4", "--out", tmp_path, "--end", "0.5", "--no-render"), "--exercise", own)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "balance" / "reps.csv").read_text().strip() == "rep,start_s,bottom_s,end_s,score,faults"
    summary = json.loads((tmp_path / "balance" / "summary.json").read_text("utf-8"))
    assert summary["exercise"] == {"name": "own", "reps": 0, "held_s": 0}


def test_two_people_in_a_clip_without_rendering(tmp_path: Path) -> None:
    options = ("--people", "2", "--no-render", "--every", "4", "--workers", "1", "--model", "lite")
    done = run("video", SAMPLES / "two_people.mp4", "--out", tmp_path, *options)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "two_people" / "annotated.mp4").exists()
    assert set(pd.read_csv(tmp_path / "two_people" / "angles.csv")["person"]) == {1, 2}


def test_a_bad_clip_fails_and_the_others_are_done(media: Path, tmp_path: Path) -> None:
    bad = media / "odd_videos" / "zero_bytes.mp4"
    done = run("video", bad, SAMPLES / "balance.mp4", "--out", tmp_path, "--end", "0.3", "--no-render")
    assert done.returncode == 1
    assert f"{bad}: This file is empty" in done.stderr
    assert (tmp_path / "balance" / "landmarks.csv").exists()
    assert "Traceback" not in done.stderr


def test_damaged_frames_are_told(media: Path, tmp_path: Path) -> None:
    files = [media / "odd_videos" / name for name in ("squats_bitflips.mp4", "squats_vfr.mp4")]
    done = run("video", *files, "--out", tmp_path, "--every", "5", "--no-render")
    assert done.returncode == 0, done.stderr
    damaged, sound = done.stdout.strip().splitlines()
    assert damaged.endswith("; 13 of 13 frames are damaged; what is found in them may be off")
    assert "may be off" not in sound
    for file, count in zip(files, (13, 0), strict=True):
        assert json.loads((tmp_path / file.stem / "summary.json").read_text("utf-8"))["damaged_frames"] == count


def test_an_unknown_codec_is_one_sentence(media: Path, tmp_path: Path) -> None:
    done = run("video", media / "odd_videos" / "squats_unknown_codec.mp4", "--out", tmp_path)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "cannot be read here" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is sent as a POSIX signal")
@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_stop_in_the_middle_leaves_what_was_there(how: signal.Signals, status: int, tmp_path: Path) -> None:
    out = tmp_path / "balance"
    out.mkdir()
    (out / "annotated.mp4").write_text("old")
    command = [sys.executable, "-m", "posecore", "video", str(SAMPLES / "balance.mp4"), "--out", str(tmp_path)]
    process = psutil.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    while not process.children():  # its workers
        time.sleep(0.01)
    time.sleep(1)  # wherever it then is: nothing is there that is not whole
    process.send_signal(how)
    _, said = process.communicate()
    assert process.returncode in (status, 0)
    assert b"Traceback" not in said
    if process.returncode:
        assert (out / "annotated.mp4").read_text() == "old"
        assert [path.name for path in out.iterdir() if not path.name.startswith("unfinished-")] == ["annotated.mp4"]


@pytest.mark.parametrize("wrong", [("--start", "-1"), ("--end", "soon"), ("--workers", "0"), ("--every", "x")])
def test_wrong_options_of_video(wrong: tuple[str, str], tmp_path: Path) -> None:
    done = run("video", SAMPLES / "balance.mp4", "--out", tmp_path, *wrong)
    assert done.returncode == 2


def test_movements_become_files_for_other_tools_and_open_again(media: Path, tmp_path: Path) -> None:
    clip = media / "videos" / "pose_squats.mp4"
    done = run("export", clip, "--as", "poselab,bvh,xlsx", "--model", "lite", "--out", tmp_path)
    assert done.returncode == 0
    assert {one.name for one in tmp_path.iterdir()} == {f"pose_squats.{kind}" for kind in ("poselab", "bvh", "xlsx")}
    kept, again = tmp_path / "pose_squats.poselab", tmp_path / "again"
    assert run("export", kept, "--as", "bvh", "--out", again).returncode == 0
    assert (again / "pose_squats.bvh").read_bytes() == (tmp_path / "pose_squats.bvh").read_bytes()
    nobody = run("export", kept, "--as", "bvh", "--person", "3", "--out", again)
    assert nobody.returncode == 1
    assert "There is no person 3" in nobody.stderr
    assert run("export", kept, "--as", "bvh,docx", "--out", again).returncode == 2


def test_clips_in_folders_become_windows_to_learn_from(media: Path, tmp_path: Path) -> None:
    clips = {"squat": "pose_squats.mp4", "balance": "balance_cam01.mp4"}
    for label, name in clips.items():
        (tmp_path / label).mkdir()
        shutil.copy(media / "videos" / name, tmp_path / label)
    files = [tmp_path / label / name for label, name in clips.items()]
    done = run("sequences", *files, "--windows", "30", "--stride", "10", "--model", "lite", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "squat, " in done.stdout
    with np.load(tmp_path / "out" / "sequences.npz", allow_pickle=False) as arrays:
        assert arrays["x"].shape[1:] == (30, 33, 4)
        assert set(arrays["labels"].tolist()) == {"squat", "balance"}
        assert set(arrays["groups"].tolist()) == {"squat/pose_squats#1", "balance/balance_cam01#1"}
        assert arrays["mask"].mean() > 0.5
