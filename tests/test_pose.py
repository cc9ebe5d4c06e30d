from __future__ import annotations

import numpy as np
import pytest

from posecore import Pose, PoseSequence


def made_pose(people: int = 1, size: tuple[int, int] = (100, 200)) -> Pose:
    """Everybody's landmarks in the middle of the picture, all seen."""
    ones = np.ones((people, 33), np.float32)
    xy = np.full((people, 33, 2), (size[0] / 2, size[1] / 2), np.float32)
    return Pose(xy, 0 * ones, ones, ones, np.zeros((people, 33, 3), np.float32), size)


def changed(pose: Pose, **arrays: np.ndarray) -> Pose:
    values = {name: getattr(pose, name) for name in ("xy", "z", "visibility", "presence", "world", "size")}
    return Pose(**{**values, **arrays})


def test_wrong_shapes_are_refused() -> None:
    pose = made_pose()
    with pytest.raises(ValueError, match="visibility"):
        changed(pose, visibility=np.ones((1, 32)))
    with pytest.raises(ValueError, match="world"):
        changed(pose, world=np.zeros((2, 33, 3)))


def test_arrays_are_read_only_copies() -> None:
    xy = np.zeros((1, 33, 2), np.float32)
    pose = changed(made_pose(), xy=xy)
    xy[:] = 5
    assert not pose.xy.any()
    with pytest.raises(ValueError, match="read-only"):
        pose.xy[0, 0, 0] = 1


def test_nobody() -> None:
    pose = Pose.nobody((640, 480))
    assert pose.people == 0
    assert pose.world.shape == (0, 33, 3)
    assert pose.boxes.shape == (0, 4)


@pytest.mark.parametrize(
    ("x", "y", "visibility", "presence", "seen"),
    [
        (50, 50, 0.9, 0.9, True),
        (50, 50, 0.4, 0.9, False),
        (50, 50, 0.9, 0.4, False),
        (-1, 50, 0.9, 0.9, False),
        (100, 50, 0.9, 0.9, False),
        (50, 200, 0.9, 0.9, False),
        (np.nan, 50, 0.9, 0.9, False),
    ],
)
def test_seen_means_visible_present_and_inside(
    x: float, y: float, visibility: float, presence: float, seen: bool
) -> None:
    ones = np.ones((1, 33), np.float32)
    xy = np.tile(np.array([x, y], np.float32), (1, 33, 1))
    pose = changed(made_pose(), xy=xy, visibility=ones * visibility, presence=ones * presence)
    assert pose.seen.all() == pose.seen.any() == seen


def test_boxes_hold_seen_landmarks_only() -> None:
    pose = made_pose(2)
    xy, visibility = pose.xy.copy(), pose.visibility.copy()
    xy[0, 0], xy[0, 1], xy[0, 2] = (10, 20), (90, 150), (1, 1)
    visibility[0, 2] = 0
    visibility[1] = 0
    boxes = changed(pose, xy=xy, visibility=visibility).boxes
    assert boxes[0].tolist() == [10, 20, 90, 150]
    assert np.isnan(boxes[1]).all()


def test_resized_scales_pixels_and_leaves_metres() -> None:
    pose = changed(made_pose(), z=np.full((1, 33), 10.0), world=np.ones((1, 33, 3)))
    half = pose.resized((50, 50))
    assert half.size == (50, 50)
    assert half.xy[0, 0].tolist() == [25, 25]
    assert half.z[0, 0] == 5
    assert (half.world == 1).all()


def test_take_keeps_order() -> None:
    pose = made_pose(3)
    z = np.arange(3)[:, None] * np.ones((3, 33))
    assert changed(pose, z=z).take([2, 0]).z[:, 0].tolist() == [2, 0]
    assert changed(pose, z=z).person(1).z[:, 0].tolist() == [1]


def made_sequence() -> PoseSequence:
    """Two people, then one, then nobody."""
    return PoseSequence.from_poses(
        [made_pose(2), made_pose(1), Pose.nobody((100, 200))], np.array([0, 0.2, 0.5]), (100, 200)
    )


def test_a_sequence_is_nan_where_a_person_is_not_found() -> None:
    sequence = made_sequence()
    assert sequence.people == 2
    assert sequence.present.tolist() == [[True, True], [True, False], [False, False]]
    assert sequence.seen.any(-1).tolist() == sequence.present.tolist()
    assert np.isnan(sequence.world[2]).all()
    assert sequence.frame(1).seen[0].all()
    assert not sequence.frame(1).seen[1].any()


def test_time_rises() -> None:
    for time in ([0, 0.2], [0, 0.2, 0.2], [0, 0.3, 0.2]):
        with pytest.raises(ValueError, match="time"):
            PoseSequence.from_poses([made_pose()] * 3, np.array(time), (100, 200))


def test_a_sequence_without_people() -> None:
    sequence = PoseSequence.from_poses([Pose.nobody((10, 10))] * 2, np.array([0, 1]), (10, 10))
    assert sequence.xy.shape == (2, 0, 33, 2)
    assert sequence.present.shape == (2, 0)
