"""A browser, played by aiortc, tries whether live pictures would find a way to the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from pages.shared.service import reach_routes
from pages.shared.service.reach_routes import PATH, only_at
from tests.support.route_server import served


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(reach_routes.reach_routes()) as port:
        yield port


def status(port: int, body: bytes) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("POST", PATH, body)
    answer = line.getresponse().status
    line.close()
    return answer


async def until(is_so: Callable[[], object]) -> bool:
    for _ in range(100):
        if is_so():
            return True
        await asyncio.sleep(0.05)
    return False


async def offered() -> RTCPeerConnection:
    """A connection that asks for an answer."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.createDataChannel("test")
    await connection.setLocalDescription(await connection.createOffer())
    return connection


def test_an_offer_is_answered_and_connects_and_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach_routes, "_OPEN_S", 2.0)

    async def visit() -> None:
        mine = await offered()
        sdp = await reach_routes._answered(only_at("127.0.0.1", mine.localDescription.sdp))
        await mine.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        assert await until(lambda: mine.iceConnectionState == "completed")
        assert reach_routes._open
        assert await until(lambda: not reach_routes._open)
        await mine.close()

    with ThreadPoolExecutor(1) as thread:  # browsers of other tests leave a loop running in this one
        thread.submit(lambda: asyncio.run(visit())).result()


def test_the_server_knocks_at_nobody_elses_door() -> None:
    offer = "v=0\r\na=candidate:1 1 udp 5 192.0.2.7 80 typ host\r\na=mid:0\r\na=end-of-candidates\r\n"
    assert only_at("192.0.2.1", offer) == "v=0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"sdp": 3}',
        json.dumps({"sdp": "v=0\r\nm=video x UDP\r\n"}).encode(),
        b'{"sdp": "' + b"v" * 30_000 + b'"}',
    ],
)
def test_what_is_no_offer_is_refused(port: int, body: bytes) -> None:
    assert status(port, body) == 422


def test_not_more_than_a_few_at_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach_routes, "_MOST", 0)
    assert status(port, b"{}") == 503
