"""Windows of motions that are known by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from posecore import PoseSequence
from posecore.skeleton import INDEX, LANDMARKS
from posecore.training.window_files import write_windows_npz, write_windows_parquet
from posecore.training.windows import CHANNELS, Windows, WindowSettings, joined, windows_of

RATE = 10.0
NOSE = INDEX["nose"]
SETTINGS = WindowSettings(length=15, stride=5, rate=30.0)


def moving(count: int = 21, missing: tuple[int, ...] = (), people: int = 1) -> PoseSequence:
    """A body whose hips and shoulders stay while its nose goes right by a metre a second; the next is a metre on."""
    time = np.arange(count) / RATE
    world = np.zeros((count, people, len(LANDMARKS), 3), np.float32)
    for side, x in (("left", 0.1), ("right", -0.1)):
        world[:, :, INDEX[f"{side}_hip"], 0] = x
        world[:, :, INDEX[f"{side}_shoulder"]] = (x, -0.5, 0)
    world[:, :, NOSE, 0] = time[:, None] + np.arange(people)
    world[list(missing)] = np.nan
    xy = np.where(np.isnan(world[..., :2]), np.nan, 50.0).astype(np.float32)
    sure = np.where(np.isnan(world[..., 0]), np.nan, 0.9).astype(np.float32)
    return PoseSequence(xy, sure * 0, sure, sure, world, time, (100, 100))


def of(sequence: PoseSequence, settings: WindowSettings = SETTINGS) -> Windows:
    return joined(windows_of(sequence, "wave", "wave/one", settings), settings)


def test_windows_have_one_shape_and_one_rate() -> None:
    found = of(moving())
    assert found.x.shape == (10, 15, 33, len(CHANNELS))  # 61 frames at 30 a second: beginnings 0, 5, ... 45
    assert found.mask.all()
    assert found.start_s == pytest.approx(np.arange(10) / 6)
    time = found.start_s[:, None] + np.arange(15) / 30
    assert found.x[:, :, NOSE, 0] == pytest.approx(time, abs=1e-5)
    assert set(found.labels.tolist()) == {"wave"}


def test_nobody_is_in_two_groups() -> None:
    found = of(moving(people=2))
    assert sorted(set(found.groups.tolist())) == ["wave/one#1", "wave/one#2"]
    second = found.groups == "wave/one#2"
    assert found.x[second, 0, NOSE, 0] == pytest.approx(1 + found.start_s[second], abs=1e-5)


@pytest.mark.parametrize("missing", ["zero", "hold", "drop"])
def test_what_is_missing_is_told_and_never_invented(missing: str) -> None:
    gap = (8, 9, 10, 11)  # half a second between frames 7 and 12
    settings = replace(SETTINGS, missing=missing)
    found = of(moving(missing=gap), settings)
    time = found.start_s[:, None] + np.arange(15) / 30
    inside = (time > 0.7 + 1e-6) & (time < 1.2 - 1e-6)
    assert np.array_equal(found.mask.all(-1), ~inside)
    assert np.isfinite(found.x).all()
    if missing == "drop":
        assert len(found) < 10
        assert not inside.any()
    else:
        assert inside.any()
        assert found.x[inside][:, NOSE, 0] == pytest.approx(0.0 if missing == "zero" else 0.7, abs=1e-5)


def test_short_gaps_are_joined_and_are_not_called_seen() -> None:
    found = of(moving(missing=(8,)))
    time = found.start_s[:, None] + np.arange(15) / 30
    assert found.x[:, :, NOSE, 0] == pytest.approx(time, abs=1e-5)
    filled = (time > 0.7 + 1e-6) & (time < 0.9 - 1e-6)
    assert filled.any()
    assert np.array_equal(found.mask.all(-1), ~filled)


def test_on_one_body_size_and_direction_do_not_matter() -> None:
    settings = replace(SETTINGS, one_body=True)
    sequence = moving()
    angle = np.radians(70)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    other = replace(sequence, world=(1.7 * sequence.world @ turn.T).astype(np.float32))
    assert of(other, settings).x == pytest.approx(of(sequence, settings).x, abs=1e-4)
    assert of(sequence, settings).x[0, 0, INDEX["left_shoulder"], 1] == pytest.approx(-1)


def test_too_short_a_clip_has_none() -> None:
    found = of(moving(count=3))
    assert found.x.shape == (0, 15, 33, len(CHANNELS))


def test_files_hold_the_arrays(tmp_path: Path) -> None:
    found = of(moving(missing=(8, 9, 10, 11)))
    write_windows_npz(found, tmp_path / "a.npz", 30.0)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["x"], found.x)
        assert np.array_equal(arrays["mask"], found.mask)
        assert arrays["labels"].tolist() == found.labels.tolist()
        assert arrays["landmarks"].tolist() == list(LANDMARKS)
    write_windows_parquet(found, tmp_path / "a.parquet")
    table = pd.read_parquet(tmp_path / "a.parquet")
    assert len(table) == len(found) * 15
    assert table.nose_x_m.to_numpy().reshape(len(found), 15) == pytest.approx(found.x[:, :, NOSE, 0])
    assert table.groupby("window").group.first().tolist() == found.groups.tolist()
