from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from posecore import ModelError, Pose, StreamTracker, decode_image, probe, read_frames
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.engines import FORCED, Engine, Use, engine_for
from posecore.detection.image_detector import ImageDetector
from tests.support.agreement import assert_agree
from tests.support.paths import ROOT

ENGINES: list[Engine] = [
    engine for engine, package in (("mediapipe", "mediapipe"), ("litert", "ai_edge_litert")) if find_spec(package)
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("use", ["picture", "clip", "live"])
def test_an_engine_can_be_forced(engine: Engine, use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FORCED, engine)
    assert engine_for(use) == engine


def test_an_unknown_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FORCED, "tensorflow")
    with pytest.raises(ModelError, match="tensorflow"), StreamTracker():
        pass


def without(package: str, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python where a package is not installed."""
    hidden = f"import sys; sys.modules[{package!r}] = None; "
    return subprocess.run(
        [sys.executable, "-c", hidden + code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


LOOK = """
from posecore import ImageDetector, StreamTracker, decode_image
frame = decode_image("samples/balance.jpg")
with ImageDetector() as detector, StreamTracker() as tracker:
    print(detector.detect(frame).people, tracker.track(frame, 0).people)
"""


@pytest.mark.parametrize(("missing", "left"), [("ai_edge_litert", "mediapipe"), ("mediapipe", "litert")])
def test_what_is_installed_serves_everything(missing: str, left: str) -> None:
    if left not in ENGINES:
        pytest.skip(f"{left} is not installed here")
    done = without(missing, LOOK)
    assert done.stdout.split() == ["1", "1"], done.stderr


@pytest.mark.parametrize(("forced", "package"), [("litert", "ai_edge_litert"), ("mediapipe", "mediapipe")])
def test_an_engine_that_is_asked_for_and_missing_is_named(forced: str, package: str) -> None:
    done = without(package, LOOK, **{FORCED: forced})
    assert "ModelError" in done.stderr
    assert package in done.stderr


@pytest.mark.skipif(len(ENGINES) < 2, reason="there is only one engine for this system")
@pytest.mark.parametrize(("people", "confidence"), [(1, 0.5), (1, 0.9), (2, 0.5)])
def test_engines_find_people_in_the_same_frames(
    people: int, confidence: float, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes and goes, with an empty scene before."""
    clip = probe(media / "videos" / "one-by-one-person-detection.mp4")
    settings, found = DetectorSettings("full", people, confidence), list[list[Pose]]()
    for engine in ENGINES:
        monkeypatch.setenv(FORCED, engine)
        with StreamTracker(settings) as tracker:
            found.append([tracker.track(frame, float(clip.times[n])) for n, frame in read_frames(clip, 0, 120)])
    counts = np.array([[pose.people for pose in poses] for poses in found])
    assert (counts[0] == counts[1]).mean() >= 0.99
    assert 0 < np.count_nonzero(counts[0]) < 120


@pytest.mark.skipif(len(ENGINES) < 2, reason="there is only one engine for this system")
@pytest.mark.parametrize("model", ["lite", "best"])
def test_engines_agree_about_photos(model: str, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = [decode_image(path) for path in sorted((media / "images").iterdir())]
    found = list[list[Pose]]()
    for engine in ENGINES:
        monkeypatch.setenv(FORCED, engine)
        with ImageDetector(DetectorSettings(model)) as detector:
            found.append([detector.detect(photo) for photo in photos])
    assert_agree(*found)
