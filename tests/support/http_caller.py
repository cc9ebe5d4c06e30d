"""A service as a person starts it, and a caller of it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from typing import Any, NamedTuple

from tests.support.paths import ROOT

PATIENCE_S = 60


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Caller:
    """Asks a service; `process` is the number of its process."""

    def __init__(self, address: str, process: int) -> None:
        self.address, self.process = address, process

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
def serving(*options: str, key: str = "", **environment: str) -> Iterator[Caller]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "posecore", "serve", "--port", str(port), *options]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "POSECORE_KEY": key, **environment}) as process:
        caller = Caller(f"http://127.0.0.1:{port}", process.pid)
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
