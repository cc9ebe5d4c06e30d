"""How memory is shared out."""

from __future__ import annotations

import pytest

from posecore.serving.shares import shared_out

GIGA = 1_000_000_000


@pytest.mark.parametrize("limit", [0.5 * GIGA, 1 * GIGA, 2 * GIGA, 8 * GIGA, 64 * GIGA])
@pytest.mark.parametrize("cores", [1, 2, 4, 64])
def test_everybody_gets_something_and_nobody_more_than_there_is(limit: float, cores: int) -> None:
    shares = shared_out(int(limit), cores)
    assert shares.readers >= 1
    assert shares.clip_workers >= 1
    assert shares.photo_threads >= 1
    assert shares.streams >= 1
    if limit >= GIGA:
        assert max(shares.reader_bytes, shares.clip_worker_bytes) < limit
        assert shares.clip_workers <= max(1, cores // 2)


def test_a_gigabyte_has_few_processes_though_there_are_many_cores() -> None:
    assert shared_out(GIGA, 64).clip_workers == 1
    assert shared_out(64 * GIGA, 64).clip_workers == 32
