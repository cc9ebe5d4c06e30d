"""How near the numbers are to the truth, every model and `best`, raw beside cleaned: python -m benchmarks.accuracy

Needs the pictures and clips with known answers that tests use too (POSECORE_MEDIA, or ../shared/media). Photos: as
MediaPipe answers. Clips: "raw" as its tracker answers, "ours" after `clean` with its usual settings. Least is best,
except for PCK, the part of keypoints within a tenth of the longer side of a person's box.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from posecore import COCO17, AnalysisSettings, DetectorSettings, ImageDetector, Workers, analyse, decode_image, probe
from posecore.detection.models import QUALITIES
from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.kinematics.joint_angles import ANGLES, joint_angles
from posecore.pose import Pose, PoseSequence

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
TRUTH = MEDIA / "truth"
VIEWS = [f"balance_cam0{number}" for number in (1, 2, 3, 4)]
LIMBS = [list(ANGLES).index(f"{side}_{joint}") for joint in ("knee", "elbow") for side in ("left", "right")]
LEAST_KEYPOINTS = 6

Line = tuple[str, float]


def photos(model: str, detector: ImageDetector) -> Iterator[Line]:
    def look(file: str | Path, people: int = 5) -> Pose:
        return detector.detect(decode_image(MEDIA / file), DetectorSettings(model, people))

    yoga = _read("pose_jpg_mediapipe33.json")
    yield "pose.jpg, mean distance, px", _distance(look(yoga["file"]), np.array(yoga["landmarks_px"]))
    seated = _read("test_image_landmarker33.json")
    own = "heavy" if model == "best" else model
    expected = np.array(seated["models"][f"poseLandmarker{own.capitalize()}Results"])[:, :2]
    yield (
        "seated_woman.jpg, mean distance, px",
        _distance(look(seated["file"]), expected * (seated["width"], seated["height"])),
    )
    images = _read("coco17.json")["images"]
    single = [_keypoint_errors(look(one["file"]), one["persons"][0]) for one in images if one["single_fullbody"]]
    yield "COCO, single people, PCK", float((np.concatenate(single) < 0.1).mean())
    every = [
        _keypoint_errors(look(one["file"], 10), person)
        for one in images
        for person in one["persons"]
        if np.count_nonzero(person["keypoints"][2::3]) >= LEAST_KEYPOINTS
    ]
    errors = np.concatenate(every)
    yield "COCO, everybody, PCK", float((errors < 0.1).mean())
    yield "COCO, everybody found, median error, % of the box", float(np.nanmedian(errors) * 100)
    empty = [look(path) for path in sorted((MEDIA / "no_person").iterdir())]
    yield "photos without people in which somebody is found", float(sum(pose.people > 0 for pose in empty))
    yield (
        "photos without people in which somebody is sure",
        float(sum(pose.people > pose.doubtful.sum() for pose in empty)),
    )


def clips(model: str, workers: Workers) -> Iterator[Line]:
    def follow(name: str) -> PoseSequence:
        clip = probe(MEDIA / "videos" / f"{name}.mp4")
        return analyse(clip, AnalysisSettings(DetectorSettings(model, 1)), workers.lane())

    squats = follow("pose_squats")
    known = np.array(_read("pose_squats.full.json"))
    table = pd.read_csv(TRUTH / "pose_squats_angles.csv")
    views = [follow(name) for name in VIEWS]
    for label, change in {"raw": _as_it_is, "ours": _cleaned}.items():
        changed = change(squats)
        apart = np.linalg.norm(changed.xy[:, 0] - known[..., :2], axis=-1)
        yield f"pose_squats.mp4, mean distance, px, {label}", float(np.nanmean(apart))
        for space, columns in {"2d": ["knee_L_2d", "knee_R_2d"], "3d": ["knee_L_3d", "knee_R_3d"]}.items():
            found = joint_angles((changed.xy if space == "2d" else changed.world)[:, 0])[:, LIMBS[:2]]
            yield f"pose_squats.mp4, knees {space}, degrees, {label}", float(np.nanmean(np.abs(found - table[columns])))
    between = [joint_angles(view.world[:, 0])[:, LIMBS] for view in views]
    cleaned = [joint_angles(_cleaned(view).world[:, 0])[:, LIMBS] for view in views]
    yield "balance, knees and elbows in space between views, degrees, raw", _disagreement(between)
    same = [np.where(np.isfinite(new), old, np.nan) for old, new in zip(between, cleaned, strict=True)]
    yield "balance, the same where ours are known, degrees, raw", _disagreement(same)
    yield "balance, the same where ours are known, degrees, ours", _disagreement(cleaned)
    yield "balance, part of the angles that ours hold", float(np.isfinite(np.stack(cleaned)).mean())


def _as_it_is(sequence: PoseSequence) -> PoseSequence:
    return sequence


def _cleaned(sequence: PoseSequence) -> PoseSequence:
    return clean(sequence, CleaningSettings()).sequence


def _disagreement(angles: list[NDArray[Any]]) -> float:
    """Mean absolute difference over all pairs of views, frames and joints."""
    return float(np.nanmean([np.abs(a - b) for a, b in combinations(angles, 2)]))


def _read(name: str) -> Any:
    return json.loads((TRUTH / name).read_text("utf-8"))


def _distance(pose: Pose, expected: NDArray[Any]) -> float:
    return float(np.linalg.norm(pose.xy[0] - expected, axis=-1).mean()) if pose.people else float("nan")


def _keypoint_errors(pose: Pose, person: dict[str, Any]) -> NDArray[np.float64]:
    """Of the labelled keypoints, in longer sides of the person's box, by whoever is nearest; NaN for nobody near."""
    keypoints = np.array(person["keypoints"], float).reshape(17, 3)
    labelled = keypoints[:, 2] > 0
    side = max(person["bbox"][2:])
    apart = np.linalg.norm(pose.xy[:, list(COCO17)] - keypoints[:, :2], axis=-1)[:, labelled] / side
    if not len(apart) or apart.mean(1).min() > 0.5:
        return np.full(int(labelled.sum()), np.nan)
    return np.asarray(apart[apart.mean(1).argmin()], np.float64)


def main() -> None:
    table: dict[str, dict[str, float]] = {}
    with ImageDetector() as detector, Workers() as workers:
        for model in QUALITIES:
            for name, value in (*photos(model, detector), *clips(model, workers)):
                table.setdefault(name, {})[model] = value
    shown = pd.DataFrame(table).T.round(3)
    names = [name.ljust(68) for name in shown.index]
    sys.stdout.write(" " * 68 + "".join(f"{model:>9}" for model in shown.columns) + "\n")
    for name, row in zip(names, shown.to_numpy(), strict=True):
        sys.stdout.write(name + "".join(f"{value:9.3f}" for value in row) + "\n")


if __name__ == "__main__":
    main()
