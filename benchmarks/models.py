"""The models without their segmentation branch against the originals, and their bare inference: the floor under all
other figures. python -m benchmarks --only models

The originals are fetched from the package registries, as tools/build_models.py does; bare inference is measured with
LiteRT in an environment of its own under .benchmarks/.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.environments import python_with
from benchmarks.table import Row
from posecore import MODELS, model_path, probe, read_frames
from posecore.media.picture import Picture
from posecore.media.picture_files import shrink

ROOT = Path(__file__).resolve().parent.parent
LITERT = ("ai-edge-litert==2.3.0", "numpy==2.4.6")
FRAMES, LOOKS = 100, 15
# Beside other photos or segments of a clip a look has one thread; what is alone has two.
THREADS = {1: "one thread", 2: "two threads"}
SIDE = 640  # pixels of a clip's frames: sampling larger ones takes time that no model saves
BARE = """
import statistics, sys, time
import numpy as np
from ai_edge_litert.interpreter import Interpreter
model = Interpreter(model_path=sys.argv[1], num_threads=1)
model.allocate_tensors()
place = model.get_input_details()[0]
model.set_tensor(place["index"], np.random.default_rng(0).random(place["shape"], np.float32))
for _ in range(5):
    model.invoke()
rounds = []
for _ in range(5):
    spent = []
    for _ in range(20):
        began = time.perf_counter()
        model.invoke()
        spent.append(1000 * (time.perf_counter() - began))
    rounds.append(statistics.median(spent))
print(*rounds)
"""


def rows() -> Iterator[Row]:
    builder = _builder()
    with tempfile.TemporaryDirectory() as name:
        sources, _ = builder.fetch_sources(Path(name))
        for model in MODELS:
            yield Row(f"{model}, bare inference", bare_inference(model, Path(name)), "ms", note="one thread: the floor")
    frames = (frame for path in _samples(".mp4") for _, frame in islice(read_frames(probe(path)), FRAMES))
    clip = [Picture(shrink(frame, SIDE)) for frame in frames]
    pictures = [Picture(np.asarray(Image.open(path).convert("RGB"))) for path in _samples(".jpg")] * LOOKS
    for model in MODELS:
        original = builder.build_bundle(sources, model, prune=False)
        pruned = Path(model_path(model)).read_bytes()
        for mode, frames in (("image", pictures), ("video", clip)):
            for threads, name in THREADS.items():
                found = builder.compare(original, pruned, frames, video=mode == "video", threads=threads)
                yield _row(f"{model}, {mode} mode, {name}", found, len(frames))


def _row(name: str, found: dict[str, Any], looks: int) -> Row:
    original = [found["pruned"] * found["ratio"]]
    note = f"landmarks {100 * found['median']:.2f} % of the torso apart (median), {found['found']} of {looks} found"
    return Row(name, [found["pruned"]], "ms", "as fast as the original", original, inverse=True, note=note)


def bare_inference(model: str, folder: Path) -> list[float]:
    """Milliseconds of the landmark model alone with one thread, in five rounds."""
    with zipfile.ZipFile(model_path(model)) as bundle:
        path = bundle.extract("pose_landmarks_detector.tflite", folder)
    command = [str(python_with("litert", LITERT)), "-c", BARE, path]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def _builder() -> Any:
    """tools/build_models.py, which is no package."""
    sys.path.insert(0, str(ROOT / "tools"))
    return importlib.import_module("build_models")


def _samples(kind: str) -> list[Path]:
    return sorted((ROOT / "samples").glob(f"*{kind}"))
