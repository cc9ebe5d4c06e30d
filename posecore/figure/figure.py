"""A figure that moves as somebody in a clip did: what BVH, glTF and the figure on the page show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation, Slerp

from posecore.figure.bone_lengths import fitted
from posecore.figure.joints import AT_JOINTS, CARRIED, JOINTS, Array, chained, placed, turned
from posecore.figure.limb_rotations import Body, X, Y, Z, facing, limb_rotations, unit
from posecore.figure.standing import SIDES, bent_leg, eased, standing, way_of_hips, within_reach
from posecore.kinematics.body_height import EYES
from posecore.kinematics.cleaning import CUTOFF_HZ, LONGEST_GAP_S, fill_gaps, repair_swaps, smooth
from posecore.pose import BoolArray, PoseSequence, frame_rate, torso_lengths
from posecore.skeleton import INDEX, LANDMARKS

_AXES = np.array([1.0, -1.0, -1.0])  # from the model's, whose y runs down and whose z runs away from the camera
FASTEST = 45.0 * 30  # degrees a second that a joint turns; where it is faster the landmarks jump
_ARM = {"upper_arm": 0.175, "lower_arm": 0.25, "hand": 0.235}  # metres, as the model has them at the median
_SOLE = "heel", "foot_index"
_KNEE_AHEAD = 0.05  # metres, how far a straight knee counts as bent


@dataclass(frozen=True, eq=False)
class Figure:
    """One person as J joints, see `joints`, over T frames; metres, X to the left of who faces the camera, Y up, Z
    towards the camera; the ground is Y = 0.

    Attributes:
        offsets: (J, 3) of each joint from the one that it hangs on, at rest.
        rotations: (T, J, 4) quaternions x, y, z, w of each joint against that one.
        root: (T, 3) where the hips are.
        carried: (33, 3) where each landmark lies in the axes of the joint that carries it.
        time: (T,) seconds.
        found: (T,) whether the person was found; in between the figure moves evenly, before and after it rests.
        seen: (T, J) whether the landmarks at the joint were seen, not guessed.
        stands: (T, 2) whether the left and the right foot stand.
    """

    offsets: Array
    rotations: Array
    root: Array
    carried: Array
    time: Array
    found: BoolArray
    seen: BoolArray
    stands: BoolArray

    def joints(self) -> Array:
        """(T, J, 3) where the joints are."""
        return placed(self.offsets, self.rotations, self.root)[0]

    def landmarks(self) -> Array:
        """(T, 33, 3) where the landmarks are."""
        places, turns = placed(self.offsets, self.rotations, self.root)
        result = np.empty((len(self.time), len(LANDMARKS), 3))
        for name, number in INDEX.items():
            joint = JOINTS.index(AT_JOINTS.get(name) or CARRIED[name])
            result[:, number] = places[:, joint] + Rotation.from_quat(turns[:, joint]).apply(self.carried[number])
        return result

    def turns(self) -> Array:
        """(T, J) degrees a second that each joint turns; 0 in the first frame."""
        result = np.zeros(self.rotations.shape[:2])
        for joint in range(len(JOINTS)):
            rotations = Rotation.from_quat(self.rotations[:, joint])
            result[1:, joint] = np.degrees((rotations[:-1].inv() * rotations[1:]).magnitude()) / np.diff(self.time)
        return result

    def jumps(self) -> BoolArray:
        """(T, J) where a joint turns faster than limbs do, since the landmarks jump."""
        return np.asarray(self.turns() > FASTEST)

    def sliding(self) -> float:
        """Metres a second, the fastest that heel, toe or ankle of a standing foot moves; 0 where no foot stands."""
        places = self.landmarks()
        fastest = [0.0]
        for number, side in enumerate(SIDES):
            stays = self.stands[1:, number] & self.stands[:-1, number]
            ends = places[:, [INDEX[f"{side}_{part}"] for part in ("ankle", *_SOLE)]]
            speeds = np.linalg.norm(np.diff(ends, axis=0), axis=-1).max(-1) / np.diff(self.time)
            fastest += speeds[stays].tolist()
        return max(fastest)

    def at(self, time: Array) -> Figure:
        """The figure at other times: it turns evenly from one frame to the next, and rests before and after."""
        inside = np.clip(time, self.time[0], self.time[-1])
        near = np.clip(np.searchsorted(self.time, inside - 1e-9), 0, len(self.time) - 1)
        rotations = self.rotations[near]
        if len(self.time) > 1:
            turning = (Slerp(self.time, Rotation.from_quat(self.rotations[:, joint])) for joint in range(len(JOINTS)))
            rotations = np.stack([one(inside).as_quat() for one in turning], 1)
        root = np.stack([np.interp(inside, self.time, axis) for axis in self.root.T], -1)
        exact = np.isclose(self.time[near], time, atol=1e-6)
        return replace(
            self,
            rotations=rotations,
            root=root,
            time=np.asarray(time),
            found=self.found[near] & exact,
            seen=self.seen[near] & exact[:, None],
            stands=self.stands[near] & exact[:, None],
        )


def figure_of(sequence: PoseSequence, person: int = 0, height_m: float | None = None) -> Figure | None:
    """The movement of one person; None where the person was found in no frame.

    Bones have the length that they have at the median; left and right are alike. The way of the hips through the room
    follows from the feet that stand, and from the picture where none does.

    Args:
        height_m: of the person, without which lengths are those that the model guesses.
    """
    rows = np.flatnonzero(sequence.present[:, person])
    if not len(rows):
        return None
    seen, time = sequence.seen[rows, person], sequence.time[rows]
    body, pixels, torso_px = _cleaned(sequence, person, rows, seen)
    offsets = _offsets(body)
    torso_m = float(offsets[JOINTS.index("chest"), 1])
    # By directions alone: a foot whose leg seems too short is not higher for it.
    stands = standing(pixels, _lowest(fitted(body, offsets, rounds=0)), time, torso_px, torso_m)
    body = fitted(body, offsets)
    rotations = limb_rotations(body)
    build = _Build(offsets, _carried(body, rotations))
    shown = _shown(pixels - [sequence.size[0] / 2, 0], torso_m / torso_px)
    rotations, root = _on_the_ground(build, rotations, time, stands, shown)
    figure = Figure(
        offsets=build.offsets,
        rotations=np.stack([one.as_quat() for one in turned(rotations).values()], 1),
        root=root,
        carried=build.carried,
        time=time,
        found=np.ones(len(rows), np.bool_),
        seen=_joints_seen(seen),
        stands=stands,
    )
    if len(rows) < len(sequence.time):
        figure = figure.at(sequence.time)
    return _scaled(figure, height_m) if height_m else figure


def average_figure() -> Figure:
    """Somebody of usual build who stands still, for whoever is shown live."""
    offsets: dict[str, tuple[float, float, float]] = {"chest": (0, 0.48, 0), "head": (0, 0.18, 0)}
    carried = np.zeros((len(LANDMARKS), 3))
    for side, sign in (("left", 1), ("right", -1)):
        offsets |= {f"{side}_{joint}": (sign * x, 0, 0) for joint, x in _ARM.items()}
        offsets |= {f"{side}_upper_leg": (sign * 0.11, 0, 0), f"{side}_lower_leg": (0, -0.39, 0)}
        offsets[f"{side}_foot"] = (0, -0.37, 0)
        carried[INDEX[f"{side}_heel"]], carried[INDEX[f"{side}_foot_index"]] = (0, -0.045, -0.02), (0, -0.045, 0.15)
    still = np.zeros((1, len(JOINTS), 4))
    still[..., 3] = 1
    return Figure(
        offsets=np.array([offsets.get(name, (0, 0, 0)) for name in JOINTS], np.float64),
        rotations=still,
        root=np.array([[0, 0.39 + 0.37 + 0.045, 0]]),
        carried=carried,
        time=np.zeros(1),
        found=np.ones(1, np.bool_),
        seen=np.ones((1, len(JOINTS)), np.bool_),
        stands=np.ones((1, 2), np.bool_),
    )


class _Build(NamedTuple):
    """`offsets` and `carried` of a figure."""

    offsets: Array
    carried: Array


def _cleaned(sequence: PoseSequence, person: int, rows: NDArray[np.intp], seen: BoolArray) -> tuple[Body, Array, float]:
    """The landmarks in the frames, (n, 33, 2) the same in pixels, and pixels that the torso has.

    As clips are cleaned otherwise; but guessed landmarks stay, since their limbs are marked and look better than none.
    """
    kept = sequence.mapped(lambda values: values[:, person : person + 1])
    kept = repair_swaps(kept)[0]
    kept = fill_gaps(kept, LONGEST_GAP_S)[0]
    kept = smooth(kept, CUTOFF_HZ)
    torso = float(np.median(torso_lengths(kept)[rows, 0]))
    sure = np.where(seen, sequence.visibility[rows, person], np.float32(0))
    body = Body(kept.world[rows, 0].astype(np.float64) * _AXES, sure, frame_rate(sequence.time[rows]))
    return body, kept.xy[rows, 0].astype(np.float64), torso


def _offsets(body: Body) -> Array:
    """(J, 3) of bones as long as at the median, left and right alike."""

    def length(*bones: Array) -> float:
        return float(np.median(np.linalg.norm(bones, axis=-1)))

    def both(a: str, b: str) -> float:
        return length(*(body.at(f"{side}_{a}") - body.at(f"{side}_{b}") for side in SIDES))

    lengths = {
        "chest": length(body.middle("shoulder") - body.middle("hip")) * Y,
        "head": length(body.middle("ear") - body.middle("shoulder")) * Y,
    }
    for side, out in (("left", X), ("right", -X)):
        lengths[f"{side}_upper_arm"] = length(body.across("shoulder")) / 2 * out
        lengths[f"{side}_lower_arm"] = both("shoulder", "elbow") * out
        lengths[f"{side}_hand"] = both("elbow", "wrist") * out
        lengths[f"{side}_upper_leg"] = length(body.across("hip")) / 2 * out
        lengths[f"{side}_lower_leg"] = -both("hip", "knee") * Y
        lengths[f"{side}_foot"] = -both("knee", "ankle") * Y
    return np.array([lengths.get(name, 0 * Y) for name in JOINTS])


def _carried(body: Body, rotations: dict[str, Rotation]) -> Array:
    """(33, 3) at the median, in the axes of the joint that carries the landmark."""
    result = np.zeros((len(LANDMARKS), 3))
    joint_at = {joint: name for name, joint in AT_JOINTS.items()}
    for name, joint in CARRIED.items():
        origin = body.middle("ear") if joint == "head" else body.at(joint_at[joint])
        result[INDEX[name]] = np.median(rotations[joint].inv().apply(body.at(name) - origin), axis=0)
    return result


def _joints_seen(seen: BoolArray) -> BoolArray:
    """(T, J)"""
    at = {joint: [INDEX[name]] for name, joint in AT_JOINTS.items()}
    shoulders, hips = ([INDEX[f"{side}_{part}"] for side in SIDES] for part in ("shoulder", "hip"))
    at |= {"hips": hips, "spine": hips, "chest": shoulders, "neck": shoulders, "head": [INDEX["nose"]]}
    return np.stack([seen[:, at[name]].all(-1) for name in JOINTS], -1)


def _on_the_ground(
    build: _Build, rotations: dict[str, Rotation], time: Array, stands: BoolArray, shown: Array
) -> tuple[dict[str, Rotation], Array]:
    """Rotations with which feet stay where they stand, and the way of the hips through the room."""
    places = chained(build.offsets, rotations)
    rotations = dict(rotations)
    for number, side in enumerate(SIDES):
        rotations[f"{side}_foot"] = _still(rotations[f"{side}_foot"], stands[:, number], time)
    ankles = np.stack([places[f"{side}_foot"] for side in SIDES], 1)
    root, targets = way_of_hips(ankles, stands, shown)
    legs = np.stack([places[f"{side}_upper_leg"] for side in SIDES], 1) + root[:, None]
    nearer = within_reach(legs, targets, stands, sum(_leg_lengths(build, "left")))
    root = np.asarray(root + eased(nearer, np.asarray(stands.any(1)), time))
    for number, side in enumerate(SIDES):
        off = np.where(stands[:, [number]], targets[:, number] - root - ankles[:, number], 0)
        off = eased(off, stands[:, number], time)
        rotations |= _leg_moved(build, rotations, places, side, off)
    soles = _soles(build, chained(build.offsets, rotations), rotations) + root[:, [1]]
    ground = np.median(soles[stands]) if stands.any() else soles.min()
    return rotations, root - ground * Y


def _soles(build: _Build, places: dict[str, Array], rotations: dict[str, Rotation]) -> Array:
    """(T, 2) metres, the height of the lower end of each foot."""
    heights = [
        [places[foot][:, 1] + rotations[foot].apply(build.carried[INDEX[f"{side}_{part}"]])[:, 1] for part in _SOLE]
        for side, foot in ((side, f"{side}_foot") for side in SIDES)
    ]
    return np.asarray(np.min(heights, axis=1).T)


def _lowest(body: Body) -> Array:
    """(T, 2) metres, the height of the lower of each foot's ends."""
    ends = [[body.at(f"{side}_{part}")[:, 1] for part in _SOLE] for side in SIDES]
    return np.asarray(np.min(ends, axis=1).T)


