"""MediaPipe's pose landmarker around LiteRT instead of its graph: the same models and the same steps.

The graph hands every picture from thread to thread and copies it, and has one thread a model: a quarter of the time of
a frame. It has no wheel for Linux on Arm either.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from posecore.detection.litert.closer_look import FACE_SCORE, FAINT_SCORE, CloserLook
from posecore.detection.litert.crowd import CLIP, LIVE, Crowd
from posecore.detection.litert.face_detector import FaceDetector
from posecore.detection.litert.figures import Figure, foremost, is_doubtful
from posecore.detection.litert.landmark_model import LandmarkModel, Looked
from posecore.detection.litert.person_detector import CLEAR_SCORE, PersonDetector
from posecore.detection.litert.regions import Region, apart
from posecore.detection.litert.smoothing import LowPass, OneEuro
from posecore.detection.models import model_path
from posecore.media.picture import Picture
from posecore.pose import FloatArray, Landmarks
from posecore.skeleton import LANDMARKS

_BODY = len(LANDMARKS)
_FIRST, _FINER = "full", "heavy"  # looking closer with the heavy model, candidates are first looked at with this one
_VISIBILITY = 3  # its place among a point's numbers


class LiteRTLandmarker:
    """One open landmarker; for one thread at a time. `close` frees it."""

    def __init__(
        self, model: str | Path, people: int, min_confidence: float, *, follows: bool, threads: int = 1
    ) -> None:
        """Open it, for single pictures or, if it `follows`, for the frames of one stream.

        Args:
            model: its name, or the path of a bundle.
            threads: that one look uses.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        bundle = model if isinstance(model, Path) else model_path(model)
        self._detector = PersonDetector(bundle, min_confidence, threads)
        self._model = LandmarkModel(bundle, min_confidence, threads)
        self._people, self._min_confidence, self._follows = people, min_confidence, follows
        self._followed: list[Region] = []
        self._width = 0  # of the picture in which they were followed
        self._smoother = _Smoother() if follows and people == 1 else None

    def find(self, picture: Picture, time_ms: int = 0) -> Landmarks:
        """The people in a picture; with its time, later than the last, where it follows a stream."""
        self._resize(picture.size[0])
        seen = [look for region in self._regions(picture) if (look := self._model.look(picture, region))]
        if self._follows:
            self._followed = [look.region.rounded() for look in seen]
        if self._smoother:
            seen = self._smoother.smooth(seen, time_ms / 1000)
        return _landmarks(seen)

    def close(self) -> None:
        """Free it."""
        del self._detector, self._model

    def forget(self) -> None:
        """Follow nobody any more: what comes next shows another scene."""
        self._followed = []
        if self._smoother:
            self._smoother.begin_anew()

    def _resize(self, width: int) -> None:
        """Browsers that are short of time send smaller pictures of the same scene."""
        if self._followed and width != self._width:
            self._followed = [region.scaled(width / self._width) for region in self._followed]
            if self._smoother:
                self._smoother.begin_anew()
        self._width = width

    def _regions(self, picture: Picture) -> list[Region]:
        """Where to look: where people were in the last frame; in all of the picture too as long as some are missing."""
        anew = self._detector.find(picture) if len(self._followed) < self._people else []
        if self._follows:
            # Of two regions of one person the newer one stays, and of new ones the less sure. MediaPipe measures what
            # is one person by the confidence that it asks for.
            anew = apart([*self._followed, *anew], self._min_confidence)
        return anew[: self._people]


