"""What is watched, checked, asked for memory and closed of what all visitors share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pages.shared.page import ROOT
from pages.shared.resources import image_detector, readers, streams, workers
from pages.shared.service.brought_files import SHELVES
from pages.shared.service.room import GIVE_BACK
from pages.shared.service.server import ON_CLOSE
from posecore.detection.image_detector import people_in
from posecore.detection.picture_reading import read_picture
from posecore.errors import PoseError
from posecore.memory import memory_in_use
from posecore.processes.worker_processes import Workers
from posecore.serving.health import is_ready, must_work
from posecore.serving.metrics import GAUGES
from posecore.serving.shares import shares

_SAMPLE = ROOT / "samples" / "balance.jpg"
_CHECK_S = 60.0  # that a check may take, with everybody else's work before it


def watch() -> None:
    """Begin; called once, before the server."""
    must_work("photos", _check_photos)
    must_work("clips", _check_clips)
    GIVE_BACK.extend([lambda: image_detector().close_idle(), lambda: readers().rest(), lambda: workers().rest()])
    ON_CLOSE.extend([lambda: workers().close(), lambda: readers().close(), lambda: image_detector().close()])
    pools = {"readers": readers, "clips": workers}
    add = GAUGES.add
    add("poselab_visits_open", "Visits", lambda: {"": sum(1 for _ in SHELVES)})
    add("poselab_streams_open", "Live streams", lambda: {"": streams()})
    add("poselab_queue_jobs", "Jobs that wait", lambda: {"": sum(pool().waiting for pool in pools.values())})
    add("poselab_queue_oldest_seconds", "The longest wait", lambda: {"": max(p().oldest_s for p in pools.values())})
    memory = {"app": memory_in_use} | {name: partial(_memory_of, pool) for name, pool in pools.items()}
    add("poselab_memory_bytes", "Memory in use", lambda: {part: read() for part, read in memory.items()})
    add("poselab_memory_budget_bytes", "Memory there may be", lambda: {"": shares().limit})
    add("poselab_workers_running", "Processes", lambda: {"": sum(len(p().process_ids) for p in pools.values())})
    add("poselab_workers_restarted_total", "Processes lost", lambda: {"": sum(p().restarted for p in pools.values())})
    add("poselab_ready", "Whether everything works", lambda: {"": is_ready()})


def _memory_of(pool: Callable[[], Workers]) -> int:
    return pool().memory


def _check_photos() -> None:
    """A person is found in a photo that each reader has read."""
    for read in [readers().lane().submit(read_picture, _SAMPLE) for _ in range(readers().count)]:
        picture = read.result(_CHECK_S)
    if not image_detector().detect(picture.frame).people:
        raise PoseError("nobody_to_measure")


def _check_clips() -> None:
    """A person is found by each process that works on clips."""
    for found in [workers().lane().submit(people_in, _SAMPLE) for _ in range(workers().count)]:
        if not found.result(_CHECK_S):
            raise PoseError("nobody_to_measure")
