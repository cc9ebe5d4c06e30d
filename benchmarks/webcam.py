"""Live streams: how fast they are answered, and how many at once: python -m benchmarks.webcam [--minutes M]

The server's side is the app's own (`pages.shared.streaming`) without its pages; the clients run in a process of their
own on the same cores. --minutes is for how long eight visitors at once are tried.
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
from pathlib import Path

import cv2
import numpy as np
from aiortc.contrib.media import MediaRelay
from streamlit_webrtc.webrtc import WebRtcMode, WebRtcWorker

from pages.shared.streaming import LiveStream, keep_newest
from posecore import decode_image
from posecore.live import LiveSession, LiveSettings
from posecore.streams import Gate, measured_capacity

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


def trial(gate: Gate, model: str, streams: int, width: int, height: int, rate: int, seconds: float) -> None:
    """So many clients at once; prints a line for each."""
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
        print(f"{streams} x {width}x{height} at {rate}, {model}: {len(server.streams)} admitted, rate {gate.rate:.0f}")
        for name, (first, last, milliseconds) in enumerate(zip(before, done, answers, strict=True)):
            answer = statistics.median(milliseconds)
            print(f"  stream {name}: {(last - first) / passed:5.1f} processed a second, {answer:5.1f} ms to the answer")
        for line in clients.stdout:
            seen = json.loads(line)
            if seen["behind"]:
                median, most, worst = (second * 1000 for second in seen["behind"])
                rate, behind = f"{seen['answers']:5.1f} answers a second", f"{median:.0f} ms behind"
                print(f"  client {seen['client']}: {rate}, {behind} (95 %: {most:.0f}, worst {worst:.0f})")
            else:
                print(f"  client {seen['client']}: not admitted")
    server.close()
    print(f"  afterwards {gate.streams} places taken, {threading.active_count()} threads", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--model", default="full")
    parser.add_argument("--only", type=int)
    chosen = parser.parse_args()
    person = cv2.resize(decode_image((ROOT / "samples" / "balance.jpg").read_bytes()), (640, 480)).astype(np.uint8)
    capacity = measured_capacity(person)
    print(f"measured capacity: {capacity} streams")
    for number, (streams, width, height, rate) in enumerate(TRIALS):
        if chosen.only in (None, number):
            trial(Gate(streams), chosen.model, streams, width, height, rate, SECONDS)
    if chosen.only in (None, len(TRIALS)):
        trial(Gate(capacity), chosen.model, *CROWD, chosen.minutes * 60)


if __name__ == "__main__":
    main()
