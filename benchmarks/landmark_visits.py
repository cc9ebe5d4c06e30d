"""Many visits whose browsers look at their webcams themselves: python -m benchmarks.landmark_visits [--visits N]
[--minutes M]

Each is a client that speaks the page's whole protocol: Streamlit's own line with the page, and packets of landmarks of
somebody who squats. They come one after another in the first minute. Clients and the app
share the cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import websockets
from numpy.typing import NDArray
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from posecore import DetectorSettings, StreamTracker, probe, read_frames
from tests.support.app_server import Server

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
SIZE = probe(MEDIA / "videos" / "pose_squats.mp4").size
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
        self.component = self.address = ""
        self.seconds: list[float] = []  # that packets took
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
            if message.WhichOneof("type") == "delta" and message.delta.new_element.HasField("bidi_component"):
                component = message.delta.new_element.bidi_component
                if component.component_name.endswith("poselab_webcam"):
                    self.component = component.id
                    self.address = json.loads(component.json or component.mixed.json)["address"]

    async def _packets(self, until: float) -> None:
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        began, number, row, every = time.monotonic(), 0, 0, 0.25
        while time.monotonic() < until:
            await asyncio.sleep(every)
            end = int((time.monotonic() - began) * RATE)
            picked = self.film[np.arange(row, end) % len(self.film)]
            body = np.hstack([np.arange(len(picked), dtype=np.float32)[:, None] / RATE, picked]).astype("<f4").tobytes()
            about = {"number": number, "people": 1, "width": SIZE[0], "height": SIZE[1], "at": row / RATE}
            query = urlencode({**about, "brightness": 120, "ms": 40})
            asked = time.monotonic()
            status, said = await asyncio.to_thread(post, line, f"{self.address}&{query}", body)
            self.seconds.append(time.monotonic() - asked)
            if status == 200:
                every = said["every"]
                self.count = said["counted"][0]["count"] if said["counted"] else 0
            else:
                self.lost += 1
            number, row = number + 1, end
        line.close()

    def _rerun(self, *, running: bool = False) -> bytes:
        message = BackMsg()
        state = message.rerun_script
        state.page_name = "webcam"
        state.context_info.url, state.context_info.locale = HOST, "en-US"
        if running:
            widget = state.widget_states.widgets.add()
            widget.id, widget.json_value = self.component, json.dumps({"running": True})
        return message.SerializeToString()


def post(line: HTTPConnection, address: str, body: bytes) -> tuple[int, dict[str, object]]:
    line.request("POST", address, body)
    answer = line.getresponse()
    return answer.status, json.loads(answer.read())


async def measured(visits: list[Visit], server: Server, seconds: float) -> None:
    until = time.monotonic() + seconds
    arriving = min(60, seconds / 2) / len(visits)
    running = [asyncio.create_task(visit.run(i * arriving, until)) for i, visit in enumerate(visits)]
    for part in range(5):
        await asyncio.sleep(seconds / 5)
        megabytes = (
            sum(one.memory_info().rss for one in [server.process, *server.process.children(recursive=True)]) / 1e6
        )
        sys.stdout.write(f"after {seconds * (part + 1) / 5:.0f} s: {megabytes:.0f} MB\n")
        sys.stdout.flush()
    await asyncio.gather(*running)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args()
    film = squats()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "log.txt")
        server.wait_for("/health/ready")
        visits = [Visit(server.url, film) for _ in range(options.visits)]
        try:
            asyncio.run(measured(visits, server, 60 * options.minutes))
            cpu = server.process.cpu_times()
        finally:
            server.close()
    took = [1000 * one for visit in visits for one in visit.seconds]
    sys.stdout.write(
        f"{len(visits)} visits, {len(took)} packets, {sum(visit.lost for visit in visits)} not answered, "
        f"{statistics.median(took):.0f} ms at the median, {np.percentile(took, 95):.0f} at 95 %, "
        f"app {cpu.user + cpu.system:.0f} s of a core\n"
    )


if __name__ == "__main__":
    main()
