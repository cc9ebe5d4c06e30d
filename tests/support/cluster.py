"""A Dask cluster and a store of clips on this machine: a real scheduler, real workers, S3 as moto serves it."""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from tests.support.app_server import answers, free_port
from tests.support.paths import ROOT

PATIENCE_S = 60
_KEYS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def started(command: list[str], log: Path, **environment: str) -> Iterator[psutil.Popen]:
    """A program of the environment in which tests run, ended afterwards."""
    program, *arguments = command
    paths = {"PYTHONPATH": str(ROOT), **environment}
    with log.open("ab") as out:
        process = psutil.Popen(
            [str(Path(sys.executable).with_name(program)), *arguments],
            stdout=out,
            stderr=out,
            env={**os.environ, **paths},
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


class DaskCluster:
    """A scheduler; `add_worker` starts workers of one thread each."""

    def __init__(self, folder: Path, stack: ExitStack, **environment: str) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.workers: list[psutil.Popen] = []
        self._folder, self._stack, self._environment = folder, stack, environment
        port = self.address.rsplit(":", 1)[1]
        options = ["--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        self.log = folder / "scheduler.log"
        self._start(["dask", "scheduler", *options], self.log, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")

    def add_worker(self, *options: str) -> psutil.Popen:
        """Returns its process, which starts another for what it does."""
        number = len(self.workers)
        folder = self._folder / f"worker{number}"
        ways = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
        process = self._start(["dask", "worker", self.address, *ways, *options], self._folder / f"worker{number}.log")
        self.workers.append(process)
        return process

    def wait_for_workers(self) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False, timeout=PATIENCE_S) as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE_S)

    def _start(self, command: list[str], log: Path, **environment: str) -> psutil.Popen:
        return self._stack.enter_context(started(command, log, **self._environment, **environment))


@contextmanager
def dask_cluster(folder: Path, workers: int, *options: str, **environment: str) -> Iterator[DaskCluster]:
    with ExitStack() as stack:
        cluster = DaskCluster(folder, stack, **environment)
        for _ in range(workers):
            cluster.add_worker(*options)
        cluster.wait_for_workers()
        yield cluster


@contextmanager
def s3_store(log: Path) -> Iterator[dict[str, str]]:
    """The environment in which programs find it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with started(["moto_server", "-H", "127.0.0.1", "-p", str(port)], log):
        assert answers(f"{address}/moto-api/")
        yield {**_KEYS, "AWS_ENDPOINT_URL": address, "FSSPEC_S3_ENDPOINT_URL": address}


def fill(store: dict[str, str], bucket: str, files: dict[str, Path]) -> None:
    """Put files under their keys into a new bucket."""
    for key, content in {"": b"", **{name: path.read_bytes() for name, path in files.items()}}.items():
        address = "/".join(filter(None, (store["AWS_ENDPOINT_URL"], bucket, key)))
        kind = {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(address, content, kind, method="PUT")
        with urllib.request.urlopen(request, timeout=PATIENCE_S):
            pass


def busy_worker(cluster: DaskCluster, seconds: float = 0.5) -> psutil.Process:
    """The process that works hardest just now, of those in which workers do their work."""
    found = [child for worker in cluster.workers for child in worker.children(recursive=True)]
    for one in found:
        one.cpu_percent()
    time.sleep(seconds)
    return max(found, key=lambda one: one.cpu_percent())
