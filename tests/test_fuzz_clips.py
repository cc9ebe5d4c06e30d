"""Clips damaged by chance: each ends in a result or in one sentence, never in a crash, a hang or a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.fuzz_clips import ROOT, damaged, fuzz, sources

SAMPLES = sorted((ROOT / "samples").glob("*.mp4"))


def test_the_same_number_gives_the_same_damage() -> None:
    assert damaged(SAMPLES, 1, 3) == damaged(SAMPLES, 1, 3)
    assert damaged(SAMPLES, 1, 3) != damaged(SAMPLES, 1, 4)


@pytest.mark.slow
def test_sixty_damaged_samples(tmp_path: Path) -> None:
    endings = fuzz(SAMPLES, 60, seed=5, keep=tmp_path)
    assert [ending for ending in endings if not ending.is_good] == []
    assert {"read", "command done", "not_a_clip"} <= {ending.outcome for ending in endings}


@pytest.mark.soak
def test_three_thousand_damaged_clips(media: Path, tmp_path: Path) -> None:
    endings = fuzz(sources(media), 3000, seed=1, keep=tmp_path)
    assert [ending for ending in endings if not ending.is_good] == []
