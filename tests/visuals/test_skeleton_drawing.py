"""What is drawn, where, and in which colour; on real pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecore import STYLES, Pose, decode_image, draw_pose
from posecore.palette import CLASSIC_BONE, CLASSIC_JOINT, LEFT, PAPER, RIGHT, confidence_rgb, rgb
from posecore.skeleton import INDEX
from posecore.visuals.skeleton_drawing import Style, changed, line_width
from tests.support.paths import SAMPLES

ASTRONAUT = decode_image(SAMPLES / "astronaut.png")
TWO_PEOPLE = decode_image(SAMPLES / "two_people.jpg")


def colour_at(frame: np.ndarray, point: np.ndarray) -> list[int]:
    x, y = point.round().astype(int)
    return frame[y, x].tolist()


def middle(pose: Pose, person: int, first: str, second: str) -> np.ndarray:
    return pose.xy[person, [INDEX[first], INDEX[second]]].mean(0)


@pytest.mark.parametrize(("style", "left", "right"), [("sides", LEFT, RIGHT), ("classic", CLASSIC_BONE, CLASSIC_BONE)])
def test_bones_have_their_colours(two_people: Pose, style: str, left: str, right: str) -> None:
    drawn = draw_pose(TWO_PEOPLE, two_people, style)
    for person in range(2):
        assert colour_at(drawn, middle(two_people, person, "left_hip", "left_knee")) == list(rgb(left))
        assert colour_at(drawn, middle(two_people, person, "right_hip", "right_knee")) == list(rgb(right))


def test_classic_joints_are_red(two_people: Pose) -> None:
    drawn = draw_pose(TWO_PEOPLE, two_people, "classic")
    assert colour_at(drawn, two_people.xy[0, INDEX["left_knee"]]) == list(rgb(CLASSIC_JOINT))


def test_confidence_is_the_colour_of_the_visibility(two_people: Pose) -> None:
    drawn = draw_pose(TWO_PEOPLE, two_people, "confidence")
    knee = INDEX["left_knee"]
    assert colour_at(drawn, two_people.xy[0, knee]) == list(confidence_rgb(two_people.visibility[0, knee]))
    assert confidence_rgb(0) != confidence_rgb(0.5) != confidence_rgb(1)


def test_the_skeleton_alone_shows_nothing_of_the_picture(astronaut: Pose) -> None:
    drawn = draw_pose(ASTRONAUT, astronaut, "skeleton")
    other = draw_pose(255 - ASTRONAUT, astronaut, "skeleton")
    assert (drawn == other).all()
    assert (drawn == rgb(PAPER)).all(-1).mean() > 0.8


def test_guessed_bones_are_faint_and_dashed(astronaut: Pose) -> None:
    """Along a guessed bone the drawing touches the picture in parts, and nowhere with its full colour."""
    ground = np.zeros_like(ASTRONAUT)
    drawn = draw_pose(ground, astronaut)
    a, b = astronaut.xy[0, INDEX["left_shoulder"]], astronaut.xy[0, INDEX["left_elbow"]]
    assert not astronaut.seen[0, INDEX["left_elbow"]]
    steps = (a + (b - a) * np.linspace(0.15, 0.85, 200)[:, None]).round().astype(int)
    along = drawn[steps[:, 1], steps[:, 0]]
    touched = along.max(-1) > 40
    assert 0.3 < touched.mean() < 0.8
    assert not (along == rgb(LEFT)).all(-1).any()
    assert np.abs(np.diff(touched.astype(int))).sum() >= 4


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("moved", [0, 200, -300])
def test_nothing_changes_but_where_drawing_says_so(astronaut: Pose, two_people: Pose, style: Style, moved: int) -> None:
    for picture, pose in (
        (ASTRONAUT, replace(astronaut, xy=astronaut.xy + np.float32(moved))),
        (TWO_PEOPLE, two_people),
    ):
        changes = (draw_pose(picture, pose, style) != picture).any(-1)
        assert changes.any()
        box = changed(pose, style)
        assert box is not None
        changes[box.top : box.bottom, box.left : box.right] = False
        assert not changes.any()


def test_nobody_changes_nothing(astronaut: Pose) -> None:
    assert changed(Pose.nobody((640, 480))) is None
    assert changed(replace(astronaut, xy=np.full_like(astronaut.xy, np.nan))) is None


def test_the_frame_given_stays_as_it_was(astronaut: Pose) -> None:
    before = ASTRONAUT.copy()
    for style in STYLES:
        assert (draw_pose(ASTRONAUT, astronaut, style) != before).any()
        assert (before == ASTRONAUT).all()


def test_numbers_only_with_several_people(two_people: Pose) -> None:
    one = two_people.person(0)
    head = one.boxes[0][1]
    changed = (draw_pose(TWO_PEOPLE, one) != TWO_PEOPLE).any(-1).any(1)
    assert np.flatnonzero(changed)[0] > head - 40
    both = draw_pose(TWO_PEOPLE, two_people)
    assert (draw_pose(TWO_PEOPLE, two_people, selected=1) != both).any()


def test_the_pose_is_scaled_with_the_picture(two_people: Pose) -> None:
    half = TWO_PEOPLE[::2, ::2]
    drawn = draw_pose(half, two_people)
    assert colour_at(drawn, middle(two_people, 0, "left_hip", "left_knee") / 2) == list(rgb(LEFT))


def test_lines_grow_with_the_picture_and_shrink_with_the_person(two_people: Pose) -> None:
    width = line_width(two_people, 0)
    assert line_width(two_people.resized((two_people.size[0] * 2, two_people.size[1] * 2)), 0) == pytest.approx(
        2 * width
    )
    far = Pose(
        two_people.xy * 0.1,
        two_people.z,
        two_people.visibility,
        two_people.presence,
        two_people.world,
        two_people.size,
    )
    assert 1.5 <= line_width(far, 0) < width / 2


def test_nobody_and_missing_points() -> None:
    size = ASTRONAUT.shape[1], ASTRONAUT.shape[0]
    assert (draw_pose(ASTRONAUT, Pose.nobody(size)) == ASTRONAUT).all()
    nan = np.full((2, 33), np.nan, np.float32)
    missing = Pose(nan[..., None].repeat(2, -1), nan, nan, nan, nan[..., None].repeat(3, -1), size)
    for style in ("sides", "classic", "confidence"):
        assert (draw_pose(ASTRONAUT, missing, style) == ASTRONAUT).all()


def test_points_far_outside_do_no_harm(two_people: Pose) -> None:
    wild = Pose(
        two_people.xy * 1e7, two_people.z, two_people.visibility, two_people.presence, two_people.world, two_people.size
    )
    assert draw_pose(TWO_PEOPLE, wild).shape == TWO_PEOPLE.shape


def test_missing_visibility_counts_as_doubtful(two_people: Pose) -> None:
    nan = np.full_like(two_people.visibility, np.nan)
    pose = Pose(two_people.xy, two_people.z, nan, nan, two_people.world, two_people.size)
    assert (draw_pose(TWO_PEOPLE, pose, "confidence") != TWO_PEOPLE).any()
