"""Limits, and how whoever runs the app sets them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from posecore import PoseError
from posecore.limits import ClipLimits, PictureLimits, from_environment
from tests.support.paths import ROOT


def test_a_limit_can_be_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSELAB_CLIP_MINUTES", "60")
    assert from_environment(ClipLimits, "clip") == ClipLimits(minutes=60)
    assert from_environment(PictureLimits, "picture") == PictureLimits()


@pytest.mark.parametrize("value", ["0", "-3", "many", "1.5"])
def test_what_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("POSELAB_CLIP_MEGABYTES", value)
    with pytest.raises(PoseError, match="POSELAB_CLIP_MEGABYTES"):
        from_environment(ClipLimits, "clip")


def test_the_limit_for_exercises_holds_where_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSELAB_EXERCISE_KILOBYTES", "1")
    code = "from posecore import load_exercise; load_exercise('# much\\n' * 200)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "1 KB" in done.stderr
