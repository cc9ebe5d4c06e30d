"""posecore serve: the same over HTTP, see docs/http.md."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from posecore.cli import options

_KEY = "POSECORE_KEY"
_SECONDS = 60
Host = Annotated[str, typer.Option(help="Address to listen at; 127.0.0.1 is this machine alone.")]
Port = Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Where.")]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--cors", metavar="ORIGIN", help="Of web pages that may call, such as https://example.org; repeatable."
    ),
]
Rate = Annotated[int, typer.Option(min=0, metavar="N", help="Requests a minute from one address; 0 is any number.")]
Keep = Annotated[int, typer.Option(min=1, metavar="MINUTES", help="Results are kept after they were last asked for.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    cors: Origins = None,
    rate: Rate = 0,
    keep: Keep = 60,
    workers: options.Workers = None,
    cluster: options.ClusterAddress = "",
) -> None:
    """Answer over HTTP, see docs/http.md; POSECORE_KEY in the environment asks callers for a key."""
    import uvicorn

    from posecore.cli.clip_work import workers_for
    from posecore.serving.http_service import ServiceSettings, service
    from posecore.serving.log import set_up_log
    from posecore.serving.metrics import serve_metrics

    set_up_log()
    settings = ServiceSettings(os.environ.get(_KEY, ""), tuple(cors or ()), rate, keep * _SECONDS)
    metrics = serve_metrics()
    with workers_for(workers, cluster) as at_work:
        uvicorn.run(service(at_work, settings), host=host, port=port, log_level="warning", access_log=False)
    if metrics:
        metrics.shutdown()
