"""What is written down: one JSON object a line, and nothing of the visitor."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.support.paths import ROOT

LOGGED = """
from posecore.serving.log import log, set_up_log
from posecore.serving.metrics import step
from posecore import MediaError
set_up_log()
with step("find", width=640):
    pass
try:
    with step("decode", bytes=12):
        raise MediaError("not_a_picture")
except MediaError:
    pass
try:
    1 / 0
except ZeroDivisionError:
    log.exception("page failed", page="photos")
"""


def test_every_line_is_an_object_with_time_level_and_what_happened() -> None:
    done = subprocess.run([sys.executable, "-c", LOGGED], cwd=ROOT, capture_output=True, text=True, check=True)
    found, refused, failed = (json.loads(line) for line in done.stderr.splitlines())
    assert (found["event"], found["step"], found["outcome"], found["width"]) == ("step", "find", "done", 640)
    assert found["seconds"] >= 0
    assert found["timestamp"].endswith("Z")
    assert refused["outcome"] == "not_a_picture"
    assert failed["level"] == "error"
    assert "ZeroDivisionError" in failed["exception"]
