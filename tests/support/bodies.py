"""A body of known lengths and angles, seen from anywhere: motions whose repetitions and faults are known by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posecore.pose import PoseSequence
from posecore.skeleton import INDEX, LANDMARKS

TRUNK, UPPER_ARM, FOREARM, THIGH, SHANK = 0.5, 0.3, 0.26, 0.43, 0.42  # metres


@dataclass(frozen=True)
class Shape:
    """Degrees in the plane of walking: of limbs from hanging to forward, of the trunk forward from upright.

    Arms and legs may be given for left and right. `spread` lifts arms sideways, `leg_spread` the legs.
    """

    trunk: float = 3
    side: float = 0
    arm: float | tuple[float, float] = 0
    forearm: float | tuple[float, float] = 10
    spread: float | tuple[float, float] = 5
    forearm_spread: float | tuple[float, float] | None = None
    thigh: float | tuple[float, float] = 2
    shank: float | tuple[float, float] = -3
    leg_spread: float = 3
    heel: float = 0
    knees_in: float = 0  # metres by which each knee goes to the middle


def _pair(value: float | tuple[float, float]) -> tuple[float, float]:
    return value if isinstance(value, tuple) else (value, value)


def world_of(shape: Shape, yaw: float) -> np.ndarray:
    """(33, 3) metres as MediaPipe gives them; yaw 0 looks at the camera, 90 to the right of the picture."""
    a = np.radians(yaw)
    forward, left, down = np.array([np.sin(a), 0, -np.cos(a)]), np.array([np.cos(a), 0, np.sin(a)]), np.array([0, 1, 0])

    def along(degrees: float, sideways: float, outward: np.ndarray) -> np.ndarray:
        f, s = np.radians(degrees), np.radians(sideways)
        return (forward * np.sin(f) + down * np.cos(f)) * np.cos(s) + outward * np.sin(s)

    points = np.zeros((33, 3))
    up = -along(-shape.trunk, 0, left) * np.cos(np.radians(shape.side)) + left * np.sin(np.radians(shape.side))
    top = TRUNK * up
    for i, name in enumerate(LANDMARKS[:11]):
        outward = left * (0.07 if "left" in name else -0.07 if "right" in name else 0)
        nose = along(90 - shape.trunk, 0, left) * (0.02 if "ear" in name else 0.11)
        points[i] = top + 0.2 * up + outward + nose
    for number, (side, sign) in enumerate((("left", 1), ("right", -1))):
        outward = sign * left

        def put(part: str, place: np.ndarray, side: str = side) -> np.ndarray:
            points[INDEX[f"{side}_{part}"]] = place
            return place

        spread = _pair(shape.spread)[number]
        bend = spread if shape.forearm_spread is None else _pair(shape.forearm_spread)[number]
        shoulder = put("shoulder", top + 0.17 * outward)
        elbow = put("elbow", shoulder + UPPER_ARM * along(_pair(shape.arm)[number], spread, outward))
        hand = along(_pair(shape.forearm)[number], bend, outward)
        wrist = put("wrist", elbow + FOREARM * hand)
        for finger in ("pinky", "index", "thumb"):
            put(finger, wrist + 0.08 * hand)
        hip = put("hip", 0.11 * outward)
        knee = hip + THIGH * along(_pair(shape.thigh)[number], shape.leg_spread, outward)
        ankle = put("ankle", knee + SHANK * along(_pair(shape.shank)[number], shape.leg_spread, outward))
        put("knee", knee - shape.knees_in * outward)
        foot = along(90 - shape.heel, 0, outward)
        put("heel", ankle - 0.05 * foot + 0.04 * down)
        put("foot_index", ankle + 0.15 * foot + 0.04 * down)
    return points


def clip_of(
    motion: Callable[[float], Shape],
    seconds: float,
    fps: float = 30,
    yaw: float = 0,
    scale: float = 250,
    noise: float = 0,
    missing: float = 0,
    hide_far_side: bool = False,
) -> PoseSequence:
    """A clip of one person, `scale` pixels a metre; `noise` metres at every landmark, `missing` part of the frames."""
    random = np.random.default_rng(5)
    time = np.arange(round(seconds * fps)) / fps
    world = np.stack([world_of(motion(t), yaw) for t in time.tolist()])
    world = world + random.normal(0, noise, world.shape) if noise else world
    visibility = np.ones((len(time), 33))
    if hide_far_side:
        far = "left" if yaw > 0 else "right"
        visibility[:, [i for i, name in enumerate(LANDMARKS) if far in name]] = 0.2
    gone = random.random(len(time)) < missing
    world[gone] = visibility[gone] = np.nan
    size = (int(4 * scale), int(4 * scale))
    xy = world[..., :2] * scale + np.array(size) / 2
    return PoseSequence(
        xy=xy[:, None],
        z=world[:, None, :, 2] * scale,
        visibility=visibility[:, None],
        presence=visibility[:, None] * 0 + 1,
        world=world[:, None],
        time=time,
        size=size,
    )


def there_and_back(number: int, period: float = 2, rest: float = 0.5, begin: float = 0.5) -> Callable[[float], float]:
    """0 at rest, 1 at the turn, `number` times, each `period` long with a rest after it."""

    def way(time_s: float) -> float:
        place, inside = divmod(time_s - begin, period + rest)
        if time_s < begin or place >= number or inside > period:
            return 0.0
        return float((1 - np.cos(2 * np.pi * inside / period)) / 2)

    return way


def squatting(depth: float = 95, trunk: float = 35, **more: float) -> Callable[[float], Shape]:
    """A squat `way` deep: the knee bends by `depth` degrees, the thigh takes 60 % of it."""

    def shape(way: float) -> Shape:
        extra = {name: way * value for name, value in more.items()}
        return Shape(trunk=3 + way * (trunk - 3), thigh=2 + 0.6 * depth * way, shank=-3 - 0.4 * depth * way, **extra)

    return shape


def lunging(way: float) -> Shape:
    """One foot in front, both knees to about 90 degrees."""
    return Shape(thigh=(2 + 83 * way, 2 - 2 * way), shank=(-3 - 2 * way, -3 - 85 * way))


def pushing_up(way: float, hips: float = 0) -> Shape:
    """Arms from straight to 80 degrees; `hips` degrees by which trunk and legs break, up or down."""
    return Shape(
        trunk=75 + hips, thigh=-75 + hips, shank=-75 + hips, arm=-60 * way, forearm=40 * way, spread=0, heel=60
    )


def sitting_up(way: float) -> Shape:
    return Shape(trunk=-88 + 73 * way, thigh=130, shank=40, arm=60, forearm=120)


def curling(way: float) -> Shape:
    return Shape(arm=5, forearm=10 + 130 * way)


def pressing(way: float) -> Shape:
    return Shape(spread=70 + 100 * way, forearm_spread=180 - 5 * way, arm=0, forearm=0)


def jumping(way: float) -> Shape:
    return Shape(spread=8 + 150 * way, leg_spread=2 + 20 * way)


def raising(way: float, other: float = 0) -> Shape:
    return Shape(thigh=(2 + 88 * way, 2 + 88 * other), shank=(-3 - 10 * way, -3 - 10 * other))


def bending(way: float) -> Shape:
    return Shape(side=32 * way, trunk=0)


def plank(hips: float = 0) -> Shape:
    return Shape(trunk=78 + hips, thigh=-78 + hips, shank=-78 + hips, arm=-5, forearm=85, spread=0, heel=60)


# Parts of the height, from the sole: R. Drillis, R. Contini, Body Segment Parameters, 1966.
_LEVELS = {"heel": 0, "ankle": 0.039, "knee": 0.285, "hip": 0.53, "shoulder": 0.818, "eye": 0.936}


def standing(height: float = 800, frames: int = 12) -> PoseSequence:
    """Somebody of so many pixels, upright, seen from the front."""
    xy = np.full((frames, 1, 33, 2), 500.0)
    for part, level in _LEVELS.items():
        for side in ("left", "right"):
            xy[:, 0, INDEX[f"{side}_{part}"], 1] = 900 - height * level
    ones = np.ones((frames, 1, 33))
    return PoseSequence(xy, ones, ones, ones, np.zeros((frames, 1, 33, 3)), np.arange(frames) / 10, (1000, 1000))
