from posecore.skeleton import BONES, COCO17, INDEX, LANDMARKS, MIRROR, bone_side, landmark_side


def test_there_are_33_landmarks_and_35_bones() -> None:
    assert len(LANDMARKS) == len(set(LANDMARKS)) == 33
    assert len(BONES) == len({frozenset(bone) for bone in BONES}) == 35


def test_mirror_swaps_left_and_right_and_is_its_own_inverse() -> None:
    assert LANDMARKS[MIRROR[INDEX["left_knee"]]] == "right_knee"
    assert LANDMARKS[MIRROR[INDEX["mouth_right"]]] == "mouth_left"
    assert MIRROR[0] == 0
    assert [MIRROR[i] for i in MIRROR] == list(range(33))


def test_mirrored_bones_are_bones() -> None:
    bones = {frozenset(bone) for bone in BONES}
    assert {frozenset((MIRROR[a], MIRROR[b])) for a, b in BONES} == bones


def test_coco_order() -> None:
    names = [LANDMARKS[i] for i in COCO17]
    assert names[:5] == ["nose", "left_eye", "right_eye", "left_ear", "right_ear"]
    assert names[5:7] == ["left_shoulder", "right_shoulder"]
    assert names[-2:] == ["left_ankle", "right_ankle"]


def test_sides() -> None:
    assert landmark_side(INDEX["mouth_left"]) == "left"
    assert landmark_side(INDEX["nose"]) == "middle"
    assert bone_side((INDEX["left_hip"], INDEX["left_knee"])) == "left"
    assert bone_side((INDEX["left_hip"], INDEX["right_hip"])) == "middle"
    assert bone_side((INDEX["nose"], INDEX["right_eye_inner"])) == "right"
