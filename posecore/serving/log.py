"""What is written down about the app's work: one JSON object a line, or words in a terminal.

Durations, counts, sizes, kinds of errors, and ids made by chance for visits; never a name, an address or content of a
visitor. POSELAB_LOG_LEVEL says from which level on.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog

LEVEL, FORMAT = "POSELAB_LOG_LEVEL", "POSELAB_LOG"

log: structlog.stdlib.BoundLogger = structlog.get_logger("poselab")

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up_log() -> None:
    """Let everything that this process logs come out in one form, on standard error."""
    told = os.environ.get(FORMAT, "")
    words = told == "text" or (told != "json" and sys.stderr.isatty())
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if words
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    for name in ("poselab", "posecore"):
        ours = logging.getLogger(name)
        ours.handlers, ours.propagate = [handler], False
        ours.setLevel(_level())
    for other in logging.Logger.manager.loggerDict.values():  # Streamlit gives each of its own a handler
        if isinstance(other, logging.Logger):
            for known in other.handlers:
                known.setFormatter(formatter)


def _level() -> int:
    return logging.getLevelNamesMapping().get(os.environ.get(LEVEL, "INFO").upper(), logging.INFO)
