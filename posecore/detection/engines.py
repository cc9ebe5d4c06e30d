"""Two engines that find the same landmarks, and which of them serves what.

MediaPipe's own graph, and our own steps around LiteRT. Each is used where it is quicker; where only one is installed,
it serves everything.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import distributions
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Protocol

from posecore.errors import ModelError

if TYPE_CHECKING:
    from posecore.media.picture import Picture
    from posecore.pose import Landmarks

Engine = Literal["mediapipe", "litert"]
Use = Literal["picture", "clip", "live"]
Closer = Literal["off", "auto", "on"]

FORCED = "POSELAB_ENGINE"  # the variable of the environment that names the only engine to use
_PACKAGES: dict[Engine, str] = {"mediapipe": "mediapipe", "litert": "ai_edge_litert"}
# The quicker one, see docs/performance.md. Where live streams share a process, LiteRT's many short steps wait for
# Python's lock; MediaPipe's graph does not know it.
_SERVES: dict[Use, Engine] = {"picture": "litert", "clip": "litert", "live": "mediapipe"}


def engine_versions() -> dict[str, str]:
    """The engines that are installed, as people call them, and their versions."""
    names = {"LiteRT": "ai-edge-litert", "MediaPipe": "mediapipe"}
    installed = {one.name: one.version for one in distributions() if one.name in names.values()}
    return {name: installed[package] for name, package in names.items() if package in installed}


class Landmarker(Protocol):
    """One open model of an engine; for one thread at a time."""

    def find(self, picture: Picture, time_ms: int = 0) -> Landmarks:
        """The people in a picture; with its time, later than the last, where it follows a stream."""

    def forget(self) -> None:
        """Follow nobody any more: what comes next shows another scene."""

    def close(self) -> None:
        """Free it."""


def engine_for(use: Use, *, closer: bool = False) -> Engine:
    """Which engine serves single pictures, the frames of clips, or live streams.

    Args:
        closer: whether parts of the pictures are to be looked at, which only LiteRT can.

    Raises:
        ModelError: the one that is asked for is unknown or not installed, or none is installed.
    """
    forced = os.environ.get(FORCED)
    if forced and forced not in _PACKAGES:
        raise ModelError("unknown_engine", name=forced, engines=", ".join(_PACKAGES))
    wanted = [name for name in _PACKAGES if name == forced] or ["litert" if closer else _SERVES[use], *_PACKAGES]
    for engine in wanted:
        if _is_installed(_PACKAGES[engine]):
            return engine
    raise ModelError("engine_missing", packages=", ".join(dict.fromkeys(_PACKAGES[name] for name in wanted)))


def open_landmarker(
    use: Use, model: str, people: int, min_confidence: float, threads: int = 1, *, closer: Closer = "off"
) -> Landmarker:
    """Open a model with the engine that serves its use.

    Args:
        model: its name.
        people: how many to look for at most.
        min_confidence: 0 to 1, from which a person counts as found.
        threads: that one look uses in LiteRT; MediaPipe has one of its own.
        closer: whether it looks at parts of the picture too, where LiteRT is. With "auto" not where a stream shows one
            large person.

    Raises:
        ModelError: the model is unknown, missing or broken, or there is no engine for it.
    """
    follows = use != "picture"
    if engine_for(use, closer=closer != "off") == "mediapipe":
        from posecore.detection.mediapipe_engine import (
            MediaPipeLandmarker,  # takes longer to import than all of posecore
        )

        return MediaPipeLandmarker(model, people, min_confidence, follows=follows)
    from posecore.detection.litert_engine import CloserLandmarker, CrowdLandmarker, LiteRTLandmarker

    if closer != "off" and use == "picture":
        return CloserLandmarker(model, people, min_confidence, threads)
    if closer != "off":
        return CrowdLandmarker(model, people, min_confidence, threads, thrifty=closer == "auto", live=use == "live")
    return LiteRTLandmarker(model, people, min_confidence, follows=follows, threads=threads)


@cache
def _is_installed(package: str) -> bool:
    return find_spec(package) is not None
