"""A stream between WebRTC and its session: real frames in, answers out, everything given back."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import av
import pytest
from aiortc import MediaStreamTrack
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket

from pages.shared.webcam.webrtc_stream import LiveStream, PromptJitterBuffer
from posecore.live.admission import Gate
from posecore.live.session import LiveSession, LiveSettings
from tests.support.paths import SAMPLES


class Camera(MediaStreamTrack):
    """Some frames of a clip, then the end."""

    kind = "video"

    def __init__(self, count: int) -> None:
        super().__init__()
        with av.open(str(SAMPLES / "balance.mp4")) as clip:
            frames = [frame.reformat(360, 640) for frame, _ in zip(clip.decode(video=0), range(count), strict=False)]
        self.frames = iter(frames)
        self.number = 0

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(0.05)
        try:
            frame = next(self.frames)
        except StopIteration:
            raise MediaStreamError from None
        frame.pts, frame.time_base = self.number * 3000, Fraction(1, 90_000)
        self.number += 1
        return frame


def test_answers_come_back_in_order_and_the_end_gives_everything_back() -> None:
    gate = Gate(1)
    ticket = gate.enter()
    assert ticket
    session = LiveSession(LiveSettings("lite"))
    stream = LiveStream(session, ticket)

    async def run() -> list[av.VideoFrame]:
        answers = []
        stream.sink.addTrack(Camera(8))
        assert stream.sink.hasTrack()
        stream.sink.start()
        try:
            while True:
                answers.append(await asyncio.wait_for(stream.source.recv(), 20))
        except MediaStreamError:
            return answers

    with ThreadPoolExecutor(1) as thread:  # this one may have a loop of the browser tests running
        answers = thread.submit(asyncio.run, run()).result()
    assert stream.wait(5)
    assert stream.over
    assert gate.streams == 0
    assert 1 <= len(answers) <= 8
    stamps = [answer.pts for answer in answers]
    assert stamps == sorted(stamps)
    assert {(answer.width, answer.height, answer.format.name) for answer in answers} == {(360, 640, "yuv420p")}
    now = session.snapshot()
    assert now.frames_processed >= len(answers)
    assert now.frames_seen <= 8
    assert now.errors == 0


def test_a_stream_that_never_gets_a_frame_can_be_closed() -> None:
    gate = Gate(1)
    ticket = gate.enter()
    assert ticket
    stream = LiveStream(LiveSession(), ticket)
    stream.close()
    assert stream.wait(5)
    assert gate.streams == 0


def packet(number: int, picture: int, *, last: bool) -> RtpPacket:
    made = RtpPacket(payload_type=97, marker=int(last), sequence_number=number, timestamp=picture * 3000)
    made._data = bytes([number % 256])
    return made


@pytest.mark.parametrize("first", [10, 65534])
def test_a_picture_is_given_out_with_its_last_packet(first: int) -> None:
    buffer = PromptJitterBuffer(capacity=128, is_video=True)
    got: list[JitterFrame | None] = []
    for offset, (picture, last) in enumerate([(0, False), (0, True), (1, True), (2, False), (2, True)]):
        got.append(buffer.add(packet((first + offset) % 65536, picture, last=last))[1])
    assert [frame.timestamp if frame else None for frame in got] == [None, 0, 3000, None, 6000]


def test_packets_that_change_places_are_waited_for() -> None:
    buffer = PromptJitterBuffer(capacity=128, is_video=True)
    assert buffer.add(packet(1, 0, last=False))[1] is None
    assert buffer.add(packet(3, 0, last=True))[1] is None
    frame = buffer.add(packet(2, 0, last=False))[1]
    assert frame
    assert frame.data == bytes([1, 2, 3])
