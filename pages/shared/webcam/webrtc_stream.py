"""A visitor's stream between WebRTC and a `LiveSession`.

streamlit-webrtc's own frame callbacks send every frame that arrives back, so a busy server falls behind without end,
the first ones without having looked at them. Here frames go in at a sink and answers come out of a source of our own:
the newest frame is processed, older ones are dropped, and nothing but answers goes back.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from aiortc import MediaStreamTrack, rtcrtpreceiver
from aiortc.contrib.media import MediaRelay
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.mediastreams import MediaStreamError
from av.video.frame import VideoFrame

from posecore.live.admission import STALLED_S, Ticket
from posecore.live.session import LiveSession
from posecore.media.picture_files import Frame
from posecore.media.upright_frames import upright
from posecore.memory import give_back_memory
from posecore.serving.log import log
from posecore.serving.metrics import FRAMES, failed


def keep_newest(relay: MediaRelay) -> None:
    """Let a relay hand on the newest frame only, as soon as it is there.

    Its queues have no limit, and grow where a consumer is slow.
    """
    rtcrtpreceiver.JitterBuffer = PromptJitterBuffer  # type: ignore[attr-defined]
    relay.subscribe = partial(MediaRelay.subscribe, relay, buffered=False)  # type: ignore[method-assign]


class PromptJitterBuffer(JitterBuffer):
    """Gives a picture out when its last packet is there, which is marked, as browsers do.

    aiortc's own waits for the first packet of the next picture: 67 ms at 15 pictures a second.
    """

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        packets: list[Any] = []
        for count in range(self._capacity if self._is_video else 0):
            packet = self._packets[((self._origin or 0) + count) % self._capacity]
            if packet is None or (packets and packet.timestamp != packets[0].timestamp):
                break
            packets.append(packet)
            if packet.marker:
                self.remove(len(packets))
                return JitterFrame(b"".join(part._data for part in packets), packet.timestamp)
        return super()._remove_frame(sequence_number)


class _Arrived(NamedTuple):
    frame: VideoFrame
    at: float  # seconds, our clock


class LiveStream:
    """One stream, with the thread that processes its frames.

    The thread owns the session and the place at the gate. It ends, and gives both back, when the camera's track ends,
    when no frame has come for `STALLED_S`, or with `close`.

    Attributes:
        sink: takes the camera's frames.
        source: gives the answers.
    """

    def __init__(self, session: LiveSession, ticket: Ticket) -> None:
        self.session = session
        self.source = _Answers()
        self.sink = _Intake(self._arrive, self.close)
        self._ticket = ticket
        self._newest: _Arrived | None = None
        self._changed = threading.Condition()
        self._over = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lag = _Lag()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="live-stream", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._over

    @property
    def seconds(self) -> float:
        """How long it has been there."""
        return time.monotonic() - self._began

    def close(self) -> None:
        """Let the thread end; does not wait for it."""
        with self._changed:
            self._over = True
            self._changed.notify()

    def wait(self, seconds: float) -> bool:
        """Whether the thread ended within so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _arrive(self, frame: VideoFrame) -> None:
        """Called by WebRTC's event loop, so it only puts the frame in its place."""
        self._loop = asyncio.get_running_loop()
        self._ticket.use()
        arrived = _Arrived(frame, time.perf_counter())
        self._lag.note(frame, arrived.at)
        with self._changed:
            skipped, self._newest = self._newest is not None, arrived
            self._changed.notify()
        if skipped:
            self.session.skipped(1)

    def _run(self) -> None:
        try:
            due = 0.0
            while arrived := self._next(due):
                began = time.perf_counter()
                due = began + 1 / self._ticket.gate.rate
                self._answer(arrived, began)
                self._ticket.answered(time.perf_counter() - began, self._lag.seconds)
        except Exception:  # noqa: BLE001  (the visitor can start another)
            failed(None)
            log.exception("stream failed")
        finally:
            self._over = True
            self._ticket.leave()
            self.session.close()
            give_back_memory()
            if self._loop and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self.source.stop)

    def _next(self, due: float) -> _Arrived | None:
        """The newest frame, not before it is `due`; None when the stream is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._over, timeout=max(0.0, due - time.perf_counter()))
            self._changed.wait_for(lambda: self._over or self._newest, timeout=STALLED_S)
            newest, self._newest = self._newest, None
            return None if self._over else newest

    def _answer(self, arrived: _Arrived, began: float) -> None:
        frame, at = arrived
        drawn = self.session.process(upright(frame), frame.time, began - at)
        answer = _encodable(drawn)
        answer.pts, answer.time_base = frame.pts, frame.time_base
        assert self._loop
        self._loop.call_soon_threadsafe(self.source.give, answer)
        FRAMES.labels("live").inc()


class _Lag:
    """How much later frames arrive than they should by their own clock, compared with the earliest."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._least = float("inf")

    def note(self, frame: VideoFrame, now: float) -> None:
        late = now - (frame.time or 0.0)
        self._least = min(self._least + 1e-4, late)  # clocks drift apart
        self.seconds = late - self._least


class _Intake:
    """Reads a track to its end; a `MediaSink` of streamlit-webrtc, for WebRTC's event loop alone."""

    def __init__(self, take: Callable[[VideoFrame], None], ended: Callable[[], None]) -> None:
        self._take, self._ended = take, ended
        self._track: MediaStreamTrack | None = None
        self._task: asyncio.Task[None] | None = None

    def addTrack(self, track: MediaStreamTrack) -> None:  # noqa: N802  (a name of WebRTC's)
        self._track = track

    def hasTrack(self) -> bool:  # noqa: N802
        return self._track is not None

    def start(self) -> None:
        assert self._track
        self._task = asyncio.ensure_future(self._read(self._track))

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    async def _read(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, VideoFrame)
                self._take(frame)
        except MediaStreamError:
            return
        finally:
            self._ended()


class _Answers(MediaStreamTrack):
    """The processed frames, the newest when asked; for WebRTC's event loop alone."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._newest: VideoFrame | None = None
        self._given = asyncio.Event()

    def give(self, frame: VideoFrame) -> None:
        self._newest = frame
        self._given.set()

    async def recv(self) -> VideoFrame:
        await self._given.wait()
        self._given.clear()
        frame, self._newest = self._newest, None
        if frame is None or self.readyState != "live":
            raise MediaStreamError
        return frame

    def stop(self) -> None:
        super().stop()
        self._newest = None
        self._given.set()


def _encodable(picture: Frame) -> VideoFrame:
    """RGB as the planes that encoders want, with even sides."""
    even = np.ascontiguousarray(picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2])
    planes = cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")
