"""Live streams: how fast they are answered, and how many at once: python -m benchmarks --only webcam, or
python -m benchmarks.webcam [--minutes M]

The server's side is the app's own (`pages.shared.webcam.webrtc_stream`) without its pages; the clients run in a process
of their own on the same cores. --minutes is for how long eight visitors at once are tried.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from aiortc.contrib.media import MediaRelay
from streamlit_webrtc.webrtc import WebRtcMode, WebRtcWorker

from benchmarks.table import Row, show
from pages.shared.webcam.webrtc_stream import LiveStream, keep_newest
from posecore import MODELS, decode_image
from posecore.detection.models import DEFAULT_MODEL
from posecore.live.admission import Gate, measured_capacity
from posecore.live.session import LiveSession, LiveSettings

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 20
# Streams, width, height, frames a second.
TRIALS = [(1, 640, 480, 30), (2, 640, 480, 30), (4, 480, 360, 15)]
CROWD = (8, 640, 480, 30)


class Server:
    """What the app does with offers, with an event loop of its own."""

    def __init__(self, gate: Gate, model: str) -> None:
        self.gate, self.model = gate, model
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.relay = MediaRelay()
        keep_newest(self.relay)
        self.streams: list[LiveStream] = []
        self.workers: list[WebRtcWorker] = []  # type: ignore[type-arg]

    def answer(self, offer: dict[str, str]) -> dict[str, str]:
        ticket = self.gate.enter()
        if ticket is None:
            return {"client": offer["client"], "sdp": "", "type": ""}
        stream = LiveStream(LiveSession(LiveSettings(self.model, mirrored=False)), ticket)
        nothing = dict.fromkeys(
            [
                *("rtc_configuration", "source_audio_track", "sink_audio_track", "player_factory"),
                *("in_recorder_factory", "out_recorder_factory", "video_frame_callback", "audio_frame_callback"),
                *("queued_video_frames_callback", "queued_audio_frames_callback", "on_video_ended", "on_audio_ended"),
                *("video_processor_factory", "audio_processor_factory"),
            ]
        )
        worker = WebRtcWorker(  # type: ignore[var-annotated]
            WebRtcMode.SENDRECV,
            source_video_track=stream.source,
            sink_video_track=stream.sink,
            async_processing=True,
            video_receiver_size=1,
            audio_receiver_size=1,
            sendback_video=True,
            sendback_audio=False,
            loop=self.loop,
            relay=self.relay,
            **nothing,
        )
        worker.process_offer(offer["sdp"], offer["type"], timeout=20)
        self.streams.append(stream)
        self.workers.append(worker)
        assert worker.local_description
        return {"client": offer["client"], "sdp": worker.local_description.sdp, "type": worker.local_description.type}

    def close(self) -> None:
        for worker in self.workers:
            worker.stop()
        for stream in self.streams:
            stream.close()
            stream.wait(5)


def trial(gate: Gate, model: str, streams: int, width: int, height: int, rate: int, seconds: float) -> Iterator[Row]:
    """So many clients at once; three figures over all that were admitted."""
    server = Server(gate, model)
    module = [sys.executable, "-m", "benchmarks.webcam_clients"]
    arguments = [str(number) for number in (streams, width, height, rate, seconds)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*module, *arguments], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as clients:
        assert clients.stdin
        assert clients.stdout
        for offer in [json.loads(clients.stdout.readline()) for _ in range(streams)]:
            clients.stdin.write(json.dumps(server.answer(offer)) + "\n")
            clients.stdin.flush()
        time.sleep(5)
        before = [stream.session.snapshot().frames_processed for stream in server.streams]
        began, answers = time.perf_counter(), [list[float]() for _ in server.streams]
        while time.perf_counter() - began < seconds - 4:
            time.sleep(1)
            for stream, milliseconds in zip(server.streams, answers, strict=True):
                milliseconds.append(stream.session.snapshot().milliseconds)
        passed = time.perf_counter() - began
        done = [stream.session.snapshot().frames_processed for stream in server.streams]
        seen = [json.loads(line) for line in clients.stdout]
    server.close()
    admitted = [client for client in seen if client["behind"]]
    name = f"{streams} streams {width} x {height} at {rate}, {model}"
    note = f"{len(admitted)} admitted; {gate.streams} places taken afterwards"
    rates = [(last - first) / passed for first, last in zip(before, done, strict=True)]
    yield Row(f"{name}: processed", rates, "a second", note=note)
    yield Row(f"{name}: arrival to answer", [statistics.median(one) for one in answers], "ms")
    worst = max(client["behind"][2] for client in admitted) * 1000
    behind = [client["behind"][0] * 1000 for client in admitted]
    yield Row(f"{name}: behind the camera", behind, "ms", note=f"worst frame {worst:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    chosen = parser.parse_args()
    show(rows(chosen.minutes, chosen.model))


def rows(minutes: float = 1.0, model: str = DEFAULT_MODEL) -> Iterator[Row]:
    person = cv2.resize(decode_image((ROOT / "samples" / "balance.jpg").read_bytes()), (640, 480)).astype(np.uint8)
    capacity = measured_capacity(person)
    yield Row("live streams that the machine serves", [float(capacity)], "streams", note="as the app measures it")
    for streams, width, height, rate in TRIALS:
        yield from trial(Gate(streams), model, streams, width, height, rate, SECONDS)
    yield from trial(Gate(capacity), model, *CROWD, minutes * 60)


if __name__ == "__main__":
    main()
