"""A network like that of a strict company: a browser in it reaches one address, and that by TCP 443 alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

ADDRESS = "10.98.0.1"  # of everything, seen from inside
# Inside it, port 443 leads to a Unix socket outside: files are seen in both.
_WAY_OUT = """
import asyncio, sys

async def carry(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()

async def let_out(reader, writer):
    there, back = await asyncio.open_unix_connection(sys.argv[1])
    await asyncio.gather(carry(reader, back), carry(there, writer))

async def main():
    async with await asyncio.start_server(let_out, "0.0.0.0", 443) as server:
        print("open", flush=True)
        await server.serve_forever()

asyncio.run(main())
"""


class ClosedNetwork:
    """Used as a context; `program` makes a script that runs a program inside."""

    def __init__(self, way_out: Path) -> None:
        if os.geteuid() != 0 or not shutil.which("ip"):
            pytest.skip("only root makes networks, with ip")
        self._name = f"poselab-{os.getpid()}"
        self._way_out = way_out

    def __enter__(self) -> Self:
        if not _ip("netns", "add", self._name):
            pytest.skip("this machine lets us make no network")
        for words in (
            "link set lo up",
            "link add v0 type veth peer name v1",  # WebRTC looks for a card that is not the loopback
            f"addr add {ADDRESS}/24 dev v0",
            # An address that is ready after a second would be a change of network, which ends a browser's requests.
            "link set v0 addrgenmode none up",
            "link set v1 addrgenmode none up",
        ):
            assert _ip("-n", self._name, *words.split()), words
        command = ["ip", "netns", "exec", self._name, sys.executable, "-c", _WAY_OUT, str(self._way_out)]
        self._forwarder = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._forwarder.stdout
        assert self._forwarder.stdout.readline() == b"open\n"
        return self

    def __exit__(self, *_: object) -> None:
        self._forwarder.terminate()
        self._forwarder.communicate()
        _ip("netns", "del", self._name)

    def program(self, path: str, folder: Path) -> Path:
        script = folder / "inside"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self._name} "{path}" "$@"\n')
        script.chmod(0o755)
        return script


def _ip(*arguments: str) -> bool:
    return subprocess.run(["ip", *arguments], check=False).returncode == 0


@contextmanager
def private_address() -> Iterator[str]:
    """An address of this machine to which the relay may lead; those that it has by itself may be public.

    To a browser that runs beside, it is a change of network, which ends its requests.
    """
    address = "10.98.9.1"
    assert _ip("addr", "add", f"{address}/32", "dev", "lo")
    try:
        yield address
    finally:
        _ip("addr", "del", f"{address}/32", "dev", "lo")
