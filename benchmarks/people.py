"""How many people are found in everyday photos, and where there are none: python -m benchmarks.people

Photos of COCO in which people are annotated, and photos without anybody (POSECORE_MEDIA, or ../shared/media), for each
model and way of looking: who is found, who is missed and figures that match nobody, by the size of the people and how
much of them is hidden; photos without people in which somebody is found; median time of a picture. Somebody counts who
has 8 or more annotated points and is 60 pixels tall, as found where 70 % of the visible points lie within 0.15 of the
box's longer side. Figures without a match are not all wrong: not everybody is annotated.

--pictures FOLDER writes who is missed and what is a ghost, side by side, as PNG files, to be looked at before anything
is changed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from posecore import COCO17, DetectorSettings, ImageDetector, decode_image, draw_pose, encode_image
from posecore.detection.detector_settings import CLOSER, MOST_PEOPLE
from posecore.detection.engines import Closer
from posecore.detection.models import QUALITIES
from posecore.media.picture_files import Frame
from posecore.pose import Pose

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media")) / "people"
LEAST_POINTS, LEAST_HEIGHT = 8, 60
NEAR, ENOUGH = 0.15, 0.7
SEEN = 2  # in COCO; 1 is annotated though hidden
TILE, ACROSS = 300, 5
MARK = 0, 200, 80
SMALL = 150  # pixels of the box's longer side


class Person(NamedTuple):
    """Somebody who is annotated: (17, 3) x, y and whether seen, and the longer side of the box."""

    points: NDArray[np.float64]
    side: float

    @property
    def hidden(self) -> bool:
        """Whether a quarter of the body or more is hidden or outside."""
        return bool((self.points[:, 2] < SEEN).mean() > 0.25)

    def is_at(self, pose: Pose, number: int) -> bool:
        """Whether that is where a figure is."""
        seen = self.points[:, 2] >= SEEN
        places = pose.xy[number][list(COCO17)][seen]
        return bool((np.linalg.norm(places - self.points[seen, :2], axis=-1) <= NEAR * self.side).mean() >= ENOUGH)


def photos_of(folder: Path) -> list[dict[str, Any]]:
    """The photos with people, as annotated."""
    photos: list[dict[str, Any]] = json.loads((folder / "people.json").read_text("utf-8"))["photos"]
    return photos


def annotated(photo: dict[str, Any]) -> list[Person]:
    """Who counts in a photo."""
    people = []
    for one in photo["people"]:
        points = np.array(one["keypoints"], float).reshape(-1, 3)
        if not one["iscrowd"] and (points[:, 2] > 0).sum() >= LEAST_POINTS and one["bbox"][3] >= LEAST_HEIGHT:
            people.append(Person(points, max(one["bbox"][2:])))
    return people


def counted(detector: ImageDetector, model: str, closer: Closer) -> Iterator[object]:
    """One line of the table."""
    settings = DetectorSettings(model, MOST_PEOPLE, closer=closer)
    seconds: list[float] = []

    def look(path: Path) -> Pose:
        pose, took = detector.timed(decode_image(path), settings)
        seconds.append(took)
        return pose

    photos = photos_of(MEDIA)
    found: list[tuple[Person, bool]] = []
    unmatched = 0
    for photo in photos:
        people, pose = annotated(photo), look(MEDIA / photo["file"])
        rows = [[one.is_at(pose, number) for number in range(pose.people)] for one in people]
        at = np.array(rows, bool).reshape(len(people), pose.people)
        found += zip(people, at.any(1).tolist(), strict=True)
        unmatched += int((~at.any(0)).sum())
    empty = [look(path).people for path in sorted((MEDIA / "nobody").glob("*.jpg"))]
    yield model
    yield closer
    for chosen in (lambda _: True, lambda one: one.side < SMALL, lambda one: one.hidden):
        of = [yes for one, yes in found if chosen(one)]
        yield f"{sum(of)} of {len(of)}"
    yield unmatched
    yield f"{sum(number > 0 for number in empty)} of {len(empty)}"
    yield round(1000 * statistics.median(seconds))


def missed(detector: ImageDetector, settings: DetectorSettings) -> Iterator[Frame]:
    """Squares with somebody who is missed, and what of them is annotated."""
    for photo in photos_of(MEDIA):
        frame = decode_image(MEDIA / photo["file"])
        pose = detector.detect(frame, settings)
        for one in annotated(photo):
            if not any(one.is_at(pose, number) for number in range(pose.people)):
                known = one.points[one.points[:, 2] > 0, :2]
                marked = draw_pose(frame, pose)
                for x, y in known.round().astype(int).tolist():
                    cv2.circle(marked, (x, y), 3, MARK, -1)
                yield _tile(marked, known.mean(0), 1.6 * one.side)


def ghosts(detector: ImageDetector, settings: DetectorSettings) -> Iterator[Frame]:
    """Squares with somebody who is not there."""
    for path in sorted((MEDIA / "nobody").glob("*.jpg")):
        frame = decode_image(path)
        pose = detector.detect(frame, settings)
        for left, top, right, bottom in pose.whole_boxes.tolist():
            middle = np.array([left + right, top + bottom]) / 2
            yield _tile(draw_pose(frame, pose), middle, 1.6 * max(right - left, bottom - top))


def write_side_by_side(tiles: list[Frame], path: Path) -> None:
    if not tiles:
        return
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % ACROSS)
    rows = [np.hstack(tiles[first : first + ACROSS]) for first in range(0, len(tiles), ACROSS)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_image(np.vstack(rows)))
    sys.stdout.write(f"{path}\n")


def _tile(frame: Frame, middle: NDArray[np.float64], side: float) -> Frame:
    """A square of a picture."""
    cut = cv2.getRectSubPix(frame, (round(side), round(side)), (float(middle[0]), float(middle[1])))
    return cv2.resize(cut, (TILE, TILE), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="where to write pictures of the full model, looking closer")
    if folder := parser.parse_args().pictures:
        with ImageDetector() as detector:
            settings = DetectorSettings("full", MOST_PEOPLE, closer="on")
            write_side_by_side(list(missed(detector, settings)), folder / "missed.png")
            write_side_by_side(list(ghosts(detector, settings)), folder / "ghosts.png")
        return
    heads = ["model", "closer", "found", "small", "hidden", "unmatched figures", "photos with a ghost", "ms"]
    sys.stdout.write(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}\n")
    with ImageDetector() as detector:
        for model in QUALITIES:
            for closer in CLOSER:
                sys.stdout.write(f"| {' | '.join(map(str, counted(detector, model, closer)))} |\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
