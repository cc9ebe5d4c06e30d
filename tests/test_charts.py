from __future__ import annotations

import numpy as np

from posecore import ANGLES, Pose, joint_angles
from posecore.charts import angle_chart, skeleton_chart
from posecore.palette import LEFT, RIGHT, faint


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


def test_the_skeleton_in_space_stands_upright(two_people: Pose) -> None:
    joints = skeleton_chart(two_people, 0).data[-2]
    assert len(joints.x) == 33
    heights = np.array(joints.z)
    assert heights[0] > heights[23] > heights[27]  # nose over hip over ankle
    assert joints.text[0] == "nose (guessed)" or joints.text[0] == "nose (seen)"
    assert skeleton_chart(two_people, 0, language="zh").data[-2].text[23].startswith("左髋")


def test_the_whole_body_is_inside_the_cube(two_people: Pose) -> None:
    figure = skeleton_chart(two_people, 0)
    joints = figure.data[-2]
    scene = figure.layout.scene
    for values, axis in ((joints.x, scene.xaxis), (joints.y, scene.yaxis), (joints.z, scene.zaxis)):
        assert axis.range[0] < min(values)
        assert max(values) < axis.range[1]
