"""BVH: a figure's joints and how they turn, for Blender, Maya and game engines.

Format: M. Meredith, S. Maddock, Motion Capture File Formats Explained, University of Sheffield, 2001.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from posecore.figure.figure import Figure
from posecore.figure.joints import JOINTS, PARENT, humanoid
from posecore.formats.csv_tables import write_rows
from posecore.formats.figures import some_figure
from posecore.pose import PoseSequence, frame_rate
from posecore.skeleton import INDEX

_ENDS = {"head": "nose", "left_hand": "left_index", "right_hand": "right_index"}
_ENDS |= {"left_foot": "left_foot_index", "right_foot": "right_foot_index"}
_EVEN = 0.01  # of a step that frames may be off their even time
_PLACES, _TURNS = "Xposition Yposition Zposition", "Zrotation Xrotation Yrotation"


def write_bvh(sequence: PoseSequence, path: Path, person: int = 0, height_m: float | None = None) -> None:
    """Metres and degrees; even steps of time, the sequence's median, from its first frame on."""
    import pandas as pd

    figure = some_figure(sequence, person, height_m)
    rate = frame_rate(sequence.time)
    steps = max(round((figure.time[-1] - figure.time[0]) * rate), 0) + 1
    times = figure.time[0] + np.arange(steps) / rate
    same = len(times) == len(figure.time) and np.abs(times - figure.time).max() < _EVEN / rate
    even = figure if same else figure.at(times)
    turns = (Rotation.from_quat(even.rotations[:, joint]).as_euler("ZXY") for joint in range(len(JOINTS)))
    # Without steps of whole turns, between which programs would spin a joint.
    columns = np.hstack([even.root, *(np.degrees(np.unwrap(angles, axis=0)) for angles in turns)])
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("HIERARCHY\n" + "\n".join(_hierarchy(figure, 0, 0)) + "\nMOTION\n")
        file.write(f"Frames: {steps}\nFrame Time: {1 / rate:.6f}\n")
        write_rows(pd.DataFrame(columns), file, " ", 5)


def _hierarchy(figure: Figure, joint: int, depth: int) -> list[str]:
    """The lines of a joint and of all that hang on it."""
    name, indent = JOINTS[joint], "\t" * depth
    offset = " ".join(f"{value:.6f}" for value in figure.offsets[joint])
    channels = f"CHANNELS 3 {_TURNS}" if depth else f"CHANNELS 6 {_PLACES} {_TURNS}"
    lines = [f"{indent}{'JOINT' if depth else 'ROOT'} {humanoid(name)}", f"{indent}{{", f"{indent}\tOFFSET {offset}"]
    lines.append(f"{indent}\t{channels}")
    for child in range(len(JOINTS)):
        if PARENT[child] == joint:
            lines += _hierarchy(figure, child, depth + 1)
    if name in _ENDS:
        end = " ".join(f"{value:.6f}" for value in figure.carried[INDEX[_ENDS[name]]])
        lines += [f"{indent}\tEnd Site", f"{indent}\t{{", f"{indent}\t\tOFFSET {end}", f"{indent}\t}}"]
    return [*lines, f"{indent}}}"]
