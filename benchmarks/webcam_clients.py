"""Light WebRTC clients that send a real person to `benchmarks.webcam` and read its answers; a process of its own.

A bar code in every picture carries its number, so an answer tells how long it was on its way.
Offers go out as JSON lines, answers come in the same way; at the end each client prints what it measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription, rtcrtpreceiver
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from numpy.typing import NDArray

from pages.shared.webcam.webrtc_stream import PromptJitterBuffer

BITS, BLOCK = 14, 16  # of the bar code: numbers below 2 ** BITS, pixels of a bar
CLOCK = Fraction(1, 90_000)
CLIP = Path(__file__).resolve().parent.parent / "samples" / "balance.mp4"
GRACE_S = 3.0  # after connecting, before measuring


def write_number(picture: NDArray[np.uint8], number: int) -> None:
    """Paint a number into the upper left corner, as bars."""
    bits = [255 if number >> bit & 1 else 0 for bit in range(BITS)]
    picture[:BLOCK, : BITS * BLOCK] = np.repeat(bits, BLOCK)[None, :, None]


def read_number(grey: NDArray[np.uint8]) -> int:
    """Of a picture's (H, W) brightness."""
    bars = grey[BLOCK // 4 : BLOCK * 3 // 4, : BITS * BLOCK].reshape(-1, BITS, BLOCK)
    return sum(1 << bit for bit in range(BITS) if bars[:, bit, BLOCK // 4 : BLOCK * 3 // 4].mean() > 128)


def people(width: int, height: int) -> list[NDArray[np.uint8]]:
    """A person who moves, (height, width, 3) RGB each."""
    pictures = []
    with av.open(str(CLIP)) as clip:
        for frame in clip.decode(video=0):
            whole = frame.to_ndarray(format="rgb24", width=round(frame.width * height / frame.height), height=height)
            canvas = np.full((height, width, 3), 90, np.uint8)
            left = (width - whole.shape[1]) // 2
            canvas[:, left : left + whole.shape[1]] = whole
            pictures.append(canvas)
    return pictures


class Camera(MediaStreamTrack):
    """Numbered pictures at an even rate."""

    kind = "video"

    def __init__(self, pictures: list[NDArray[np.uint8]], rate: int) -> None:
        super().__init__()
        self._pictures, self._rate = pictures, rate
        self._number, self._began = 0, 0.0
        self.sent: dict[int, float] = {}

    async def recv(self) -> av.VideoFrame:
        if not self._began:
            self._began = time.perf_counter()
        await asyncio.sleep(max(0.0, self._began + self._number / self._rate - time.perf_counter()))
        picture = self._pictures[self._number % len(self._pictures)].copy()
        write_number(picture, self._number % 2**BITS)
        planes = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = int(self._number / self._rate / CLOCK), CLOCK
        self.sent[self._number % 2**BITS] = time.perf_counter()
        self._number += 1
        return frame


@dataclass
class Client:
    """One visitor: what came back, and when."""

    name: int
    camera: Camera
    connection: RTCPeerConnection = field(default_factory=RTCPeerConnection)
    delays: list[tuple[float, float]] = field(default_factory=list)  # when, seconds behind

    async def offer(self) -> None:
        self.connection.addTrack(self.camera)
        self.connection.on("track", lambda track: asyncio.ensure_future(self.watch(track)))
        await self.connection.setLocalDescription(await self.connection.createOffer())
        local = self.connection.localDescription
        print(json.dumps({"client": self.name, "sdp": local.sdp, "type": local.type}), flush=True)

    async def watch(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, av.VideoFrame)
                grey = frame.to_ndarray()[: frame.height, : frame.width]
                sent = self.camera.sent.get(read_number(grey))
                if sent is not None:
                    now = time.perf_counter()
                    self.delays.append((now, now - sent))
        except MediaStreamError:
            return


async def run(count: int, width: int, height: int, rate: int, seconds: float) -> None:
    pictures = people(width, height)
    clients = {number: Client(number, Camera(pictures, rate)) for number in range(count)}
    for client in clients.values():
        await client.offer()
    loop = asyncio.get_running_loop()
    for _ in clients:
        answer = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
        client = clients[answer["client"]]
        if answer["sdp"]:
            await client.connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))
    begin = time.perf_counter() + GRACE_S
    await asyncio.sleep(GRACE_S + seconds)
    for client in clients.values():
        behind = [delay for at, delay in client.delays if at > begin]
        quantiles = [float(np.quantile(behind, q)) for q in (0.5, 0.95, 1.0)] if behind else []
        print(json.dumps({"client": client.name, "answers": len(behind) / seconds, "behind": quantiles}), flush=True)
        await client.connection.close()


if __name__ == "__main__":
    rtcrtpreceiver.JitterBuffer = PromptJitterBuffer  # type: ignore[attr-defined]  # as in browsers
    asyncio.run(run(*map(int, sys.argv[1:5]), float(sys.argv[5])))
