"""posecore serve: the same over HTTP, see docs/http.md."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from posecore.cli import options

_KEY = "POSECORE_KEY"
Host = Annotated[str, typer.Option(help="Address to listen at; 127.0.0.1 is this machine alone.")]
Port = Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Where.")]


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: options.Workers = None) -> None:
    """Answer over HTTP, see docs/http.md."""
    import uvicorn

    from posecore.cli.clip_work import workers_for
    from posecore.serving.http_service import service

    with workers_for(workers) as at_work:
        application = service(at_work, os.environ.get(_KEY))
        uvicorn.run(application, host=host, port=port, log_level="warning", access_log=False)
