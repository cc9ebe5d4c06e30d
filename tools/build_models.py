"""Build the models in posecore/detection/models/ from the packages that carry them.

    python tools/build_models.py            build lite.task, full.task, heavy.task, faces.task and the manifest
    python tools/build_models.py --check    build again, compare with the committed files, then show on
                                            real pictures and a clip that pruned and original agree

MediaPipe's landmark models have five outputs. The third, a segmentation mask that nobody here asks for,
costs a third to a half of the time. The builder drops the operators that only this output needs, and fits some layers
to the fastest kernels, see `model_surgery`; the landmarks stay the same to the last bit (--check shows it).

It runs in the app's own environment and needs `pip` and `npm` to fetch the sources. The same sources
always give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_fb
from mediapipe.tasks.metadata import schema_py_generated as tflite_fb
from model_surgery import densified, with_full_tiles, without_segmentation
from PIL import Image
from registry import download_wheel

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from posecore import probe, read_frames
from posecore.detection.engines import Landmarker
from posecore.detection.litert_engine import LiteRTLandmarker
from posecore.detection.mediapipe_engine import MediaPipeLandmarker
from posecore.media.picture import Picture
from posecore.pose import FloatArray

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "posecore" / "detection" / "models"

WHEEL = "mediapipe==0.10.21"
DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
LICENCE = "mediapipe-0.10.21.dist-info/LICENSE"
SHA256 = {
    "pose_detection": "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    "lite": "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
    "full": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    "heavy": "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
    "faces": "671dd2f9ed11a78436fc21cc42357a803dfc6f73e9fb86541be942d5716c2dce",
}
VARIANTS = ("lite", "full", "heavy")
FACES = "faces"
NPM_FILES = {
    "@mediapipe/pose@0.5.1675469404": {v: f"pose_landmark_{v}.tflite" for v in VARIANTS},
    "@mediapipe/face_detection@0.4.1657300184": {FACES: "face_detection_full_range_sparse.tflite"},
}
CLIP = ".mp4"
ROUNDS = 7  # looks at each picture, for a steady median

NORMALISATION = {"pose_detector.tflite": (127.5, 127.5), "pose_landmarks_detector.tflite": (0.0, 255.0)}
TENSOR_ALIGNMENT = 16  # what the TFLite schema asks of weights
MEMBER_ALIGNMENT = 4  # what MediaPipe asks of a bundle's members


def fetch_sources(folder: Path) -> tuple[dict[str, bytes], str]:
    """Download the packages; return the models by name, checked, and the licence text."""
    wheel_file = download_wheel(WHEEL, folder)
    with zipfile.ZipFile(wheel_file) as wheel:
        models = {"pose_detection": wheel.read(DETECTOR)}
        licence = wheel.read(LICENCE).decode()
    for package, files in NPM_FILES.items():
        packed = subprocess.check_output(["npm", "pack", "--silent", package], cwd=folder, text=True)
        with tarfile.open(folder / packed.strip()) as archive:
            for name, file in files.items():
                member = archive.extractfile(f"package/{file}")
                assert member is not None
                models[name] = member.read()
    for name, data in models.items():
        if digest(data) != SHA256[name]:
            raise SystemExit(f"{name}: sha256 {digest(data)} is not the expected {SHA256[name]}")
    return models, licence


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_metadata(model: Any, mean: float, std: float) -> Any:
    """Add, in place, the input normalisation that MediaPipe reads from the model's metadata."""
    normalisation = metadata_fb.NormalizationOptionsT()
    normalisation.mean, normalisation.std = [mean], [std]
    unit = metadata_fb.ProcessUnitT()
    unit.optionsType = metadata_fb.ProcessUnitOptions.NormalizationOptions
    unit.options = normalisation
    picture = metadata_fb.TensorMetadataT()
    picture.name = "image"
    picture.processUnits = [unit]
    (subgraph,) = model.subgraphs
    content = metadata_fb.SubGraphMetadataT()
    content.inputTensorMetadata = [picture]
    content.outputTensorMetadata = [metadata_fb.TensorMetadataT() for _ in subgraph.outputs]
    whole = metadata_fb.ModelMetadataT()
    whole.subgraphMetadata = [content]
    whole.minParserVersion = "1.0.0"
    builder = flatbuffers.Builder(0)
    builder.Finish(whole.Pack(builder), file_identifier=b"M001")

    buffer = tflite_fb.BufferT()
    buffer.data = np.frombuffer(bytes(builder.Output()), np.uint8)
    entry = tflite_fb.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [*(m for m in model.metadata or [] if m.name != b"TFLITE_METADATA"), entry]
    return model


