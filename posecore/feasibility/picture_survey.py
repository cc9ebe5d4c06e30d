"""Many pictures, each looked at by several models: who was found, how well seen, and whether the models agree."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.image_detector import ImageDetector
from posecore.detection.models import MODELS
from posecore.detection.second_look import torso_distances
from posecore.errors import PoseError
from posecore.media.clip_files import Clip
from posecore.media.picture_files import Frame, encode_image, shrink
from posecore.memory import give_back_memory
from posecore.pose import FloatArray, Pose

CLIP_PICTURES = 24  # of each clip
PREVIEW_SIDE = 640  # pixels


@dataclass(frozen=True)
class Picture:
    """A picture that is read when its turn has come.

    Attributes:
        name: what its owner calls it.
        opened: a context with (H, W, 3) uint8 RGB; may raise `PoseError`.
    """

    name: str
    opened: Callable[[], AbstractContextManager[Frame]]


@dataclass(frozen=True, eq=False)
class Look:
    """What became of a picture.

    Attributes:
        poses: by model; empty where it could not be read.
        seconds: by model, for finding.
        preview: small JPEG to draw on; empty where it could not be read.
        error: why it could not be read.
    """

    name: str
    poses: dict[str, Pose]
    seconds: dict[str, float]
    preview: bytes = b""
    error: PoseError | None = None

    def visibility(self, model: str) -> FloatArray:
        """(33,) of the largest person; empty where nobody was found."""
        pose = self.poses.get(model)
        return pose.visibility[0] if pose is not None and pose.people else np.empty(0, np.float32)


@dataclass(frozen=True, eq=False)
class Survey:
    """Pictures in their order, and what models found in them.

    Attributes:
        per_second: by model, pictures in all cores together, reading them included.
        left_out: whether there were more pictures than are looked at.
    """

    looks: tuple[Look, ...]
    models: tuple[str, ...]
    per_second: dict[str, float]
    left_out: bool = False

    @property
    def read(self) -> list[Look]:
        """Those pictures that could be read."""
        return [look for look in self.looks if look.error is None]


def clip_pictures(name: str, clip: Clip, most: int = CLIP_PICTURES) -> dict[int, str]:
    """Frames of a clip, evenly spread, that stand for it: their numbers and what to call them."""
    total = len(clip.pts)
    numbers = np.unique(((np.arange(min(most, total)) + 0.5) * total / min(most, total)).astype(int)).tolist()
    return {number: f"{name} · {clip.times[number]:.1f} s" for number in numbers}


def survey(
    pictures: Sequence[Picture],
    detector: ImageDetector,
    models: Sequence[str] = MODELS,
    people: int = DetectorSettings.people,
    on_progress: Callable[[float, float], object] | None = None,
) -> Survey:
    """Look at every picture with every model, on all cores.

    Args:
        people: how many to look for at most in a picture.
        on_progress: told which part is done, 0 to 1, and how many seconds are left.
    """
    pool = ThreadPoolExecutor(detector.callers, thread_name_prefix="survey")
    passes, rates = [], {}
    began, total = time.monotonic(), len(pictures) * len(models)
    try:
        for number, model in enumerate(models):  # one after the other, so that no more models are open than cores
            settings = DetectorSettings(model, people)
            detector.open_all(settings)
            started = time.monotonic()
            jobs = [pool.submit(_look, picture, detector, settings) for picture in pictures]
            for done, _ in enumerate(as_completed(jobs), number * len(pictures) + 1):
                if on_progress:
                    on_progress(done / total, (time.monotonic() - began) / done * (total - done))
            rates[model] = len(jobs) / max(time.monotonic() - started, 1e-9)
            passes.append([job.result() for job in jobs])
    finally:  # whoever asked may have left
        pool.shutdown(wait=False, cancel_futures=True)
        detector.close_idle()
        give_back_memory()
    looks = tuple(_together(one_picture) for one_picture in zip(*passes, strict=True))
    return Survey(looks, tuple(models), rates)


def _look(picture: Picture, detector: ImageDetector, settings: DetectorSettings) -> Look:
    try:
        with picture.opened() as frame:
            pose, seconds = detector.timed(frame, settings)
            preview = encode_image(shrink(frame, PREVIEW_SIDE), "jpg", 85)
        return Look(picture.name, {settings.model: pose}, {settings.model: seconds}, preview)
    except PoseError as error:
        return Look(picture.name, {}, {}, error=error)


def _together(looks: Sequence[Look]) -> Look:
    """One picture's looks with several models as one."""
    poses = {model: pose for look in looks for model, pose in look.poses.items()}
    seconds = {model: value for look in looks for model, value in look.seconds.items()}
    return replace(looks[0], poses=poses, seconds=seconds)


