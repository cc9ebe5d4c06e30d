from __future__ import annotations

import numpy as np

from posecore import ANGLES, Pose, joint_angles
from posecore.palette import LEFT, RIGHT, SIDES, faint
from posecore.visuals.pose_charts import angle_chart, skeleton_chart


def bars(figure: object) -> list:
    return [trace for trace in figure.data if trace.type == "bar"]


def test_bars_hold_the_angles_left_beside_right(two_people: Pose) -> None:
    left, right = bars(angle_chart(two_people, 1))
    angles = dict(zip(ANGLES, joint_angles(two_people.xy[1]), strict=True))
    assert list(left.y) == ["Elbow", "Shoulder", "Hip", "Knee", "Ankle", "Wrist"]
    assert np.allclose(left.x, [angles[f"left_{joint.lower()}"] for joint in left.y])
    assert np.allclose(right.x, [angles[f"right_{joint.lower()}"] for joint in right.y])
    in_space = bars(angle_chart(two_people, 1, in_space=True))[0]
    assert np.allclose(in_space.x[0], joint_angles(two_people.world[1])[0])


def test_guessed_bars_are_faint_hatched_and_marked(astronaut: Pose) -> None:
    left, right = bars(angle_chart(astronaut, 0))
    knee = list(left.y).index("Knee")
    assert left.marker.color[knee] == faint(LEFT)
    assert left.marker.pattern.shape[knee] == "/"
    assert left.text[knee].startswith("≈")
    assert left.customdata[knee] == "guessed"
    assert RIGHT not in [right.marker.color[knee]]


def test_seen_bars_are_solid_and_the_key_names_only_what_is_there(two_people: Pose) -> None:
    figure = angle_chart(two_people, 1)
    solid = [trace.marker.color[3] for trace in bars(figure)]
    assert solid == [LEFT, RIGHT]
    names = [trace.name for trace in figure.data if trace.type == "scatter"]
    assert names in (["Left", "Right"], ["Left", "Right", "Guessed"])


def test_missing_angles_have_no_bar_and_no_number() -> None:
    nan = np.full((1, 33), np.nan, np.float32)
    pose = Pose(nan[..., None].repeat(2, -1), nan, nan, nan, nan[..., None].repeat(3, -1), (10, 10))
    assert set(bars(angle_chart(pose, 0))[0].text) == {""}


def test_units_and_words_in_both_languages(astronaut: Pose) -> None:
    assert "degrees" in angle_chart(astronaut, 0).layout.xaxis.title.text
    chinese = angle_chart(astronaut, 0, language="zh")
    assert "度" in chinese.layout.xaxis.title.text
    assert bars(chinese)[0].y[0] == "肘"
    assert {t.name for t in chinese.data if t.type == "scatter"} == {"左侧", "右侧", "推测"}


def joints_in_space(figure: object) -> dict[str, tuple[float, float, float]]:
    """Name and place of each joint in the skeleton chart."""
    markers = [trace for trace in figure.data if trace.mode == "markers"]
    return {t: p for trace in markers for t, *p in zip(trace.text, trace.x, trace.y, trace.z, strict=True)}


def test_the_skeleton_in_space_stands_upright(two_people: Pose) -> None:
    joints = joints_in_space(skeleton_chart(two_people, 1))
    assert len(joints) == 33
    heights = {name.split(" (")[0]: place[2] for name, place in joints.items()}
    assert heights["nose"] > heights["left hip"] > heights["left ankle"]
    assert any(name.startswith("左髋") for name in joints_in_space(skeleton_chart(two_people, 1, language="zh")))


def test_guessed_joints_in_space_have_the_colour_of_their_side_but_faint(astronaut: Pose) -> None:
    figure = skeleton_chart(astronaut, 0)
    assert all(
        "(guessed)" in text
        for trace in figure.data
        if trace.mode == "markers" and trace.opacity < 1
        for text in trace.text
    )
    dashed = [trace for trace in figure.data if trace.mode == "lines" and trace.line.dash == "dash"]
    assert {trace.line.color for trace in dashed} <= set(SIDES.values())
    assert all(trace.opacity < 1 for trace in dashed)


def test_the_whole_body_is_inside_the_cube(two_people: Pose) -> None:
    figure = skeleton_chart(two_people, 0)
    places = np.array(list(joints_in_space(figure).values()))
    for axis, values in zip(("xaxis", "yaxis", "zaxis"), places.T, strict=True):
        low, high = figure.layout.scene[axis].range
        assert low < values.min()
        assert values.max() < high