class CloserLandmarker:
    """One open landmarker that looks closer at single pictures; for one thread at a time. `close` frees it."""

    def __init__(self, model: str | Path, people: int, min_confidence: float, threads: int = 1) -> None:
        """Open it, as `LiteRTLandmarker`.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        self._look, _ = _closer_look(model, min_confidence, threads)
        self._people = people

    def find(self, picture: Picture, time_ms: int = 0) -> Landmarks:  # noqa: ARG002  (a single picture has no time)
        """The people in a picture, each looked at several times; the looks at whoever is doubtful do not agree."""
        seen = foremost(self._look.find(picture))[: self._people]
        spread = [np.full_like(one.spread, np.inf) if is_doubtful(one) else one.spread for one in seen]
        return _landmarks(seen)._replace(spread=_stacked(spread, _BODY))

    def forget(self) -> None:
        """Nothing: it follows nobody."""

    def close(self) -> None:
        """Free it."""
        del self._look


class CrowdLandmarker:
    """One open landmarker that looks closer at a stream, see `Crowd`; for one thread at a time. `close` frees it."""

    def __init__(
        self,
        model: str | Path,
        people: int,
        min_confidence: float,
        threads: int = 1,
        *,
        thrifty: bool = True,
        live: bool = False,
    ) -> None:
        """Open it, as `LiteRTLandmarker`.

        Args:
            thrifty: whether to look at all of the picture only where it shows one large person.
            live: whether frames may not take long, so that newcomers are found later.

        Raises:
            ModelError: the model is unknown, missing or broken.
        """
        look, landmarks = _closer_look(model, min_confidence, threads)
        self._crowd = Crowd(look, landmarks, people, min_confidence, thrifty=thrifty, pace=LIVE if live else CLIP)

    def find(self, picture: Picture, time_ms: int = 0) -> Landmarks:
        """The people in the next picture of the stream, with its time."""
        return _landmarks(self._crowd.find(picture, time_ms / 1000))

    def forget(self) -> None:
        """Follow nobody any more: what comes next shows another scene."""
        self._crowd.forget()

    def close(self) -> None:
        """Free it."""
        del self._crowd


def _closer_look(model: str | Path, min_confidence: float, threads: int) -> tuple[CloserLook, LandmarkModel]:
    bundle = model if isinstance(model, Path) else model_path(model)
    landmarks = LandmarkModel(bundle, 0, threads)
    if bundle.stem != _FINER:
        return CloserLook(PersonDetector(bundle, CLEAR_SCORE, threads), landmarks, min_confidence), landmarks
    detector, first = PersonDetector(bundle, FAINT_SCORE, threads), LandmarkModel(model_path(_FIRST), 0, threads)
    faces = FaceDetector(FACE_SCORE, threads)
    return CloserLook(detector, first, min_confidence, finer=landmarks, faces=faces), landmarks


def _landmarks(seen: Sequence[Looked | Figure]) -> Landmarks:
    points, world = [one.points for one in seen], [one.world for one in seen]
    return Landmarks(_stacked(points, _BODY, 5), _stacked(world, _BODY, 3))


def _stacked(arrays: list[FloatArray], *shape: int) -> FloatArray:
    """(P, *shape), also of nobody's."""
    return np.array(arrays, np.float32).reshape(-1, *shape)


class _Smoother:
    """One person's landmarks over time; whoever is seen after nobody begins anew."""

    def __init__(self) -> None:
        self._points, self._world = OneEuro(0.05, 80), OneEuro(0.1, 40)
        self._visibility = LowPass(0.1)

    def begin_anew(self) -> None:
        """Forget where landmarks were in the picture; visibility and places in space stay, as in MediaPipe."""
        self._points.reset()

    def smooth(self, seen: list[Looked], time_s: float) -> list[Looked]:
        """Nobody or one person, who is seen at a later moment than before."""
        if not seen:
            self.begin_anew()
        return [self._smoothed(look, time_s) for look in seen]

    def _smoothed(self, look: Looked, time_s: float) -> Looked:
        points = look.points.copy()
        points[:, :3] = self._points.smooth(look.points[:, :3], time_s, 1 / max(look.region.side, 1.0))
        points[:, _VISIBILITY] = self._visibility.smooth(look.points[:, _VISIBILITY])
        return look._replace(points=points, world=self._world.smooth(look.world, time_s))
