"""Nothing is sent and nothing is fetched. That the page asks no other address is watched in tests/browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.paths import ROOT

IMAGE_COMMAND = ["image", str(ROOT / "samples" / "two_people.jpg"), "--out"]
CLIP_COMMAND = ["video", str(ROOT / "samples" / "balance.mp4"), "--end", "0.5", "--out"]

# Ends the process at the first attempt to look up or reach another machine.
NO_NETWORK = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        os._exit(99)
sys.addaudithook(watch)
from posecore.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_python_asks_nobody(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NO_NETWORK, *IMAGE_COMMAND, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert (tmp_path / "two_people.json").is_file()


@pytest.mark.parametrize(("task", "result"), [(IMAGE_COMMAND, "two_people.json"), (CLIP_COMMAND, "balance")])
def test_it_works_with_the_network_switched_off(tmp_path: Path, task: list[str], result: str) -> None:
    unshare = shutil.which("unshare")
    offline = [unshare or "", "--map-root-user", "--net"]
    if unshare is None or subprocess.run([*offline, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this system gives no network namespace to switch the network off in")
    command = [*offline, sys.executable, "-m", "posecore", *task, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert (tmp_path / result).exists()


CALLS_OUT = """
import socket
import posecore.media.picture_files as files
read = files._read
def told(*arguments):
    socket.getaddrinfo("example.invalid", 443)
    return read(*arguments)
files._read = told
"""


def test_the_proof_fails_where_something_calls_out(tmp_path: Path) -> None:
    code = NO_NETWORK.replace("from posecore.cli", CALLS_OUT + "from posecore.cli")
    command = [sys.executable, "-c", code, *IMAGE_COMMAND, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 99


# In a network of nobody: the app and a visit by the protocol that its page speaks.
VISIT = """
import json, subprocess, sys, time, urllib.request
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "8599", "--server.headless", "true"]
app = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen("http://127.0.0.1:8599/health/ready", timeout=5) as answer:
                sys.exit(0 if json.load(answer)["ready"] else 1)
        except OSError:
            time.sleep(0.5)
    sys.exit(2)
finally:
    app.terminate()
    app.wait(20)
"""


@pytest.mark.slow
def test_the_app_finds_people_in_a_network_of_nobody() -> None:
    unshare = shutil.which("unshare")
    offline = [unshare or "", "--map-root-user", "--net"]
    if (
        unshare is None
        or not shutil.which("ip")
        or subprocess.run([*offline, "true"], capture_output=True, check=False).returncode != 0
    ):
        pytest.skip("this system gives no network namespace to switch the network off in")
    done = subprocess.run(
        [*offline, sys.executable, "-c", VISIT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["mediapipe", "ai_edge_litert"])
def test_the_native_code_that_finds_people_cannot_open_a_connection(package: str) -> None:
    """Its shared libraries do not even name the functions for it."""
    installed = pytest.importorskip(package, reason=f"{package} has no wheel for this system")
    folder = Path(str(installed.__file__)).parent
    libraries = [path for path in folder.rglob("*") if path.suffix in (".so", ".dylib", ".dll")]
    assert libraries
    for library in libraries:
        code = library.read_bytes()
        for function in (b"connect", b"getaddrinfo", b"sendto", b"WSAConnect"):
            assert b"\0" + function + b"\0" not in code, (library.name, function)


def test_usage_statistics_and_address_lookup_are_off() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["browser"]["serverAddress"] == "localhost"
