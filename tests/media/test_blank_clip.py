"""A clip with nothing in it has the movement's times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecore import palette
from posecore.media import frames_of, probe, write_blank_clip
from posecore.palette import rgb


def test_frames_are_where_the_movement_has_its_rows(tmp_path: Path) -> None:
    time = np.array([3.0, 3.04, 3.1, 4.6])
    write_blank_clip(tmp_path / "blank.mp4", time)
    assert probe(tmp_path / "blank.mp4").times == pytest.approx(time - 3, abs=0.001)


def test_nothing_is_in_it(tmp_path: Path) -> None:
    write_blank_clip(tmp_path / "blank.mp4", np.arange(5) / 25)
    (frame,) = frames_of(tmp_path / "blank.mp4", 2, 3)
    assert np.abs(frame.astype(int) - rgb(palette.PAPER)).max() < 6
