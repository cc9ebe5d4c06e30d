"""posecore serve: the same over HTTP, see docs/http.md."""

from __future__ import annotations

import argparse
import os

from posecore.cli import option_types
from posecore.cli.results import DONE
from posecore.processes.worker_processes import Workers

_KEY = "POSECORE_KEY"


def add_options(parser: argparse.ArgumentParser) -> None:
    """All of them."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen at; default: %(default)s, this machine alone")
    add("--port", type=option_types.count, default=8000, help="default: %(default)s")
    add("--workers", type=option_types.count, metavar="N", help="processes for clips; default: one for every two cores")


def run(options: argparse.Namespace) -> int:
    """Serve until it is stopped."""
    import uvicorn

    from posecore.serving.http_service import service

    with Workers(options.workers) as workers:
        application = service(workers, os.environ.get(_KEY))
        uvicorn.run(application, host=options.host, port=options.port, log_level="warning", access_log=False)
    return DONE
