"""What the browser makes of landmarks live is what posecore makes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser
from scipy.spatial.transform import Rotation

from posecore.figure.joints import JOINTS, humanoid
from posecore.figure.limb_rotations import Body, limb_rotations
from posecore.skeleton import LANDMARKS
from tests.browser.test_figure import tracked
from tests.support.modules import ORIGIN, page_beside_modules, run

# One picture after another with seconds between them, so that nothing of the one before is left.
CODE = f"""return import('{ORIGIN}/three/three_bundle.mjs').then((three) => {{
    const limbs = new m.Limbs(three, value.landmarks);
    const turned = (row, k) => limbs.rotations(Float32Array.from(row), 1000 * k);
    return value.rows.map(turned).map((one) => value.joints.map((name) => one[name].toArray()));
}});"""


def test_joints_turn_as_in_clips(browser: Browser, media: Path) -> None:
    sequence = tracked(media)
    rows = [0, 4, 8, 10, 14]
    points = np.concatenate(
        [
            sequence.xy[rows, 0],
            sequence.z[rows, 0, :, None],
            sequence.visibility[rows, 0, :, None],
            sequence.presence[rows, 0, :, None],
            sequence.world[rows, 0],
        ],
        -1,
    )
    joints = [humanoid(name) for name in JOINTS]
    value = {"landmarks": LANDMARKS, "joints": joints, "rows": points.reshape(len(rows), -1).tolist()}
    with page_beside_modules(browser) as page:
        found = np.array(run(page, "figure/limbs", CODE, value))
    for k, row in enumerate(rows):
        sure = np.where(np.minimum(sequence.visibility, sequence.presence) >= 0.5, sequence.visibility, 0)[[row], 0]
        one = Body(sequence.world[[row], 0].astype(float) * [1, -1, -1], sure.astype(np.float32), 1.0)
        for name, truth in limb_rotations(one).items():
            apart = np.degrees((truth[0].inv() * Rotation.from_quat(found[k, JOINTS.index(name)])).magnitude())
            assert apart == pytest.approx(0, abs=0.5), f"{name} in {row}"
