"""Streams of landmarks as browsers speak to them: packets in, counts out; and the engine that finds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import numpy as np
import pytest

from pages.shared.service.engine_routes import engine_address, engine_routes
from pages.shared.service.landmark_routes import PATH, STREAMS, landmark_routes
from posecore import load_exercise
from posecore.live.session import LiveSession, LiveSettings
from tests.live.test_packets import rows
from tests.support.route_server import served

ABOUT = {"people": 1, "width": 640, "height": 480, "at": 0, "brightness": 100, "ms": 30}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served([*landmark_routes(), *engine_routes()]) as port:
        yield port


@pytest.fixture
def line(port: int) -> Iterator[HTTPConnection]:
    STREAMS.open("secret", LiveSettings(exercise=load_exercise("squat")))
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    yield line
    line.close()
    STREAMS.close("secret")


def send(line: HTTPConnection, number: int, body: bytes, secret: str = "secret", **about: object) -> HTTPResponse:
    line.close()  # where a body is refused, its rest is still on the line
    line.request("POST", f"{PATH}/{secret}?{urlencode({**ABOUT, 'number': number, **about})}", body)
    return line.getresponse()


def session() -> LiveSession:
    stream = STREAMS.find("secret")
    assert stream
    return stream.session


def test_packets_are_taken_once_and_answered(line: HTTPConnection) -> None:
    answer = send(line, 0, rows(5).tobytes())
    said = json.loads(answer.read())
    assert answer.status == 200
    assert (said["counted"][0]["count"], said["every"]) == ("0", 0.25)
    assert send(line, 0, rows(5).tobytes()).status == 200  # the answer was lost, and it comes again
    assert send(line, 1, rows(2).tobytes(), at=0.5).status == 200
    assert session().snapshot().time == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert send(line, 5, rows(1).tobytes(), at=20).status == 200  # what was lost is a gap
    assert np.diff(session().snapshot().time).max() == pytest.approx(19.4)


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (b"nonsense", {}),
        (rows(1).tobytes(), {"people": "many"}),
        (rows(1).tobytes(), {"at": "nan"}),
        (rows(1).tobytes(), {"width": 1e300}),
        (bytes(2_000_000), {}),
    ],
)
def test_anything_else_is_refused(line: HTTPConnection, body: bytes, about: dict[str, object]) -> None:
    assert send(line, 0, body, **about).status == 422
    assert session().snapshot().frames_seen == 0


def test_what_is_said_is_in_the_language_of_the_page(line: HTTPConnection) -> None:
    assert send(line, 0, rows(1).tobytes()).status == 200
    session().measure_range()
    said = [json.loads(send(line, 1, rows(1).tobytes(), lang=lang).read()) for lang in ("en", "zh")]
    ranges = [one["counted"][0]["range"] for one in said]
    assert ranges[0] == {
        "words": "Do two slow, full repetitions as far as is comfortable: 0 of 2.",
        "kind": "info",
        "asks": "standard",
    }
    assert "2" in ranges[1]["words"]
    assert ranges[1]["words"] != ranges[0]["words"]
    assert [one["recorded"] for one in said] == [None, None]
    session().start_recording()
    assert json.loads(send(line, 9, rows(20).tobytes(), at=9).read())["recorded"] == 2


def test_a_stream_that_is_not_there_is_gone(line: HTTPConnection) -> None:
    assert send(line, 0, rows(1).tobytes(), secret="another").status == 410
    STREAMS.close("secret")
    assert send(line, 0, rows(1).tobytes()).status == 410


def test_the_engine_is_kept_by_browsers_for_good(line: HTTPConnection) -> None:
    line.request("GET", engine_address("lite.task"))
    answer = line.getresponse()
    assert answer.status == 200
    assert "immutable" in str(answer.headers["cache-control"])
    assert len(answer.read()) == int(str(answer.headers["content-length"]))
    line.request("GET", "/engine/0/passwd")
    assert line.getresponse().status == 404
