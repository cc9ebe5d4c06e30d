"""The service over real HTTP, started as a person starts it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from posecore import DetectorSettings, ImageDetector, decode_image, read_poselab
from tests.support.paths import ROOT, SAMPLES

PATIENCE_S = 60


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Caller:
    def __init__(self, address: str) -> None:
        self.address = address

    def __call__(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, content, named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def finished(self, path: str) -> Answer:
        end = time.monotonic() + PATIENCE_S
        while (answer := self("GET", path)).status == 200 and answer.json["state"] == "working":
            assert time.monotonic() < end
            time.sleep(0.2)
        return answer


@contextmanager
def serving(key: str = "") -> Iterator[Caller]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "posecore", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "POSECORE_KEY": key}) as process:
        caller = Caller(f"http://127.0.0.1:{port}")
        try:
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end and process.poll() is None:
                try:
                    caller("GET", "/health")
                    break
                except OSError:
                    time.sleep(0.1)
            yield caller
        finally:
            process.terminate()
            assert process.wait(20) in (0, -15)


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
