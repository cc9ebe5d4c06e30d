"""Many visits whose browsers look at their webcams themselves: python -m benchmarks.landmark_visits [--visits N]
[--minutes M]

Each is a client that speaks the page's whole protocol: Streamlit's own line with the page, and packets of landmarks of
somebody who squats. They come one after another in the first minute. Clients and the app
share the cores; the app has 1000 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import numpy as np
import websockets
from numpy.typing import NDArray
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from posecore import DetectorSettings, StreamTracker, probe, read_frames
from tests.support.app_server import Server
from tests.support.memory_group import MemoryGroup, make_group

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
SIZE = probe(MEDIA / "videos" / "pose_squats.mp4").size
MEMORY = 1000 * 2**20  # that the app has, where it can be limited
RATE = 15  # pictures a second that a browser looks at
HOST = "https://pose.example.org/webcam"  # not of the server's own network, so that the browser looks


def squats() -> NDArray[np.float32]:
    """(T, 264) landmarks of somebody who squats, as packets have them, `RATE` a second."""
    rows = []
    with StreamTracker(DetectorSettings("lite", people=1), live=True) as tracker:
        for moment, frame in read_frames(probe(MEDIA / "videos" / "pose_squats.mp4")):
            pose = tracker.track(frame, moment)
            shares = np.stack([pose.z, pose.visibility, pose.presence], -1)
            rows.append(np.concatenate([pose.xy, shares, pose.world], -1)[0].ravel())
    return np.repeat(np.array(rows, np.float32), RATE // 5, axis=0)


class Visit:
    """One client."""

    def __init__(self, url: str, film: NDArray[np.float32]) -> None:
        self.url, self.film = url, film
        self.component = self.exercise = self.address = ""
        self.took: list[tuple[float, float]] = []  # when packets were sent, and how long answers took, seconds
        self.lost = self.count = 0

    async def run(self, after: float, until: float) -> None:
        await asyncio.sleep(after)
        line = f"{self.url.replace('http', 'ws')}/_stcore/stream"
        async with websockets.connect(line, origin=self.url, subprotocols=["streamlit"], max_size=None) as socket:
            await socket.send(self._rerun())
            reading = asyncio.create_task(self._read(socket))
            while not self.address and time.monotonic() < until:
                await asyncio.sleep(0.1)
            await socket.send(self._rerun(running=True))
            await self._packets(until)
            reading.cancel()

    async def _read(self, socket: websockets.ClientConnection) -> None:
        async for data in socket:
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if message.WhichOneof("type") == "delta":
                self._note(message.delta.new_element)

    def _note(self, element: Element) -> None:
        if element.HasField("selectbox") and element.selectbox.label == "Exercise":
            self.exercise = element.selectbox.id
        component = element.bidi_component
        if component.component_name.endswith("poselab_webcam"):
            self.component = component.id
            self.address = json.loads(component.json or component.mixed.json)["address"]

    async def _packets(self, until: float) -> None:
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        began, number, sent, every, rate = time.monotonic(), 0, 0.0, 0.25, float(RATE)
        while time.monotonic() < until:
            await asyncio.sleep(every)
            moments = np.arange(sent, time.monotonic() - began, 1 / min(rate, RATE))
            picked = self.film[(moments * RATE).astype(int) % len(self.film)]
            body = np.hstack([moments[:, None] - sent, picked]).astype("<f4").tobytes()
            about = {"number": number, "people": 1, "width": SIZE[0], "height": SIZE[1], "at": sent}
            query = urlencode({**about, "brightness": 120, "ms": 40})
            asked = time.monotonic()
            status, said = await asyncio.to_thread(post, line, f"{self.address}&{query}", body)
            self.took.append((asked, time.monotonic() - asked))
            if status == 200:
                every, rate = said["every"], said["rate"]
                self.count = int(said["counted"][0]["count"])
            else:
                self.lost += 1
            number, sent = number + 1, moments[-1] + 1 / min(rate, RATE)
        line.close()

    def _rerun(self, *, running: bool = False) -> bytes:
        message = BackMsg()
        state = message.rerun_script
        state.page_name = "webcam"
        state.context_info.url, state.context_info.locale = HOST, "en-US"
        if running:
            widget = state.widget_states.widgets.add()
            widget.id, widget.json_value = self.component, json.dumps({"running": True})
            widget = state.widget_states.widgets.add()
            widget.id, widget.string_value = self.exercise, "Squat"
        return message.SerializeToString()


def post(line: HTTPConnection, address: str, body: bytes) -> tuple[int, dict[str, Any]]:
    line.request("POST", address, body)
    answer = line.getresponse()
    return answer.status, json.loads(answer.read())


async def measured(visits: list[Visit], group: MemoryGroup | None, seconds: float) -> None:
    until = time.monotonic() + seconds
    arriving = min(60, seconds / 2) / len(visits)
    running = [asyncio.create_task(visit.run(i * arriving, until)) for i, visit in enumerate(visits)]
    for part in range(5):
        await asyncio.sleep(seconds / 5)
        used = f"{group.anonymous() / 1e6:.0f} MB, {group.killed()} killed" if group else "memory not limited here"
        sys.stdout.write(f"after {seconds * (part + 1) / 5:.0f} s: {used}\n")
        sys.stdout.flush()
    await asyncio.gather(*running)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args()
    film = squats()
    with tempfile.TemporaryDirectory() as folder:
        group = make_group("poselab-visits", MEMORY)
        server = Server(Path(folder) / "log.txt", group=group)
        server.wait_for("/health/ready")
        visits = [Visit(server.url, film) for _ in range(options.visits)]
        try:
            asyncio.run(measured(visits, group, 60 * options.minutes))
            cpu = server.process.cpu_times()
        finally:
            server.close()
            if group:
                group.close()
    counts, lost = [visit.count for visit in visits], sum(visit.lost for visit in visits)
    took = np.array([one for visit in visits for one in visit.took])
    arrived = max(visit.took[0][0] for visit in visits)
    sys.stdout.write(
        f"{len(visits)} visits that counted {min(counts)} to {max(counts)} squats each; "
        f"{len(took)} packets, {lost} not answered; app {cpu.user + cpu.system:.0f} s of a core\n"
    )
    for when, some in (("all", took), ("since all are there", took[took[:, 0] > arrived])):
        typical, slow = np.percentile(1000 * some[:, 1], [50, 95])
        sys.stdout.write(f"{when}: {typical:.0f} ms at the median, {slow:.0f} at 95 %\n")


if __name__ == "__main__":
    main()
