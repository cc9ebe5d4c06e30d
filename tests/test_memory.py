"""How much memory there may be: groups of both versions, as systems and containers show them."""

from __future__ import annotations

import mmap
from pathlib import Path

import psutil
import pytest

from posecore.memory import SET_MEGABYTES, memory_in_use, memory_limit

MACHINE = psutil.virtual_memory().total


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SET_MEGABYTES, raising=False)


def limit(folder: Path, membership: str, files: dict[str, str]) -> int:
    for name, value in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(value)
    (folder / "self").write_text(membership)
    return memory_limit(folder, folder / "self")


def test_version_2_of_the_group_itself(tmp_path: Path) -> None:
    assert limit(tmp_path, "0::/app.slice/me\n", {"app.slice/me/memory.max": "500000000\n"}) == 500_000_000


def test_the_least_of_all_groups_around_it(tmp_path: Path) -> None:
    files = {"app.slice/me/memory.max": "max", "app.slice/memory.max": "300000000", "memory.max": "max"}
    assert limit(tmp_path, "0::/app.slice/me\n", files) == 300_000_000


def test_version_1(tmp_path: Path) -> None:
    files = {"memory/one/two/memory.limit_in_bytes": "700000000", "memory/memory.limit_in_bytes": str(2**63 - 4096)}
    assert limit(tmp_path, "4:memory:/one/two\n0::/\n", files) == 700_000_000


def test_a_container_that_sees_its_own_group_at_the_top(tmp_path: Path) -> None:
    assert limit(tmp_path, "0::/docker/abc\n", {"memory.max": "1000000000"}) == 1_000_000_000


def test_without_any_limit_it_is_what_the_machine_has(tmp_path: Path) -> None:
    assert limit(tmp_path, "0::/\n", {"memory.max": "max"}) == MACHINE
    assert memory_limit(tmp_path / "none", tmp_path / "nothing") == MACHINE


def test_whoever_runs_it_may_say_how_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SET_MEGABYTES, "900")
    assert limit(tmp_path, "0::/\n", {"memory.max": "500000000"}) == 900_000_000


def test_what_this_process_uses() -> None:
    # Not from malloc: what it gives back depends on how earlier tests tuned it.
    with mmap.mmap(-1, 50_000_000, access=mmap.ACCESS_COPY) as held:
        held.write(b"x" * 50_000_000)
        with_it = memory_in_use()
    assert memory_in_use() < with_it - 40_000_000
