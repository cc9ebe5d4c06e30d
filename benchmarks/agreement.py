"""How far MediaPipe's graph and LiteRT agree: python -m benchmarks.agreement [MODEL ...]

On the pictures and clips with known answers that tests use too (POSECORE_MEDIA, or ../shared/media) and on samples/,
with 1 and 5 people asked for. Per kind of file, and below it every file beyond the limits of
tests/support/agreement.py: in how many pictures or frames both find as many people, and how far the landmarks of those
whom both find lie apart, in per cent of their torso. "LiteRT again": the same clips by LiteRT alone, once as it is and
once with landmarks a thousandth of a pixel off, which is what two processors differ by.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from posecore import MODELS, DetectorSettings, ImageDetector, Pose, StreamTracker, decode_image, probe
from posecore.detection.engines import FORCED
from posecore.detection.frame_preparation import prepare
from posecore.detection.litert import landmark_model
from posecore.detection.models import DEFAULT_MODEL
from posecore.detection.second_look import torso_distances
from posecore.media.clip_files import decode_frames
from posecore.media.upright_frames import DecodedPicture, reduction
from tests.support.agreement import MEDIAN, NEARLY_ALL

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
PICTURES = ("images", "no_person", "exif", "people", "people/nobody")
PEOPLE = (1, 5)
OFF = 0.001  # pixels of the landmark model's picture

Poses = Sequence[Pose]


class Compared(NamedTuple):
    """Poses of the same pictures, found in two ways."""

    name: str
    one: Poses
    other: Poses

    @property
    def alike(self) -> float:
        """In which part of the pictures both found as many people."""
        return float(np.mean([a.people == b.people for a, b in zip(self.one, self.other, strict=True)]))

    @property
    def apart(self) -> tuple[float, float, float]:
        """Torso lengths between landmarks: median, 99th percentile, most."""
        distances = np.concatenate([torso_distances(a, b) for a, b in zip(self.one, self.other, strict=True)])
        return tuple(np.quantile(distances, (0.5, 0.99, 1)).tolist()) if distances.size else (0.0, 0.0, 0.0)

    def line(self) -> str:
        median, nearly_all, most = (f"{100 * value:9.3f}" for value in self.apart)
        return f"{self.name:58}{len(self.one):6}{100 * self.alike:9.2f}{median}{nearly_all}{most}"

    def is_beyond(self) -> bool:
        median, nearly_all, _ = self.apart
        return self.alike < 1 or median > MEDIAN or nearly_all > NEARLY_ALL


def together(name: str, parts: Sequence[Compared]) -> Compared:
    return Compared(
        name, [pose for part in parts for pose in part.one], [pose for part in parts for pose in part.other]
    )


def pictures(settings: DetectorSettings) -> Iterator[Compared]:
    files = [path for folder in PICTURES for path in sorted((MEDIA / folder).glob("*.*"))]
    files += sorted((ROOT / "samples").iterdir())
    with ImageDetector() as theirs, ImageDetector() as ours:
        for path in files:
            if path.suffix in {".jpg", ".jpeg", ".png"}:
                frame, answers = decode_image(path), []
                for engine, detector in (("mediapipe", theirs), ("litert", ours)):
                    with patch.dict(os.environ, {FORCED: engine}):
                        answers.append([detector.detect(frame, settings)])
                yield Compared(path.name, *answers)


def clips(settings: DetectorSettings) -> Iterator[tuple[Compared, Compared]]:
    """By MediaPipe and LiteRT, and by LiteRT twice."""
    for path in [*sorted((MEDIA / "videos").glob("*.mp4")), *sorted((ROOT / "samples").glob("*.mp4"))]:
        litert = followed("litert", settings, path)
        with patch.object(landmark_model, "_refined", _off(landmark_model._refined)):
            again = followed("litert", settings, path)
        yield Compared(path.name, followed("mediapipe", settings, path), litert), Compared(path.name, litert, again)


def followed(engine: str, settings: DetectorSettings, path: Path) -> Poses:
    clip = probe(path)
    with patch.dict(os.environ, {FORCED: engine}), StreamTracker(settings) as tracker:
        return [
            tracker.track(prepare(DecodedPicture(frame, 1, reduction(clip.size)), clip.size), float(clip.times[number]))
            for number, frame in decode_frames(clip)
        ]


def _off(exact):  # type: ignore[no-untyped-def]
    random = np.random.default_rng(0)

    def refined(points: np.ndarray, heat: np.ndarray) -> np.ndarray:
        found: np.ndarray = exact(points, heat)
        found[:, :3] += random.normal(0, OFF / 256, (len(found), 3))
        return found

    return refined


def show(title: str, parts: Sequence[Compared]) -> None:
    print(together(title, parts).line())
    for part in parts:
        if part.is_beyond():
            print(part._replace(name=f"    {part.name}").line())
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare MediaPipe's graph with LiteRT.")
    parser.add_argument("models", nargs="*", metavar="MODEL", default=[DEFAULT_MODEL], help=", ".join(MODELS))
    for model in parser.parse_args().models:
        print(f"{model:58}{'looks':>6}{'alike %':>9}{'median %':>9}{'99th %':>9}{'most %':>9}")
        for people in PEOPLE:
            settings = DetectorSettings(model, people)
            show(f"pictures, up to {people}", list(pictures(settings)))
            engines, again = zip(*clips(settings), strict=True)
            show(f"clips, up to {people}", engines)
            show(f"clips, up to {people}, LiteRT again", again)


if __name__ == "__main__":
    main()
