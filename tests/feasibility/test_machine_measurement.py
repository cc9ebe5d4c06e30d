"""The machine measures itself, for real."""

from __future__ import annotations

import os
from functools import partial

import numpy as np
import pytest

from posecore import MODELS, MediaError
from posecore.feasibility.machine_measurement import SIZES, Machine, clips_an_hour, measure, worker_counts
from posecore.media.clip_files import frames_of
from tests.support.paths import SAMPLES

CLIP = SAMPLES / "box_jump.mp4"


@pytest.fixture(scope="module")
def machine() -> Machine:
    parts: list[float] = []
    result = measure(partial(frames_of, CLIP, 120, 126), 10.0, lambda part, *_: parts.append(part))
    assert parts == sorted(parts)
    return result


@pytest.mark.slow
def test_every_kind_model_size_and_number_of_workers_is_measured_once(machine: Machine) -> None:
    counts = worker_counts()
    table = machine.table
    assert len(table) == len(MODELS) * len(SIZES) * (2 * len(counts) + 1)
    assert not table.duplicated(["kind", "model", "width", "workers"]).any()
    assert (table[["milliseconds", "per_second", "memory_mb"]] > 0).all().all()
    assert set(table["kind"][table["streams"].notna()]) == {"webcam"}


@pytest.mark.slow
def test_every_model_is_the_one_that_it_says(machine: Machine) -> None:
    """By what it keeps in memory, which is the same on a busy machine, as times are not."""
    for kind in ("photo", "clip"):
        lite, full, heavy = (machine.row(kind, model, SIZES[0], 1)["memory_mb"] for model in MODELS)
        assert lite < full < heavy


@pytest.mark.slow
def test_rate_and_time_are_two_sides_of_the_same(machine: Machine) -> None:
    table = machine.table
    assert np.allclose(table["milliseconds"] * table["per_second"], 1000 * table["workers"])


@pytest.mark.slow
def test_a_row_is_of_all_workers_unless_said_otherwise(machine: Machine) -> None:
    assert machine.row("clip", "full", SIZES[0])["workers"] == max(worker_counts())
    assert machine.row("clip", "full", SIZES[0], 1)["workers"] == 1
    assert machine.cores == os.cpu_count()


def test_nobody_in_the_picture_is_no_measurement() -> None:
    with pytest.raises(MediaError, match="Nobody is found"):
        measure(grey, 5.0)


def grey() -> list[np.ndarray]:
    return [np.full((360, 640, 3), 128, np.uint8)]


def test_no_more_workers_than_may_be() -> None:
    assert worker_counts(1) == [1]
    assert max(worker_counts(1000)) == os.cpu_count()


def test_clips_an_hour_by_hand() -> None:
    assert clips_an_hour(30) == 60  # in real time: sixty minutes
