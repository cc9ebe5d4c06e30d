"""What a figure looks like: a jointed mannequin of rounded limbs, each moved by one joint.

Of Drillis and Contini's segments nothing but the lengths, which are the figure's own; girths are those of an average
adult, in parts of the trunk's length.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecore.figure.figure import Figure
from posecore.figure.joints import JOINTS, PARENT, Array
from posecore.figure.limb_rotations import X, Y, Z
from posecore.skeleton import INDEX, Side

FINE, COARSE = 20, 12  # vertices around each part


class Part(NamedTuple):
    """A rounded limb from `begin` to `end` (3,), metres at rest, moved by a joint.

    `begin_size` and `end_size` are how wide and how deep it is there, half, in metres; `bulge` is how far the ends
    stand out beyond these, and without it as far as they are thick.
    """

    joint: str
    begin: Array
    end: Array
    begin_size: tuple[float, float]
    end_size: tuple[float, float]
    bulge: tuple[float, float] | None = None

    @property
    def side(self) -> Side:
        """Whose colour it has."""
        return "left" if self.joint.startswith("left") else "right" if self.joint.startswith("right") else "middle"


class Mesh(NamedTuple):
    """V vertices (V, 3) in metres at rest, their normals (V, 3), the number of the joint (V,) that moves each, and
    triangles (F, 3)."""

    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    joints: NDArray[np.uint8]
    triangles: NDArray[np.uint32]


def rest_places(figure: Figure) -> Array:
    """(J, 3) where the joints are at rest, the hips at the origin."""
    places = np.zeros((len(JOINTS), 3))
    for joint, parent in enumerate(PARENT):
        places[joint] = figure.offsets[joint] + (places[parent] if parent >= 0 else 0)
    return places


def meshes(figure: Figure, around: int = FINE) -> dict[Side, Mesh]:
    """The mannequin's meshes by the side whose colour they have, of so many vertices around each part."""
    found: dict[Side, list[Part]] = {"left": [], "right": [], "middle": []}
    for part in _parts(figure):
        found[part.side].append(part)
    return {side: _joined([_rounded(part, around) for part in parts]) for side, parts in found.items()}


def _parts(figure: Figure) -> list[Part]:
    places = dict(zip(JOINTS, rest_places(figure), strict=True))
    trunk = float(figure.offsets[JOINTS.index("chest"), 1])
    parts = _trunk(figure, places, trunk)
    for side, out in (("left", X), ("right", -X)):
        parts += _arm(places, trunk, side, out) + _leg(figure, places, trunk, side)
    return parts


def _trunk(figure: Figure, places: dict[str, Array], trunk: float) -> list[Part]:
    shoulders = abs(float(figure.offsets[JOINTS.index("left_upper_arm"), 0]))
    hips = abs(float(figure.offsets[JOINTS.index("left_upper_leg"), 0]))
    up, ahead, neck, head = trunk * Y, trunk * Z, places["neck"], places["head"]
    pelvis, waist, ribs = (
        (hips + 0.1 * trunk, 0.19 * trunk),
        (0.23 * trunk, 0.155 * trunk),
        (0.28 * trunk, 0.19 * trunk),
    )
    breast = (max(shoulders - 0.02 * trunk, 0.3 * trunk), 0.18 * trunk)
    skull, round_skull = (0.15 * trunk, 0.19 * trunk), (0.23 * trunk, 0.21 * trunk)
    return [
        Part("hips", -0.02 * up, 0.08 * up, pelvis, pelvis, (0.13 * trunk, 0.1 * trunk)),
        Part("spine", 0.05 * up, 0.6 * up, waist, waist),
        Part("chest", 0.52 * up, 0.86 * up, ribs, breast, (0.12 * trunk, 0.12 * trunk)),
        Part("neck", neck - 0.06 * up, head, (0.095 * trunk,) * 2, (0.085 * trunk,) * 2),
        Part("head", head + 0.05 * up + 0.03 * ahead, head + 0.09 * up + 0.03 * ahead, skull, skull, round_skull),
        Part("head", head + 0.06 * up + 0.2 * ahead, head - 0.02 * up + 0.225 * ahead, *[(0.028 * trunk,) * 2] * 2),
    ]