class AlignedBuffer(tflite_fb.BufferT):  # type: ignore[misc]  # generated code without types
    """A buffer whose bytes begin at a multiple of 16; the generated packer forgets this."""

    def Pack(self, builder: Any) -> int:  # noqa: N802  (the generated name)
        data = None
        if self.data is not None and len(self.data):
            builder.StartVector(1, len(self.data), TENSOR_ALIGNMENT)
            builder.head = builder.head - len(self.data)
            builder.Bytes[builder.head : builder.head + len(self.data)] = bytes(self.data)
            data = builder.EndVector()
        tflite_fb.BufferStart(builder)
        if data is not None:
            tflite_fb.BufferAddData(builder, data)
        return int(tflite_fb.BufferEnd(builder))


def to_bytes(model: Any) -> bytes:
    for buffer in model.buffers:
        buffer.__class__ = AlignedBuffer
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def bundle(members: dict[str, bytes]) -> bytes:
    """A zip with stored, aligned members and a fixed date, so that the same input gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # MediaPipe's reader takes padding before a member's header, but none in its extra field.
            header = 30 + len(name)
            archive.start_dir += -(archive.start_dir + header) % MEMBER_ALIGNMENT
            archive.writestr(info, data)
    return out.getvalue()


def build_bundle(sources: dict[str, bytes], variant: str, *, prune: bool) -> bytes:
    """The .task bundle of one variant: the person detector and the landmark model."""
    detector = tflite_fb.ModelT.InitFromPackedBuf(sources["pose_detection"])
    landmarks = tflite_fb.ModelT.InitFromPackedBuf(sources[variant])
    if prune:
        with_full_tiles(without_segmentation(landmarks))
        with_full_tiles(densified(detector))
    models = dict(zip(NORMALISATION, (detector, landmarks), strict=True))
    return bundle({name: to_bytes(with_metadata(m, *NORMALISATION[name])) for name, m in models.items()})


def manifest(bundles: dict[str, bytes]) -> str:
    """What the bundles are, where they come from and how to tell they are whole, as JSON."""
    return (
        json.dumps(
            {
                "licence": "Apache-2.0",
                "built_by": "tools/build_models.py",
                "changes": "segmentation branch of the landmark models removed; some layers widened by channels of"
                " zeros; sparse weights of the person detector written out; input normalisation added as metadata",
                "sources": {
                    "pose_detection": {"package": f"PyPI {WHEEL}", "sha256": SHA256["pose_detection"]},
                    **{
                        name: {"package": f"npm {package}", "sha256": SHA256[name]}
                        for package, files in NPM_FILES.items()
                        for name in files
                    },
                },
                "models": {
                    v: {"file": f"{v}.task", "sha256": digest(data), "bytes": len(data)} for v, data in bundles.items()
                },
            },
            indent=2,
        )
        + "\n"
    )


def check(sources: dict[str, bytes], bundles: dict[str, bytes], media: list[Path]) -> bool:
    """Print the comparison of pruned and original models; true if everything agrees."""
    same = True
    for variant, data in bundles.items():
        committed = (MODELS / f"{variant}.task").read_bytes() == data
        same &= committed
        print(f"{variant:6} builds to the committed bytes: {'yes' if committed else 'NO'}")
    pictures = [Picture(np.asarray(Image.open(p).convert("RGB"))) for p in media if p.suffix != CLIP]
    pictures *= ROUNDS
    clip = [Picture(frame) for p in media if p.suffix == CLIP for _, frame in read_frames(probe(p))]
    print(f"\n{len(pictures)} looks at pictures (image mode), {len(clip)} frames of clips (video mode); median times")
    print(
        f"{'model':6} {'mode':6} {'found':>6} {'largest difference':>19} {'original':>10} {'pruned':>10} {'ratio':>6}"
    )
    for variant, data in bundles.items():
        original = build_bundle(sources, variant, prune=False)
        for mode, frames in (("image", pictures), ("video", clip)):
            row = compare(original, data, frames, video=mode == "video")
            same &= row["most"] == 0.0
            print(
                f"{variant:6} {mode:6} {row['found']:6d} {row['most']:19.1f} {row['original']:7.1f} ms"
                f" {row['pruned']:7.1f} ms {row['ratio']:6.2f}"
            )
    print("\nall the same" if same else "\nDIFFERENT")
    return same


def sample_media() -> list[Path]:
    return sorted(p for p in (ROOT / "samples").iterdir() if p.suffix in {".jpg", ".png", CLIP})


def compare(original: bytes, pruned: bytes, frames: list[Picture], *, video: bool, threads: int = 0) -> dict[str, Any]:
    """Both models over the frames in turn.

    Args:
        threads: that the pruned one uses in LiteRT; 0 runs it in MediaPipe, as the original one.

    Returns:
        how far landmarks lie apart in torso lengths, at the median in the picture, and at most in depth too (infinite
        where one found nobody), median times and their ratio.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [written(data, Path(folder)) for data in (original, pruned)]
        theirs = MediaPipeLandmarker(paths[0], 1, 0.5, follows=video)
        ours: Landmarker = (
            LiteRTLandmarker(paths[1], 1, 0.5, follows=video, threads=threads)
            if threads
            else MediaPipeLandmarker(paths[1], 1, 0.5, follows=video)
        )
    times: tuple[list[float], list[float]] = ([], [])
    apart, in_picture, found = [0.0], [0.0], 0
    for number, frame in enumerate(frames):
        answers, moment = [], [1000 + 33 * number] if video else []
        for landmarker, spent in zip((theirs, ours), times, strict=True):
            start = time.perf_counter()
            answers.append(landmarker.find(frame, *moment).points)
            spent.append(1000 * (time.perf_counter() - start))
        found += len(answers[0])
        apart += torso_distances(*answers)
        in_picture += torso_distances(*(points[..., :2] for points in answers))
    theirs.close()
    ours.close()
    return {
        "found": found,
        "median": statistics.median(in_picture),
        "most": max(apart),
        "original": statistics.median(times[0]),
        "pruned": statistics.median(times[1]),
        "ratio": statistics.median(a / b for a, b in zip(*times, strict=True)),
    }


