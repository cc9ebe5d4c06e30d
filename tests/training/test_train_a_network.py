"""docs/train-a-network.md, as it stands, on the clips that it names."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from posecore import export
from tests.support.filmed_sequences import load_sequence
from tests.support.paths import ROOT

KEPT = {
    "bicep_curl_cropped_1": "curl",
    "bicep_curl_three": "curl",
    "jumping_jack_turning_19": "jumping_jack",
    "push_up_incline_12": "push_up",
    "sit_up_decline_6": "sit_up",
}
CLIPS = {"pose_squats": "squat", **{f"balance_cam0{number}": "balance" for number in range(1, 5)}}


@pytest.mark.slow
def test_every_block_of_the_page_runs(media: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "train-a-network.md").read_text("utf-8")
    for name, label in {**KEPT, **CLIPS}.items():
        (tmp_path / "clips" / label).mkdir(parents=True, exist_ok=True)
        if name in KEPT:
            export(
                load_sequence(media / "sequences" / f"{name}.npz"),
                "poselab",
                tmp_path / "clips" / label / f"{name}.poselab",
            )
        else:
            shutil.copy(media / "videos" / f"{name}.mp4", tmp_path / "clips" / label)
    (options,) = re.findall(r"    python -m posecore sequences clips/\*/\* (.+)\n", page)
    files = sorted(map(str, tmp_path.glob("clips/*/*")))
    command = [sys.executable, "-m", "posecore", "sequences", *files, *options.replace("--out .", "").split()]
    subprocess.run([*command, "--out", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    program = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True)
    said = done.stdout
    assert len(re.findall(r"^\S+#1 +\d+% of \d+ windows", said, re.MULTILINE)) == 6
    assert said.count("only clip of it") == 4
    (at_random,) = re.findall(r"at random: (\d+)%", said)
    (halves,) = re.findall(r"second half of both clips: (\d+)% right", said)
    assert int(at_random) > 70
    assert int(halves) > 70
    assert "(30, 33, 4) (30, 33)" in said
