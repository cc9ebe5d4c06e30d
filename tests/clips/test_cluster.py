"""Clips on a cluster: a real scheduler with real worker processes, clips in a folder and in a store."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from posecore import AnalysisSettings, DetectorSettings, PoseError, analyse, probe
from posecore.clips.cluster import Cluster
from posecore.clips.segment_jobs import Progress
from posecore.errors import Cancelled
from tests.support.app_server import answers, free_port
from tests.support.batch_results import entries, files_in
from tests.support.cluster import busy_worker, dask_cluster, fill, s3_store
from tests.support.many_clips import write_clips
from tests.support.paths import ROOT, SAMPLES

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")]
COUNT = 24
LITE = AnalysisSettings(DetectorSettings("lite", people=1))


def posecore(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "posecore", *map(str, arguments)]
    around = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=around)


@pytest.fixture(scope="module")
def clips(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "clips"
    names = ("pose_squats.mp4", "balance_cam01.mp4", "sports2d_demo.mp4")
    write_clips([media / "videos" / name for name in names], folder, COUNT - 1)
    (folder / "long.mp4").write_bytes((media / "videos" / "sports2d_demo.mp4").read_bytes())
    return folder


@pytest.fixture(scope="module")
def undisturbed(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("alone")
    assert posecore("video", clips, "--out", out, "--model", "lite").returncode == 0
    return files_in(out)


def test_a_folder_comes_to_the_same_bytes_and_it_is_kept_who_found_what(
    clips: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    with dask_cluster(tmp_path, 2) as cluster:
        done = posecore("video", clips, "--out", tmp_path / "out", "--model", "lite", "--cluster", cluster.address)
    assert done.returncode == 0, done.stderr
    assert files_in(tmp_path / "out") == undisturbed
    assert all(sum(entry["found_by"].values()) >= 2 for entry in entries(tmp_path / "out"))  # opened, then looked at


def test_one_of_four_that_is_killed_loses_nothing(clips: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with dask_cluster(tmp_path, 4) as cluster:
        command = [sys.executable, "-m", "posecore", "video", str(clips), "--out", str(out), "--model", "lite"]
        process = psutil.Popen([*command, "--cluster", cluster.address], cwd=ROOT, stdout=subprocess.DEVNULL)
        while len(entries(out)) < 4:
            assert process.poll() is None
            time.sleep(0.05)
        busy_worker(cluster).kill()
        assert process.wait(120) == 0
    assert files_in(out) == undisturbed


def test_clips_in_a_store_are_read_by_range_and_results_go_there(
    clips: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    log = tmp_path / "store.log"
    few = {path.relative_to(clips).as_posix(): path for path in [clips / "long.mp4", *sorted(clips.rglob("0*.mp4"))]}
    with s3_store(log) as store:
        fill(store, "clips", few)
        fill(store, "results", {})
        with dask_cluster(tmp_path, 2, **store) as cluster:
            where = ("s3://clips", "--out", "s3://results/today", "--cluster", cluster.address)
            command = [sys.executable, "-m", "posecore", "video", *where, "--model", "lite"]
            around = {**os.environ, **store, "PYTHONPATH": str(ROOT)}
            for said in (f"{len(few)} done", f"0 done, {len(few)} done before"):  # its log lies where it was asked
                done = subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
                assert said in done.stdout
        from upath import UPath

        options = {"endpoint_url": store["AWS_ENDPOINT_URL"], "key": "any", "secret": "any"}
        there = UPath("s3://results/today", **options)
        names = {name for name in undisturbed if any(name.startswith(key.removesuffix(".mp4") + "/") for key in few)}
        assert {name: (there / name).read_bytes() for name in names} == {name: undisturbed[name] for name in names}
    asked = re.findall(r'"GET /clips/long\.mp4 HTTP/1\.1\S*" (\d+)', re.sub(r"\x1b\[[0-9;]*m", "", log.read_text()))
    assert len(asked) > 1
    assert set(asked) == {"206"}


def test_a_clip_that_kills_its_workers_is_named_and_the_others_are_done(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "poison.py").write_text(
        "import os\n"
        "from posecore.clips import analysis\n"
        "looks = getattr(analysis, 'looks', analysis._looks)  # Dask loads this twice\n"
        "analysis.looks = looks\n"
        "analysis._looks = lambda task: os._exit(1) if task.clip.path.stem == 'poison' else looks(task)\n"
    )
    folder = tmp_path / "clips"
    folder.mkdir()
    for number, path in enumerate([*sorted(clips.rglob("0*.mp4"))[:4], clips / "long.mp4"]):
        (folder / ("poison.mp4" if number == 4 else f"{number}.mp4")).write_bytes(path.read_bytes())
    with dask_cluster(tmp_path, 2, "--preload", str(tmp_path / "poison.py")) as cluster:
        done = posecore("video", folder, "--out", tmp_path / "out", "--model", "lite", "--cluster", cluster.address)
    assert done.returncode == 1
    assert "4 done, 1 failed" in done.stdout
    assert "poison.mp4: Reading this file failed" in done.stderr
    assert len(re.findall(r"Worker \S+ killed|marked as failed because", cluster.log.read_text())) >= 1


def test_progress_is_told_and_a_stop_frees_the_workers(media: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    clip = probe(media / "videos" / "sports2d_demo.mp4")
    stop = threading.Event()
    with dask_cluster(tmp_path, 1) as there, Cluster(there.address) as cluster:
        assert cluster.count == 1
        sequence = analyse(clip, LITE, cluster.lane(), told.append)
        assert len(sequence.time) == len(clip.pts)
        assert [one.done for one in told] == sorted(one.done for one in told)
        assert 0 < told[-1].done <= told[-1].total == len(clip.pts)
        assert len({one.done for one in told}) > 2  # not only whole segments
        threading.Timer(0.3, stop.set).start()
        with pytest.raises(Cancelled):
            analyse(clip, LITE, cluster.lane(), None, stop.is_set)
        began = time.monotonic()
        analyse(probe(SAMPLES / "balance.mp4"), LITE, cluster.lane())
        assert time.monotonic() - began < 30


def test_where_no_scheduler_is_one_sentence_says_so(tmp_path: Path) -> None:
    done = posecore("count", SAMPLES / "squats.mp4", "--exercise", "squat", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.strip() == str(PoseError("no_cluster", address="tcp://127.0.0.1:9"))


def test_the_commands_of_the_page_work(clips: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    ports = {"8786": free_port(), "8000": free_port()}
    for old, new in {"scheduler:": "127.0.0.1:", **{old: str(new) for old, new in ports.items()}}.items():
        page = page.replace(old, new)
    install, scheduler, worker, folder, store, app, service = re.findall(r"^    (\S.*)$", page, re.MULTILINE)
    assert install == 'pip install ".[cluster]"'
    few = {f"{number}.mp4": path for number, path in enumerate(sorted(clips.rglob("0*.mp4"))[:2])}
    (tmp_path / "clips").mkdir()
    for name, path in few.items():
        (tmp_path / "clips" / name).write_bytes(path.read_bytes())
    bin_ = str(Path(sys.executable).parent)
    around = {**os.environ, "PATH": os.pathsep.join([bin_, os.environ["PATH"]]), "PYTHONPATH": str(ROOT)}
    around |= {"STREAMLIT_SERVER_PORT": str(free_port()), "STREAMLIT_SERVER_HEADLESS": "true"}
    with s3_store(tmp_path / "store.log") as there, ExitStack() as stack:
        fill(there, "clips", few)
        fill(there, "results", {})

        def begun(command: str, cwd: Path = tmp_path) -> None:
            process = psutil.Popen(["sh", "-c", f"exec env {command}"], cwd=cwd, env=around | there)
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)

        begun(scheduler)
        begun(worker)
        for command in (folder, store):
            done = subprocess.run(
                ["sh", "-c", command], cwd=tmp_path, env=around | there, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            assert "2 done" in done.stdout
        begun(service)
        assert answers(f"http://127.0.0.1:{ports['8000']}/health")
        begun(app, ROOT)
        assert answers(f"http://127.0.0.1:{around['STREAMLIT_SERVER_PORT']}/_stcore/health")
