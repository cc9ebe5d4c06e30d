"""Pictures, ZIP files and exercises damaged by chance: each ends in a result or in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.fuzz_files import KINDS, MADE, fuzz, look_into


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_number_gives_the_same_damage(kind: str) -> None:
    one, same, other = (MADE[kind](np.random.default_rng((1, number))) for number in (3, 3, 4))
    assert one[1] == same[1]
    assert len(one[0]) == len(same[0])
    assert one != other


@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_seconds_of_all_kinds(tmp_path: Path, seconds: int) -> None:
    endings = fuzz(KINDS, seed=7, seconds=seconds, keep=tmp_path)
    assert [ending for ending in endings if not ending.is_good] == []
    assert {"read", "picture_damaged"} <= {ending.outcome for ending in endings}


@pytest.mark.soak
def test_twenty_thousand_pictures(tmp_path: Path) -> None:
    endings = fuzz(("pictures",), seed=1, number=20_000, keep=tmp_path)
    assert [ending for ending in endings if not ending.is_good] == []


@pytest.mark.soak
def test_the_pictures_of_other_projects(tmp_path: Path) -> None:
    folder = Path("out/testfolders")
    if not folder.is_dir():
        pytest.skip("unpack the test folders of Pillow and pillow-heif into out/testfolders")
    assert [ending for ending in look_into(folder, tmp_path) if not ending.is_good] == []
