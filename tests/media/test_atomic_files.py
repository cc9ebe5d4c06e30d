"""Results that are whole or not there: an error in the middle, a killed process, a full disk."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posecore import WriteError
from posecore.language import LANGUAGES
from posecore.media.atomic_files import written_whole
from tests.support.paths import ROOT, SAMPLES

COMMAND = ("video", SAMPLES / "balance.mp4", "--end", "1", "--workers", "1", "--model", "lite")
posix = pytest.mark.skipif(os.name != "posix", reason="limits on what a process may write are POSIX")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with written_whole(target) as draft:
        draft.write_text("new")
        assert draft.parent == tmp_path
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names(tmp_path) == {"a.txt"}


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_an_error_in_the_middle_leaves_what_was_there_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(type(error)), written_whole(target) as draft:
        draft.write_text("half of the n")
        raise error
    assert target.read_text() == "old"
    assert names(tmp_path) == {"a.txt"}


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    target = tmp_path / ("a" * 255)
    with written_whole(target) as draft:
        draft.write_text("new")
    assert target.read_text() == "new"


def test_what_the_system_says_becomes_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught, written_whole(tmp_path / "gone" / "a.txt") as draft:
        draft.write_text("new")
    assert str(caught.value).startswith("a.txt cannot be written: No such file")
    with pytest.raises(WriteError) as caught, written_whole(tmp_path / "a.txt"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert caught.value.code == "disk_full"
    assert all(caught.value.message(language) for language in LANGUAGES)


@posix
def test_a_killed_process_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    code = f"""
import sys, time
from pathlib import Path
from posecore.media.atomic_files import written_whole
with written_whole(Path({str(target)!r})) as draft, draft.open("w") as file:
    file.write("half of the n")
    file.flush()
    print("begun", flush=True)
    sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert target.read_text() == "old"


def limited(most: int, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command where no file may have more than so many bytes, which is what a full disk looks like to it."""
    code = (
        "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}));"
        "runpy.run_module('posecore', run_name='__main__')"
    )
    command = [sys.executable, "-c", code, *map(str, arguments), "--out", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def annotated_bytes(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Of the annotated clip when there is room."""
    folder = tmp_path_factory.mktemp("room")
    assert limited(10**9, *COMMAND, folder=folder).returncode == 0
    return (folder / "balance" / "annotated.mp4").stat().st_size


def check_full(folder: Path, most: int, *options: str) -> None:
    out = folder / "balance"
    out.mkdir()
    for name in ("annotated.mp4", "landmarks.csv"):
        (out / name).write_text("old")
    done = limited(most, *COMMAND, *options, folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == f"{SAMPLES / 'balance.mp4'}: {WriteError('disk_full')}"
    assert names(out) == {"annotated.mp4", "landmarks.csv"}
    assert {(out / name).read_text() for name in names(out)} == {"old"}


@posix
def test_a_disk_too_full_for_a_part_of_the_annotated_clip(tmp_path: Path) -> None:
    check_full(tmp_path, 1000)


@posix
@pytest.mark.slow
def test_a_disk_too_full_for_the_end_of_the_annotated_clip(tmp_path: Path, annotated_bytes: int) -> None:
    check_full(tmp_path, annotated_bytes - 1)


@posix
def test_a_disk_too_full_for_a_table(tmp_path: Path) -> None:
    check_full(tmp_path, 50_000, "--no-render")


@posix
def test_a_picture_on_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "balance.annotated.png").write_text("old")
    done = limited(50_000, "image", SAMPLES / "balance.jpg", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == f"{SAMPLES / 'balance.jpg'}: {WriteError('disk_full')}"
    assert (tmp_path / "balance.annotated.png").read_text() == "old"
    assert names(tmp_path) == {"balance.annotated.png", "balance.json"}
    assert json.loads((tmp_path / "balance.json").read_text("utf-8"))["people"]
