"""glTF in one file (GLB): a jointed mannequin, skinned, that moves as somebody did.

Format: Khronos Group, glTF 2.0 Specification, ISO/IEC 12113:2022. Joints have the names of VRM's humanoids.
"""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecore.figure.figure import FASTEST, Figure
from posecore.figure.joints import JOINTS, PARENT, humanoid
from posecore.figure.mannequin import FINE, Mesh, meshes, rest_places
from posecore.formats.figures import some_figure
from posecore.palette import SIDES, rgb
from posecore.pose import PoseSequence

_BYTE, _INT, _FLOAT = 5121, 5125, 5126  # glTF's numbers of types
_SHAPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_VERTICES, _TRIANGLES = 34962, 34963  # what a view of the buffer is for
_JSON, _BINARY = 0x4E4F534A, 0x004E4942


def write_glb(sequence: PoseSequence, path: Path, person: int = 0, height_m: float | None = None) -> None:
    """Metres; the figure of `posecore.figure` with the times of its frames.

    Raises:
        WriteError: the person was found in no frame.
    """
    path.write_bytes(glb(some_figure(sequence, person, height_m)))


def glb(figure: Figure, around: int = FINE) -> bytes:
    """The file's content; `around` is how fine the mannequin is, see `meshes`."""
    buffer = _Buffer()
    scene: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "PoseLab"},
        "scene": 0,
        "scenes": [{"nodes": [0, len(JOINTS)], "extras": _notes(figure)}],
        "nodes": [*_joint_nodes(figure), {"name": "mannequin", "mesh": 0, "skin": 0}],
        "skins": [{"joints": list(range(len(JOINTS))), "skeleton": 0, "inverseBindMatrices": _binding(figure, buffer)}],
        "materials": [_material(side) for side in SIDES],
        "meshes": [{"name": "mannequin", "primitives": _primitives(figure, around, buffer)}],
        "animations": [_animation(figure, buffer)],
    }
    scene |= {"accessors": buffer.accessors, "bufferViews": buffer.views, "buffers": [{"byteLength": buffer.length}]}
    words = json.dumps(scene, separators=(",", ":")).encode()
    chunks = [(_JSON, words + b" " * (-len(words) % 4)), (_BINARY, b"".join(buffer.parts))]
    body = b"".join(struct.pack("<II", len(content), kind) + content for kind, content in chunks)
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


class _Buffer:
    """The arrays of a file, one after another."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, Any]] = []
        self.length = 0

    def add(self, values: NDArray[Any], kind: int, target: int | None = None) -> int:
        """The accessor's number of (N, width) values."""
        content = np.ascontiguousarray(values).tobytes()
        content += b"\0" * (-len(content) % 4)
        view = {"buffer": 0, "byteOffset": self.length, "byteLength": len(content)}
        self.views.append(view | ({"target": target} if target else {}))
        accessor: dict[str, Any] = {"bufferView": len(self.views) - 1, "componentType": kind, "count": len(values)}
        accessor["type"] = _SHAPES[values.shape[1]]
        if kind == _FLOAT and values.shape[1] < 4:
            accessor |= {"min": values.min(0).tolist(), "max": values.max(0).tolist()}
        self.accessors.append(accessor)
        self.parts.append(content)
        self.length += len(content)
        return len(self.accessors) - 1


def _joint_nodes(figure: Figure) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    for joint, name in enumerate(JOINTS):
        children = [child for child, parent in enumerate(PARENT) if parent == joint]
        node: dict[str, Any] = {"name": humanoid(name), "translation": figure.offsets[joint].tolist()}
        nodes.append(node | ({"children": children} if children else {}))
    return nodes


def _binding(figure: Figure, buffer: _Buffer) -> int:
    """Column by column, from the room to each joint at rest."""
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(JOINTS), 1, 1))
    matrices[:, 3, :3] = -rest_places(figure)
    return buffer.add(matrices.reshape(-1, 16), _FLOAT)


def _primitives(figure: Figure, around: int, buffer: _Buffer) -> list[dict[str, Any]]:
    found = meshes(figure, around)
    return [_primitive(mesh, list(SIDES).index(side), buffer) for side, mesh in found.items()]


def _primitive(mesh: Mesh, material: int, buffer: _Buffer) -> dict[str, Any]:
    joints = np.zeros((len(mesh.vertices), 4), np.uint8)
    joints[:, 0] = mesh.joints
    weights = np.zeros((len(mesh.vertices), 4), np.float32)
    weights[:, 0] = 1
    attributes = {
        "POSITION": buffer.add(mesh.vertices, _FLOAT, _VERTICES),
        "NORMAL": buffer.add(mesh.normals, _FLOAT, _VERTICES),
        "JOINTS_0": buffer.add(joints, _BYTE, _VERTICES),
        "WEIGHTS_0": buffer.add(weights, _FLOAT, _VERTICES),
    }
    triangles = buffer.add(mesh.triangles.reshape(-1, 1), _INT, _TRIANGLES)
    return {"attributes": attributes, "indices": triangles, "material": material}


def _notes(figure: Figure) -> dict[str, Any]:
    """When the movement begins in the clip, from when to when the person is there, which joints were seen (a bit for
    each and whole bytes for a frame), and how well the figure holds together."""
    seen = np.packbits(figure.seen, axis=1)
    rates = figure.turns()
    turns = rates[1:] * np.diff(figure.time)[:, None]
    return {
        "begin_s": float(figure.time[0]),
        "there_s": figure.time[np.flatnonzero(figure.found)[[0, -1]]].tolist(),
        "joints": len(JOINTS),
        "names": [humanoid(name) for name in JOINTS],
        "trunk_m": round(float(figure.offsets[JOINTS.index("chest"), 1]), 4),
        "slide_cm_s": round(100 * figure.sliding(), 1),
        "largest_turn_deg": round(float(turns.max()) if turns.size else 0.0, 1),
        "jumps": int((rates > FASTEST).any(1).sum()),
        "bytes": seen.shape[1],
        "seen": base64.b64encode(seen.tobytes()).decode(),
        "hip_height_m": round(float(-rest_places(figure)[JOINTS.index("left_foot"), 1]), 4),
    }


def _material(side: str) -> dict[str, Any]:
    colour = np.array(rgb(SIDES[side])) / 255
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)  # IEC 61966-2-1
    metal = {"baseColorFactor": [*np.round(linear, 4).tolist(), 1], "metallicFactor": 0, "roughnessFactor": 0.6}
    return {"name": side, "pbrMetallicRoughness": metal}


def _animation(figure: Figure, buffer: _Buffer) -> dict[str, Any]:
    moments = buffer.add((figure.time - figure.time[0]).astype(np.float32)[:, None], _FLOAT)
    outputs = [(0, "translation", figure.root)]
    outputs += [(joint, "rotation", _steady_signs(figure.rotations[:, joint])) for joint in range(len(JOINTS))]
    samplers = [{"input": moments, "output": buffer.add(values.astype(np.float32), _FLOAT)} for *_, values in outputs]
    channels = [
        {"sampler": number, "target": {"node": node, "path": path}} for number, (node, path, _) in enumerate(outputs)
    ]
    return {"name": "movement", "samplers": samplers, "channels": channels}


def _steady_signs(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """A quaternion and its negative are one rotation; here neighbours have the nearer of the two."""
    flips = (quaternions[1:] * quaternions[:-1]).sum(-1) < 0
    signs = np.concatenate([[1.0], np.where(np.cumsum(flips) % 2, -1.0, 1.0)])
    return np.asarray(quaternions * signs[:, None])
