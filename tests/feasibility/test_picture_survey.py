"""Many pictures, with people and without, by all models."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from posecore import MODELS, ImageDetector, decoded_image, probe
from posecore.feasibility.picture_survey import (
    Picture,
    Survey,
    agreement,
    clip_pictures,
    survey,
    survey_summary,
    survey_table,
    worst,
)
from tests.support.paths import SAMPLES


def pictures(*paths: Path) -> list[Picture]:
    return [Picture(path.name, partial(decoded_image, path)) for path in paths]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    bad = tmp_path_factory.mktemp("survey") / "broken.jpg"
    bad.write_bytes((SAMPLES / "balance.jpg").read_bytes()[:2000])
    nobody = Picture("grey", lambda: nullcontext(np.full((300, 400, 3), 128, np.uint8)))
    told: list[float] = []
    with ImageDetector() as detector:
        chosen = [*pictures(SAMPLES / "two_people.jpg", bad, SAMPLES / "balance.jpg"), nobody]
        result = survey(chosen, detector, on_progress=lambda part, _: told.append(part))
        assert detector.idle_landmarkers == 0  # three of the heavy model would keep 250 MB
    assert told == sorted(told)
    assert told[-1] == 1
    return result


def test_every_picture_has_its_answer_in_its_place(found: Survey) -> None:
    table = survey_table(found, "en")
    assert table["file"].unique().tolist() == ["two_people.jpg", "broken.jpg", "balance.jpg", "grey"]
    for model in MODELS:
        assert table[table["model"] == model]["people"].fillna(-1).tolist() == [2, -1, 1, 0]
    assert "damaged" in table["error"][table["file"] == "broken.jpg"].iloc[0]


def test_every_worker_has_opened_the_model_before_time_counts() -> None:
    with ImageDetector(workers=2) as detector:
        open_by_then: list[int] = []

        def grey() -> nullcontext[np.ndarray]:
            open_by_then.append(detector.idle_landmarkers)
            return nullcontext(np.full((300, 400, 3), 128, np.uint8))

        survey([Picture("grey", grey)], detector, models=["lite"])
    assert open_by_then == [2]


def test_counts_by_model(found: Survey) -> None:
    summary = survey_summary(found)
    assert summary["with_people"].tolist() == [2, 2, 2]
    assert summary["nobody"].tolist() == [1, 1, 1]
    assert (summary["landmarks_seen"] > 0.8).all()
    assert (summary["per_second"] > 0).all()


def test_a_model_agrees_with_others_where_people_are_in_plain_view(found: Survey) -> None:
    pairs = agreement(found)
    assert len(pairs) == 3
    assert (pairs["same_number"] == 1).all()
    assert (pairs["apart"] < 0.15).all()


def test_the_worst_come_first(found: Survey) -> None:
    names = [look.name for look in worst(found, "full")]
    assert names[0] == "grey"
    assert sorted(names) == ["balance.jpg", "grey", "two_people.jpg"]


def test_only_files_that_cannot_be_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"nothing")
    with ImageDetector() as detector:
        nothing = survey(pictures(bad), detector)
    assert survey_summary(nothing)["with_people"].tolist() == [0, 0, 0]
    assert agreement(nothing)["same_number"].isna().all()
    assert worst(nothing, "full") == []


def test_a_clip_gives_frames_from_all_of_it() -> None:
    clip = probe(SAMPLES / "balance.mp4")
    chosen = clip_pictures("balance.mp4", clip, most=4)
    assert chosen == {number: f"balance.mp4 · {clip.times[number]:.1f} s" for number in (12, 37, 62, 87)}
    assert len(clip_pictures("balance.mp4", clip, most=1000)) == len(clip.pts)


def test_people_and_empty_scenes_are_told_apart(media: Path) -> None:
    empty = sorted((media / "no_person").glob("*.jpg"))
    full = [media / "images" / name for name in ("pose.jpg", "three_people.jpg", "astronaut.png")]
    with ImageDetector() as detector:
        summary = survey_summary(survey(pictures(*full, *empty), detector))
    assert summary["with_people"].tolist() == [3, 3, 3]
    assert summary["nobody"].tolist() == [len(empty)] * 3
