"""The service over real HTTP, started as a person starts it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, cycle, repeat
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from posecore import AnalysisSettings, DetectorSettings, ImageDetector, Workers, decode_image, read_poselab
from posecore.serving.clip_jobs import ClipJobs
from tests.support.http_caller import PATIENCE_S, Caller, serving
from tests.support.paths import ROOT, SAMPLES
from tests.support.small_disk import small_disk


@pytest.fixture(scope="module")
def call() -> Iterator[Caller]:
    with serving() as caller:
        yield caller


def form(field: str, content: bytes) -> tuple[bytes, str]:
    head = f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="a.jpg"\r\n\r\n'
    return head.encode() + content + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


@pytest.mark.parametrize("way", ["raw", "form"])
def test_a_picture_becomes_landmarks(call: Caller, way: str) -> None:
    picture = (SAMPLES / "two_people.jpg").read_bytes()
    content, kind = form("image", picture) if way == "form" else (picture, "image/jpeg")
    found = call("POST", "/images?people=2&model=lite", content, Content_Type=kind)
    assert found.status == 200
    with ImageDetector(DetectorSettings("lite", people=2)) as detector:
        pose = detector.detect(decode_image(picture))
    assert (found.json["width"], found.json["height"]) == pose.size
    places = np.array([[[p["x"], p["y"]] for p in person["landmarks"]] for person in found.json["people"]])
    assert places == pytest.approx(pose.xy, abs=0.02 * float(np.ptp(pose.xy[..., 1])))


def test_a_picture_comes_back_drawn(call: Caller) -> None:
    picture = (SAMPLES / "balance.jpg").read_bytes()
    found = call("POST", "/images", picture, Accept="image/png")
    assert found.headers["content-type"] == "image/png"
    assert decode_image(found.content).ndim == 3


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/images", b"no picture at all", 422),
        ("/images", b"", 422),
        ("/images?people=0", b"x", 422),
        ("/images?model=best_of_all", b"x", 422),
        ("/images?people=1e999", b"x", 422),
        ("/nowhere", b"x", 404),
    ],
)
def test_what_is_wrong_is_a_problem_in_words(call: Caller, path: str, content: bytes, status: int) -> None:
    found = call("POST", path, content, Accept_Language="zh-CN,zh;q=0.9")
    assert found.status == status
    assert found.headers["content-type"] == "application/problem+json"
    assert found.json["status"] == status
    if status == 422:
        assert re.search("[\u4e00-\u9fff]", found.json["detail"])


def test_other_methods_are_refused(call: Caller) -> None:
    found = call("GET", "/images")
    assert found.status == 405
    assert found.headers["allow"] == "POST"


def test_a_clip_becomes_a_job_with_results(call: Caller, media: Path, tmp_path: Path) -> None:
    clip = (media / "videos" / "pose_squats.mp4").read_bytes()
    begun = call("POST", "/clips?model=lite&exercise=squat&name=squats.mp4", clip)
    assert begun.status == 202
    address = begun.headers["location"]
    done = call.finished(address)
    assert done.json["state"] == "done"
    results = done.json["results"]
    assert call("GET", results["summary"]).json["exercise"]["reps"] == 2
    (tmp_path / "a.poselab").write_bytes(call("GET", results["poselab"]).content)
    assert len(read_poselab(tmp_path / "a.poselab").time) == 65
    assert call("GET", results["bvh"]).content.startswith(b"HIERARCHY")
    assert call("GET", results["reps.csv"]).content.count(b"\n") == 3
    assert call("DELETE", address).status == 204
    assert call("GET", address).status == 404
    assert call("GET", results["bvh"]).status == 404


def test_a_clip_that_cannot_be_read_is_said(call: Caller) -> None:
    begun = call("POST", "/clips", b"\0\0\0\x18ftypmp42" + bytes(500))
    assert begun.status == 202
    found = call.finished(begun.headers["location"])
    assert found.status == 409
    assert found.json["code"] in ("not_a_clip", "clip_not_decodable")


def test_exercises_are_listed(call: Caller) -> None:
    found = call("GET", "/exercises", Accept_Language="zh")
    assert {"name": "squat", "title": "深蹲"} in found.json


def test_with_a_key_only_those_who_have_it_are_served() -> None:
    with serving(key="secret") as call:
        assert call("GET", "/health").status == 200
        assert call("GET", "/exercises").status == 401
        assert call("GET", "/exercises", Authorization="Bearer other").status == 401
        assert call("GET", "/exercises", Authorization="Bearer secret").status == 200


def test_the_page_s_client_works(call: Caller, media: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "http.md").read_text("utf-8")
    (client,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shutil.copy(SAMPLES / "two_people.jpg", tmp_path / "team.jpg")
    shutil.copy(media / "videos" / "pose_squats.mp4", tmp_path / "squats.mp4")
    program = client.replace("http://127.0.0.1:8000", call.address)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == "2 people\n2 squats\n"


def test_sixteen_callers_at_once_get_the_answers_to_what_they_sent(call: Caller) -> None:
    pictures = {name: (SAMPLES / name).read_bytes() for name in ("balance.jpg", "two_people.jpg", "astronaut.png")}
    alone = {name: call("POST", "/images?model=lite", content).json for name, content in pictures.items()}
    names = [name for _, name in zip(range(32), cycle(pictures), strict=False)]
    with ThreadPoolExecutor(16) as callers:
        answers = callers.map(lambda name: call("POST", "/images?model=lite", pictures[name]).json, names)
        for name, answer in zip(names, answers, strict=True):
            assert [answer["width"], answer["height"]] == [alone[name]["width"], alone[name]["height"]]
            ours, theirs = (
                np.array([[[p["x"], p["y"]] for p in person["landmarks"]] for person in found["people"]])
                for found in (answer, alone[name])
            )
            assert ours == pytest.approx(theirs, abs=0.02 * float(np.ptp(theirs[..., 1])))


def events(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    for line in answer:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def test_progress_is_told_until_the_end(call: Caller, media: Path) -> None:
    clip = (media / "videos" / "pose_squats.mp4").read_bytes()
    begun = call("POST", "/clips?model=lite", clip)
    with urllib.request.urlopen(f"{call.address}{begun.headers['location']}/events", timeout=PATIENCE_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = list(events(answer))
    assert told[-1]["state"] == "done"
    assert told[-1]["done"] == told[-1]["total"] == 65
    assert "results" in told[-1]
    assert [one["done"] for one in told] == sorted(one["done"] for one in told)
    assert call("DELETE", begun.headers["location"]).status == 204


def test_a_caller_who_leaves_frees_the_job_that_they_hold(call: Caller, media: Path) -> None:
    clip = (media / "videos" / "sports2d_demo.mp4").read_bytes()
    connection = http.client.HTTPConnection(call.address.removeprefix("http://"), timeout=PATIENCE_S)
    connection.request("POST", "/clips?model=heavy", clip, {"Accept": "text/event-stream"})
    answer = connection.getresponse()
    first = next(events(answer))
    assert first["state"] == "working"
    assert call("GET", f"/clips/{first['id']}").status == 200
    answer.close()
    connection.close()
    end = time.monotonic() + PATIENCE_S
    while call("GET", f"/clips/{first['id']}").status != 404:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_an_upload_that_breaks_off_leaves_nothing(call: Caller, media: Path) -> None:
    with socket.create_connection(("127.0.0.1", int(call.address.rsplit(":", 1)[1]))) as line:
        line.sendall(b"POST /clips HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + bytes(5000))
    assert call("POST", "/images?model=lite", (SAMPLES / "balance.jpg").read_bytes()).status == 200


def test_pages_of_others_may_call_only_where_they_are_named() -> None:
    with serving("--cors", "https://example.org") as call:
        asked = {"Origin": "https://example.org", "Access_Control_Request_Method": "POST"}
        assert call("OPTIONS", "/images", **asked).headers["access-control-allow-origin"] == "https://example.org"
        other = call("GET", "/exercises", Origin="https://other.org")
        assert "access-control-allow-origin" not in other.headers


def test_whoever_asks_too_often_is_told_when_to_come_again() -> None:
    with serving("--rate", "5") as call:
        answers = [call("GET", "/exercises") for _ in range(7)]
        assert [one.status for one in answers] == [200] * 5 + [429] * 2
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 12
        assert call("GET", "/health").status == 200


def test_results_are_kept_for_a_while_after_they_were_asked_for(tmp_path: Path) -> None:
    with Workers(1) as workers:
        jobs = ClipJobs(tmp_path, workers, keep_s=0.2)
        with jobs.arriving("a", AnalysisSettings(), None) as job:
            job.source.write_bytes(b"no clip")
        jobs.tidy()
        while job.state == "working":
            time.sleep(0.05)
        assert jobs.find(job.number) is job
        jobs.tidy()
        assert jobs.find(job.number) is job
        time.sleep(0.3)
        jobs.tidy()
        assert jobs.find(job.number) is None
        assert not job.folder.exists()


def test_who_is_refused_while_they_send_reads_why(call: Caller) -> None:
    much = bytes(60_000_000)
    found = call("POST", "/images", much)
    assert (found.status, found.json["code"]) == (413, "file_too_large")
    assert call("POST", "/nothing", much).status == 404
    with serving(key="secret") as locked:
        assert locked("POST", "/clips", much).status == 401


def test_a_disk_without_room_is_said(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk, serving(TMPDIR=str(disk)) as call:
        found = call("POST", "/clips", b"\0\0\0\x18ftypmp42" + bytes(60_000_000))
        assert (found.status, found.json["code"]) == (507, "disk_full")
        assert call("POST", "/images?model=lite", (SAMPLES / "balance.jpg").read_bytes()).status == 200


@pytest.mark.slow
def test_a_large_upload_does_not_pass_through_memory(call: Caller) -> None:
    size = 499_000_000
    own = psutil.Process(call.process)
    before = own.memory_info().rss
    most, over = before, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.02):
            most = max(most, own.memory_info().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    connection = http.client.HTTPConnection(call.address.removeprefix("http://"), timeout=PATIENCE_S)
    head = b"\0\0\0\x18ftypmp42"
    body = (part for part in chain([head], repeat(bytes(1_000_000), size // 1_000_000)))
    connection.request("POST", "/clips", body, {"Content-Length": str(len(head) + size // 1_000_000 * 1_000_000)})
    answer = connection.getresponse()
    over.set()
    watching.join()
    assert answer.status == 202
    assert most - before < 50_000_000
    connection.close()


@pytest.mark.slow
def test_two_thousand_requests_by_its_description_bring_no_fault_and_no_undocumented_answer(
    call: Caller, tmp_path: Path
) -> None:
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    options = ("--checks", checks, "--max-examples", "300", "--seed", "1", "--no-color")
    command = (Path(sys.executable).with_name("schemathesis"), "run", f"{call.address}/openapi.json", *options)
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"}
    )
    assert done.returncode == 0, done.stdout
    (cases,) = re.findall(r"(\d+) generated", done.stdout)
    assert int(cases) >= 2000
