"""posecore image: people in pictures."""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from posecore.cli import option_types
from posecore.cli.results import DONE, check_inputs_stay, result_names, told
from posecore.detection.image_detector import ImageDetector
from posecore.formats.json_records import to_json
from posecore.media.atomic_files import written_whole
from posecore.media.picture_files import decoded_image
from posecore.visuals.skeleton_drawing import to_png


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those that only this command has."""
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="pictures")


def run(options: argparse.Namespace) -> int:
    """Work through the pictures; return the exit status."""
    stems = result_names(options.files)
    inputs = {file.resolve() for file in stems}
    status = DONE
    with ImageDetector(option_types.detector(options)) as detector, ThreadPoolExecutor(detector.callers) as pool:
        jobs = [
            pool.submit(_one_image, file, options.out / stem, inputs, detector, options.model)
            for file, stem in stems.items()
        ]
        try:
            for file, job in zip(stems, jobs, strict=True):
                status = max(status, told(file, job.result))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return status


def _one_image(file: Path, target: Path, inputs: set[Path], detector: ImageDetector, model: str) -> str:
    record, picture = Path(f"{target}.json"), Path(f"{target}.annotated.png")
    check_inputs_stay([record, picture], inputs)
    with decoded_image(file) as frame:
        pose = detector.detect(frame)
        with written_whole(record) as draft:
            draft.write_text(to_json(pose, model), encoding="utf-8")
        with written_whole(picture) as draft:
            draft.write_bytes(to_png(frame, pose))
    people = "1 person" if pose.people == 1 else f"{pose.people or 'no'} people"
    return f"{people}, {record}"