def _shown(pixels: Array, metres_a_pixel: float) -> Array:
    """(T, 3) the way of the hips parallel to the picture, from its middle, so that people stand beside each other."""
    hips = pixels[:, [INDEX["left_hip"], INDEX["right_hip"]]].mean(1)
    moved = hips * [metres_a_pixel, -metres_a_pixel]
    return np.column_stack([moved, np.zeros(len(moved))])


def _leg_lengths(build: _Build, side: str) -> tuple[float, float]:
    """Metres of thigh and shank."""
    thigh, shank = (build.offsets[JOINTS.index(f"{side}_{part}")] for part in ("lower_leg", "foot"))
    return float(np.linalg.norm(thigh)), float(np.linalg.norm(shank))


def _leg_moved(
    build: _Build, rotations: dict[str, Rotation], places: dict[str, Array], side: str, off: Array
) -> dict[str, Rotation]:
    """The rotations of a leg whose ankle is moved by (T, 3) metres; its knee keeps to the side on which it was."""
    names = [f"{side}_{part}" for part in ("upper_leg", "lower_leg", "foot")]
    hip, knee, ankle = (places[name] for name in names)
    before = [rotations[name] for name in names[:2]]
    ahead = knee - (hip + ankle) / 2 + _KNEE_AHEAD * before[0].apply(Z)
    knee, ankle = bent_leg(hip, ankle + off, _leg_lengths(build, side), ahead)
    axis = np.cross(unit(knee - hip), unit(ankle - knee)) + _KNEE_AHEAD * before[0].apply(X)
    after = [facing(knee - hip, axis, -Y, X), facing(ankle - knee, axis, -Y, X)]
    moved = (np.linalg.norm(off, axis=-1) > 0)[:, None]
    return {
        name: Rotation.from_quat(np.where(moved, new.as_quat(), old.as_quat()))
        for name, new, old in zip(names[:2], after, before, strict=True)
    }


def _still(foot: Rotation, stands: BoolArray, time: Array) -> Rotation:
    """A foot's rotations, the same all the time while it stands."""
    still = foot.as_quat()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], stands, [False]]).astype(np.int8)))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        still[begin:end] = foot[begin:end].mean().as_quat()
    off = (Rotation.from_quat(still) * foot.inv()).as_rotvec()
    return Rotation.from_rotvec(eased(off, stands, time)) * foot


def _scaled(figure: Figure, height_m: float) -> Figure:
    eyes = figure.carried[[INDEX["left_eye"], INDEX["right_eye"]], 1].mean()
    heels = figure.carried[[INDEX["left_heel"], INDEX["right_heel"]], 1].mean()
    up = {name: figure.offsets[JOINTS.index(name), 1] for name in ("chest", "head", "left_lower_leg", "left_foot")}
    factor = height_m * EYES / (up["chest"] + up["head"] + eyes - up["left_lower_leg"] - up["left_foot"] - heels)
    return replace(figure, offsets=figure.offsets * factor, root=figure.root * factor, carried=figure.carried * factor)
