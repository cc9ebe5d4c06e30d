"""Looking closer: which parts of a picture, and whom it finds in photos of others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.people import annotated, photos_of
from posecore import DetectorSettings, ImageDetector, decode_image
from posecore.detection.engines import engine_for
from posecore.detection.litert.closer_look import parts
from posecore.detection.litert.figures import ONE_MODEL, Figure, each_once, people_among
from posecore.detection.litert.landmark_model import Looked
from posecore.detection.litert.regions import Region
from tests.support.paths import SAMPLES

needs_litert = pytest.mark.skipif(engine_for("picture") != "litert", reason="only LiteRT looks closer")


def figure(x: float, evidence: float, trunk: float = 100) -> Figure:
    """Somebody upright whose shoulders are at (x, 0)."""
    points = np.zeros((33, 5), np.float32)
    points[:, 0] = x
    points[[23, 24], 1] = trunk
    return Figure(points, np.zeros((33, 3), np.float32), Region(0, 0, 1, 0), np.zeros(33, np.float32), evidence)


@pytest.mark.parametrize(("part", "count"), [(1, 1), (0.65, 2), (0.4, 12), (0.3, 24)])
def test_squares_cover_the_picture_and_overlap(part: float, count: int) -> None:
    size = (600, 400)
    found = parts(size, [part])
    assert len(found) == count
    covered = np.zeros(size[::-1], int)
    for one in found:
        left, top = round(one.x - one.side / 2), round(one.y - one.side / 2)
        covered[max(top, 0) : round(top + one.side), max(left, 0) : round(left + one.side)] += 1
    assert (covered >= 1).mean() > 0.95
    assert (covered.max() > 1) == (part < 1)


def test_of_figures_that_are_one_body_the_surest_stays() -> None:
    same, other = figure(35, 1.0), figure(80, 0.5)
    assert [one.evidence for one in each_once([other, figure(0, 3.0), same])] == [3.0, 0.5]


def test_what_is_seen_in_many_parts_is_sooner_believed() -> None:
    seldom, often = figure(0, 2.2)._replace(candidates=5), figure(0, 2.1)._replace(candidates=30)
    assert people_among([seldom], ONE_MODEL, 0.5) == []
    assert people_among([often], ONE_MODEL, 0.5) == [often]
    (one,) = each_once([seldom, often])
    assert (one.evidence, one.candidates) == (2.2, 35)


def test_an_arm_or_a_leg_is_nobody() -> None:
    person, on_the_leg = figure(0, 3), figure(0, 1, trunk=40)
    person.points[[25, 26], 1], person.points[[27, 28], 1] = 180, 260
    on_the_leg.points[:, 1] += 200
    beside = figure(150, 1, trunk=40)
    assert each_once([person, on_the_leg, beside]) == [person, beside]


def test_a_doubtful_figure_made_of_parts_of_another_is_nobody() -> None:
    person, upon, beside = figure(0, 3), figure(0, -0.3), figure(150, -0.3)
    person.points[[25, 26], 1], person.points[[27, 28], 1] = 180, 260
    upon.points[:, 1] += 90
    assert each_once([person, upon, beside]) == [person, beside]
    sure = upon._replace(evidence=1.0)
    assert each_once([person, sure]) == [person, sure]


@needs_litert
@pytest.mark.parametrize("model", ["full", pytest.param("best", marks=pytest.mark.slow)])
def test_three_people_are_found_and_nobody_twice(detector: ImageDetector, model: str) -> None:
    photo = decode_image(SAMPLES / "two_people.jpg")  # the third stands at the back
    assert detector.detect(photo, DetectorSettings(model, 10, closer="auto")).people == 3


def test_looks_that_exchange_left_and_right_are_not_averaged() -> None:
    look = Looked(*figure(0, 0)[:2], Region(0, 0, 1, 0), 1.0)
    look.points[[11, 23], 0], look.points[[12, 24], 0] = 40, -40
    turned = look._replace(points=look.points.copy())
    turned.points[:, 0] *= -1
    both = Figure.between([(look, turned)], [], 0.9, 1)
    assert np.allclose(both.points[[11, 12], 0], [40, -40])
    near = look._replace(points=look.points + np.float32(2))
    assert np.allclose(Figure.between([(look, near)], [], 0.9, 1).points[11, :2], [41, 1])


def test_who_is_less_sure_counts_in_company_only() -> None:
    sure, likely, hardly = figure(0, 5), figure(200, 0), figure(400, -2)
    assert people_among([sure, likely, hardly], ONE_MODEL, 0.5) == [sure, likely]
    assert people_among([likely, hardly], ONE_MODEL, 0.5) == []
    assert people_among([likely, hardly], ONE_MODEL, 0.5, in_company=True) == [likely]
    assert people_among([], ONE_MODEL, 0.5) == []
    assert people_among([sure, likely], ONE_MODEL, 0.9) == [sure]


@needs_litert
@pytest.mark.parametrize("model", ["full", "best"])
def test_one_large_person_is_found_in_the_few_parts_that_are_looked_at(detector: ImageDetector, model: str) -> None:
    found = detector.detect(decode_image(SAMPLES / "astronaut.png"), DetectorSettings(model, 5, closer="on"))
    assert found.people == 1
    assert np.isfinite(found.spread).all()  # both looks agree that somebody is there


def test_one_large_person_is_looked_at_once(detector: ImageDetector) -> None:
    photo = decode_image(SAMPLES / "astronaut.png")
    once = detector.detect(photo, DetectorSettings("full", 5))
    auto = detector.detect(photo, DetectorSettings("full", 5, closer="auto"))
    assert auto.people == 1
    assert np.array_equal(auto.xy, once.xy)
    assert np.isnan(auto.spread).all()


@needs_litert
@pytest.mark.slow
def test_faces_show_whose_bodies_are_hidden(media: Path, detector: ImageDetector) -> None:
    file = "coco_000000256353.jpg"  # somebody in front of their body holds a picture of themselves
    people = next(annotated(photo) for photo in photos_of(media / "people") if photo["file"] == file)
    pose = detector.detect(decode_image(media / "people" / file), DetectorSettings("best", 40, closer="on"))
    assert all(any(one.is_at(pose, number) for number in range(pose.people)) for one in people)


@pytest.mark.slow
@needs_litert
@pytest.mark.parametrize("model", ["full", "best"])
def test_more_people_are_found_and_hardly_anybody_where_nobody_is(
    media: Path, detector: ImageDetector, model: str
) -> None:
    def found(settings: DetectorSettings) -> int:
        total = 0
        for photo in photos_of(media / "people"):
            pose = detector.detect(decode_image(media / "people" / photo["file"]), settings)
            total += sum(any(one.is_at(pose, number) for number in range(pose.people)) for one in annotated(photo))
        return total

    on = DetectorSettings(model, 40, closer="on")
    assert found(on) >= found(DetectorSettings(model, 40)) + 5
    empty = [detector.detect(decode_image(path), on).people for path in sorted((media / "people/nobody").glob("*.jpg"))]
    assert sum(number > 0 for number in empty) <= 2