def torso_distances(one: FloatArray, other: FloatArray) -> list[float]:
    """Of one person's landmarks (1, 33, 2 or more): in the picture, or in space, in torso lengths."""
    if len(one) != len(other):
        return [math.inf]
    torso = np.linalg.norm(one[:, [11, 12], :2].mean(1) - one[:, [23, 24], :2].mean(1), axis=-1)
    distances: list[float] = (np.linalg.norm(one[..., :3] - other[..., :3], axis=-1) / torso[:, None]).ravel().tolist()
    return distances


def written(bundle: bytes, folder: Path) -> Path:
    """A file of a bundle; it is read at once when it is opened."""
    path = folder / f"{digest(bundle)}.task"
    path.write_bytes(bundle)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description="Build or check posecore's models.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files and the originals")
    parser.add_argument("media", type=Path, nargs="*", help="pictures and .mp4 clips for --check (default: samples/)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources, licence = fetch_sources(Path(folder))
    bundles = {v: build_bundle(sources, v, prune=True) for v in VARIANTS}
    if options.check:
        return 0 if check(sources, bundles, options.media or sample_media()) else 1
    bundles[FACES] = bundle({"face_detector.tflite": sources[FACES]})  # as it is
    MODELS.mkdir(parents=True, exist_ok=True)
    for variant, data in bundles.items():
        (MODELS / f"{variant}.task").write_bytes(data)
        print(f"{variant}.task {len(data)} bytes {digest(data)}")
    (MODELS / "manifest.json").write_text(manifest(bundles))
    (MODELS / "LICENSE").write_text(licence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