def survey_table(found: Survey, language: str) -> pd.DataFrame:
    """A row per picture and model: people, share of landmarks seen and mean visibility of the largest person (NaN
    where nobody was found), milliseconds, error."""
    rows = []
    for look in found.looks:
        error = look.error.message(language) if look.error else ""
        for model in found.models:
            pose = look.poses.get(model)
            somebody = pose is not None and pose.people > 0
            rows.append(
                {
                    "file": look.name,
                    "model": model,
                    "people": pose.people if pose is not None else None,
                    "landmarks_seen": float(pose.seen[0].mean()) if pose is not None and somebody else float("nan"),
                    "visibility": float(look.visibility(model).mean()) if somebody else float("nan"),
                    "milliseconds": 1000 * look.seconds.get(model, float("nan")),
                    "error": error,
                }
            )
    columns = ["file", "model", "people", "landmarks_seen", "visibility", "milliseconds", "error"]
    return pd.DataFrame(rows, columns=columns).astype({"people": "Int64"})


def survey_summary(found: Survey) -> pd.DataFrame:
    """A row per model: pictures with somebody and with nobody, median share of landmarks seen, milliseconds."""
    table = survey_table(found, "en")
    rows = []
    for model in found.models:
        own = table[(table["model"] == model) & table["people"].notna()]
        rows.append(
            {
                "model": model,
                "with_people": int((own["people"] > 0).sum()),
                "nobody": int((own["people"] == 0).sum()),
                "landmarks_seen": float(own["landmarks_seen"].median()),
                "milliseconds": float(own["milliseconds"].median()),
                "per_second": found.per_second[model],
            }
        )
    return pd.DataFrame(rows)


def agreement(found: Survey) -> pd.DataFrame:
    """A row per pair of models: in which share of the pictures both found as many people, and how far the landmarks
    of people found by both lie apart: median, and the largest 5 %, in parts of the torso's length (NaN: none)."""
    rows = []
    for first, second in combinations(found.models, 2):
        pairs = [(look.poses[first], look.poses[second]) for look in found.read]
        same = [one.people == other.people for one, other in pairs]
        apart = np.concatenate([np.empty(0), *(torso_distances(one, other).ravel() for one, other in pairs)])
        middle, far = np.percentile(apart, [50, 95]).tolist() if len(apart) else (float("nan"),) * 2
        share = float(np.mean(same)) if same else float("nan")
        rows.append({"first": first, "second": second, "same_number": share, "apart": middle, "far_apart": far})
    return pd.DataFrame(rows, columns=["first", "second", "same_number", "apart", "far_apart"])


def worst(found: Survey, model: str, most: int = 12) -> list[Look]:
    """The pictures to look at: nobody found though another model found somebody, nobody found by any, then those
    whose largest person is seen worst."""

    def badness(look: Look) -> tuple[int, float]:
        if not look.poses[model].people:
            return (0 if any(pose.people for pose in look.poses.values()) else 1), 0.0
        return 2, float(look.visibility(model).mean())

    return sorted(found.read, key=badness)[:most]
