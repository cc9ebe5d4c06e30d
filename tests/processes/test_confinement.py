"""What a worker may not do, seen from inside a real one."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from posecore import PoseError, Workers
from posecore.processes import WorkerLimits, still_alive
from tests.support.paths import ROOT

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give this up")


def call_out(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "")
    return "reached"


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_worker_reaches_no_network_not_even_this_machine(listening: int) -> None:
    assert call_out(listening) == "reached"
    with Workers(1) as workers:
        assert workers.lane().submit(call_out, listening).result() != "reached"


CONFINED = """
import errno, socket, sys
from posecore.processes import confinement
{switch}
assert confinement.shut_off_network() == "{way}"
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
except OSError:
    a, b = socket.socketpair() if "{way}" != "audit" else (None, None)  # local ones stay possible
    sys.exit(0)
sys.exit(1)
"""
WAYS = {
    "seccomp": "def no(): raise PermissionError\nconfinement._unshare_network = no",
    "audit": "def no(): raise PermissionError\nconfinement._unshare_network = confinement._refuse_sockets = no",
}


@needs_linux
@pytest.mark.parametrize("way", WAYS)
def test_where_no_namespace_is_to_be_had_sockets_are_refused_all_the_same(way: str, listening: int) -> None:
    code = CONFINED.format(switch=WAYS[way], way=way, port=listening)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def balloon(megabytes: int, step: int = 20) -> int:
    held = []
    for _ in range(megabytes // step):
        held.append(bytearray(step << 20))
        time.sleep(0.02)
    return len(held)


@pytest.mark.parametrize("step", [20, 4000], ids=["little by little", "at once"])
def test_a_worker_that_takes_too_much_memory_fails_its_own_job(step: int) -> None:
    with Workers(1, WorkerLimits(memory=200_000_000)) as workers:
        with pytest.raises(PoseError, match="more memory"):
            workers.lane().submit(balloon, 4000, step).result()
        assert workers.lane().submit(abs, -2).result() == 2


def loop_in_c() -> None:
    sum(range(10**12))


def live_on(seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        still_alive()
        time.sleep(0.05)
    return "done"


def test_a_worker_that_gets_stuck_is_given_up_and_one_that_shows_life_is_not() -> None:
    with Workers(1, WorkerLimits(memory=500_000_000, patience_s=1.5)) as workers:
        assert workers.lane().submit(live_on, 3).result() == "done"
        with pytest.raises(PoseError, match="led nowhere"):
            workers.lane().submit(loop_in_c).result()
        assert workers.lane().submit(abs, -2).result() == 2
        assert workers.restarted == 1


@needs_linux
def test_a_worker_that_burns_processor_time_is_ended() -> None:
    with Workers(1, WorkerLimits(memory=500_000_000, processor_s=1)) as workers:
        with pytest.raises(PoseError):
            workers.lane().submit(burn_but_live).result()
        assert workers.lane().submit(abs, -2).result() == 2


def burn_but_live() -> None:
    threading.Thread(target=live_on, args=(20,), daemon=True).start()
    loop_in_c()
