"""What all visitors share."""

from __future__ import annotations

import threading
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import streamlit as st

from pages.shared.deployment import setting
from pages.shared.page import ROOT
from pages.shared.visit import visit
from posecore.clips.cluster import Cluster
from posecore.detection.image_detector import ImageDetector
from posecore.media.picture_files import decode_image
from posecore.memory import ARENA_MAX, tune_malloc
from posecore.processes.process import WorkerLimits
from posecore.processes.worker_processes import Lane, Workers
from posecore.serving.shares import shares

_IDLE_S = 120.0  # without work, after which a process ends
_PATIENCE_S = 20.0  # without a sign of life from whoever reads a file
_MOST_READERS_WAIT = 200  # visitors and the like
_CLIPS_GIVE_WAY = 5  # niceness
_opened_gates: list[Gate] = []

if TYPE_CHECKING:  # these bring what only some pages need
    from posecore.feasibility.machine_measurement import Machine
    from posecore.live.admission import Gate


@st.cache_resource(show_spinner=False, on_release=ImageDetector.close)
def image_detector() -> ImageDetector:
    """The one detector for pictures; it serves many threads at once."""
    _share_heaps()
    return ImageDetector(workers=shares().photo_threads)


@st.cache_resource(show_spinner=False, on_release=Workers.close)
def workers() -> Workers:
    """The processes that work on everybody's clips, in turn."""
    limits = WorkerLimits(shares().clip_worker_bytes, niceness=_CLIPS_GIVE_WAY)
    return Workers(shares().clip_workers, limits, idle_s=_IDLE_S)


@st.cache_resource(show_spinner=False, on_release=Cluster.close)
def cluster(address: str) -> Cluster:
    """The machines of a Dask scheduler; they have to see the folder of temporary files (TMPDIR) too."""
    return Cluster(address)


def clip_lane() -> Executor:
    """Where this visit's clips are worked on: in this machine's processes, or on the cluster that is named.

    Raises:
        PoseError: the cluster cannot be reached.
    """
    address = setting("POSELAB_CLUSTER")
    return (cluster(address) if address else workers()).lane(visit().secret)


@st.cache_resource(show_spinner=False, on_release=Workers.close)
def readers() -> Workers:
    """The processes in which strangers' files are opened: short work that no clip holds up."""
    limits = WorkerLimits(shares().reader_bytes, patience_s=_PATIENCE_S, processor_s=2 * _PATIENCE_S)
    return Workers(shares().readers, limits, idle_s=_IDLE_S, most_lanes=_MOST_READERS_WAIT)


def reading() -> tuple[Path, Lane]:
    """This visit's folder, and its lane to the processes that read files."""
    return visit().folder, readers().lane(visit().secret)


class Measurements:
    """The newest measurement of this machine, for all visitors; whoever measures holds `lock`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.newest: Machine | None = None


@st.cache_resource(show_spinner=False)
def measurements() -> Measurements:
    """What this machine was measured to do since the app started."""
    return Measurements()


def streams() -> int:
    """How many live streams there are."""
    return sum(one.streams for one in _opened_gates)


@st.cache_resource(show_spinner=False)
def gate() -> Gate:
    """Who may stream; as many as POSELAB_STREAMS says, or as this machine was measured to serve."""
    from posecore.live.admission import Gate, measured_capacity

    _share_heaps()
    fixed = setting("POSELAB_STREAMS")
    if fixed.isdigit() and int(fixed):
        return _opened(Gate(int(fixed)))
    person = decode_image((ROOT / "samples" / "balance.jpg").read_bytes())
    small = cv2.resize(person, (640, 480), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return _opened(Gate(min(shares().streams, measured_capacity(small))))


def _opened(one: Gate) -> Gate:
    _opened_gates.append(one)
    return one


def _share_heaps() -> None:
    """Let all threads use two heaps.

    glibc gives each its own, and what one has freed stays there: 60 MB more after three visits with 90 photos each.
    """
    tune_malloc({ARENA_MAX: 2})