def _arm(places: dict[str, Array], trunk: float, side: str, out: Array) -> list[Part]:
    shoulder, elbow, wrist = (places[f"{side}_{name}"] for name in ("upper_arm", "lower_arm", "hand"))
    thumb = wrist + 0.04 * trunk * (out + Z), wrist + (0.15 * out + 0.11 * Z) * trunk
    return [
        Part(f"{side}_upper_arm", shoulder, elbow, (0.115 * trunk,) * 2, (0.078 * trunk,) * 2),
        Part(f"{side}_lower_arm", elbow, wrist, (0.085 * trunk,) * 2, (0.05 * trunk,) * 2),
        Part(
            f"{side}_hand",
            wrist,
            wrist + 0.26 * trunk * out,
            (0.04 * trunk, 0.06 * trunk),
            (0.028 * trunk, 0.07 * trunk),
        ),
        Part(f"{side}_hand", *thumb, (0.03 * trunk,) * 2, (0.024 * trunk,) * 2),
    ]


def _leg(figure: Figure, places: dict[str, Array], trunk: float, side: str) -> list[Part]:
    hip, knee, ankle = (places[f"{side}_{name}"] for name in ("upper_leg", "lower_leg", "foot"))
    heel, toe = (ankle + figure.carried[INDEX[f"{side}_{name}"]] + 0.045 * trunk * Y for name in ("heel", "foot_index"))
    return [
        Part(f"{side}_upper_leg", hip, knee, (0.165 * trunk,) * 2, (0.105 * trunk,) * 2),
        Part(f"{side}_lower_leg", knee, ankle, (0.112 * trunk,) * 2, (0.06 * trunk,) * 2),
        Part(f"{side}_foot", heel, toe, (0.07 * trunk, 0.07 * trunk), (0.085 * trunk, 0.045 * trunk)),
    ]


def _rounded(part: Part, around: int) -> Mesh:
    """A body of revolution with round ends, its cross sections ellipses."""
    along = part.end - part.begin
    length = float(np.linalg.norm(along))
    up = along / length
    wide = np.cross(up, Z) if abs(up @ Z) < 0.9 else np.cross(up, Y)
    wide /= np.linalg.norm(wide)
    if abs(up @ X) < 0.9 and wide @ X < 0:
        wide = -wide
    deep = np.cross(wide, up)
    # From one round end over the limb to the other: how far along, and how wide of the full width.
    cap = np.linspace(0, np.pi / 2, around // 3)
    first, last = part.bulge or (min(part.begin_size), min(part.end_size))
    steps = np.concatenate([-np.cos(cap) * first, length + np.sin(cap) * last])
    share = np.concatenate([np.sin(cap), np.cos(cap)])
    mix = np.clip(steps / length, 0, 1)[:, None]
    sizes = (1 - mix) * part.begin_size + mix * part.end_size
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)
    across = share[:, None, None] * sizes[:, None] * circle
    vertices = part.begin + steps[:, None, None] * up + across[..., :1] * wide + across[..., 1:] * deep
    normals = np.cross(np.gradient(vertices, axis=0), _around(vertices))
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-12)
    normals[0], normals[-1] = -up, up  # where the ends close all vertices are one
    rings = np.arange(len(steps) - 1)[:, None] * around
    here = np.arange(around)[None]
    there = (here + 1) % around
    a, b, c, d = rings + here, rings + there, rings + around + here, rings + around + there
    triangles = np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)])
    count = vertices.shape[0] * around
    return Mesh(
        vertices.reshape(-1, 3).astype(np.float32),
        normals.reshape(-1, 3).astype(np.float32),
        np.full(count, JOINTS.index(part.joint), np.uint8),
        triangles.astype(np.uint32),
    )


def _around(vertices: Array) -> Array:
    """From each vertex of a ring to the next."""
    return np.asarray(np.roll(vertices, -1, 1) - np.roll(vertices, 1, 1))


def _joined(parts: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(part.vertices) for part in parts[:-1])])
    triangles = [part.triangles + start for part, start in zip(parts, starts, strict=True)]
    vertices, normals, joints = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return Mesh(vertices, normals, joints, np.concatenate(triangles).astype(np.uint32))
