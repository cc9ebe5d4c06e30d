"""The same install next year: everything is pinned, and what is pinned is what is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT
from tools.lock_requirements import NAMES, lock


def requirements(name: str) -> list[Requirement]:
    lines = (line.strip() for line in (ROOT / name).read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def pins(name: str) -> dict[str, str]:
    """Versions of those that are meant for this system."""
    chosen = [one for one in requirements(name) if one.marker is None or one.marker.evaluate()]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in chosen}


def installed_with(names: list[Requirement]) -> dict[str, str]:
    """Versions of these and of everything that they bring, as they are installed here."""
    found: dict[str, str] = {}
    waiting = [(one, frozenset(one.extras)) for one in names]
    while waiting:
        one, extras = waiting.pop()
        environments = [{"extra": extra} for extra in extras] or [{"extra": ""}]
        if one.marker and not any(one.marker.evaluate(environment) for environment in environments):
            continue
        name = canonicalize_name(one.name)
        if name in found and not one.extras:
            continue
        package = distribution(name)
        found[name] = package.version
        waiting += [(Requirement(text), frozenset(one.extras)) for text in package.requires or []]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_line_pins_one_version(name: str) -> None:
    for one in requirements(f"{name}.txt"):
        assert [specifier.operator for specifier in one.specifier] == ["=="], one
        assert one.url is None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    pinned = pins(f"{name}.txt")
    assert {package: pinned.get(package) for package in installed_with(requirements(f"{name}.in"))} == installed_with(
        requirements(f"{name}.in")
    )


def test_both_lists_pin_the_same() -> None:
    app, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert app.items() <= development.items()


def test_nothing_stands_in_the_way_of_headless_opencv() -> None:
    names = set(pins("requirements-dev.txt"))
    assert "opencv-python-headless" in names
    assert not names & {"opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless"}


def test_the_library_asks_for_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = pins("requirements.txt")
    for one in map(Requirement, project["dependencies"]):
        if one.marker is None or one.marker.evaluate():
            assert one.specifier.contains(pinned[canonicalize_name(one.name)]), one


def test_the_files_are_what_the_lists_give(tmp_path: Path) -> None:
    if not shutil.which("uv", path=str(Path(sys.executable).parent)):
        pytest.skip("uv is not installed here")
    for name in NAMES:
        for end in ("in", "txt"):
            shutil.copy(ROOT / f"{name}.{end}", tmp_path)
    try:
        lock(tmp_path)
    except subprocess.CalledProcessError:
        pytest.skip("no package registry answers here")
    for name in NAMES:
        assert (tmp_path / f"{name}.txt").read_text("utf-8") == (ROOT / f"{name}.txt").read_text("utf-8")
