"""The app on a port of its own, and the browser to look at it with."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from tests.support.memory_group import MemoryGroup
from tests.support.paths import ROOT


def find_browser() -> str | None:
    spec = importlib.util.spec_from_file_location("ensure_browser", ROOT / "tools" / "ensure_browser.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.find_browser()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str, seconds: float = 60) -> bool:
    """Whether an address is answered with "all is well" in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except OSError:  # that of HTTP with another answer, too
            time.sleep(0.05)
    return False


class Server:
    """The app as `make run` starts it, on a port of its own unless one is given; or another, from its folder."""

    def __init__(
        self,
        log: Path,
        folder: Path = ROOT,
        port: int | None = None,
        python: Path | str = sys.executable,
        group: MemoryGroup | None = None,
    ) -> None:
        self.log = log
        port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
        command = [str(python), "-m", "streamlit", "run", "app.py", *options]
        with log.open("wb") as output:
            enter = group.enter if group else None
            self.process = psutil.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, preexec_fn=enter)
        self.wait_for("/_stcore/health")

    def wait_for(self, path: str) -> None:
        """Until a path is answered with "all is well"."""
        assert answers(self.url + path), self.log.read_text("utf-8")

    def memory(self) -> int:
        """Bytes in use."""
        return int(self.process.memory_info().rss)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
