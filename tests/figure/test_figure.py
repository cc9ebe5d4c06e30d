"""A figure that holds together: like the landmarks, bones of one length, hinges that bend one way, feet that stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from posecore import DetectorSettings, PoseSequence, StreamTracker, probe, read_frames
from posecore.figure import Figure, figure_of
from posecore.figure.joints import AT_JOINTS, JOINTS, PARENT, Array
from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.kinematics.joint_angles import ANGLES, joint_angles
from posecore.skeleton import INDEX
from tests.support.four_views import load_cameras, load_views, seen, triangulated

# Where left and right are mixed up or landmarks jump: frames a second, people, and metres off of all landmarks and of
# those at joints that can be trusted.
MIXED_UP = {"balance_cam02.mp4": (60.0, 1, 0.045, 0.041), "sports2d_demo.mp4": (30.0, 2, 0.051, 0.034)}
CLIPS = {"pose_squats.mp4": 5.0, "balance_cam01.mp4": 60.0, "balance_cam03.mp4": 60.0}


@pytest.fixture(scope="module", params=CLIPS)
def sequence(media: Path, request: pytest.FixtureRequest) -> PoseSequence:
    return _found(media / "videos" / request.param, CLIPS[request.param])


def _found(path: Path, rate: float, people: int = 1) -> PoseSequence:
    clip = probe(path)
    with StreamTracker(DetectorSettings("full", people=people)) as tracker:
        poses = [tracker.track(frame, number / rate) for number, frame in read_frames(clip)]
    return PoseSequence.from_poses(poses, np.arange(len(poses)) / rate, clip.size)


@pytest.fixture(scope="module")
def figure(sequence: PoseSequence) -> Figure:
    found = figure_of(sequence)
    assert found is not None
    return found


def _off(sequence: PoseSequence, figure: Figure) -> Array:
    """(T, 33) metres between the landmarks of figure and clip, both from the middle of the hips."""
    truth = _landmarks(clean(sequence, CleaningSettings(drop=False)).sequence)
    return np.asarray(np.linalg.norm(figure.landmarks() - figure.root[:, None] - truth, axis=-1))


def _landmarks(sequence: PoseSequence) -> Array:
    """(T, 33, 3) in the axes of figures."""
    return np.asarray(sequence.world[:, 0] * [1.0, -1.0, -1.0])


def test_it_is_where_the_landmarks_are(sequence: PoseSequence, figure: Figure) -> None:
    assert np.nanmean(_off(sequence, figure)) < 0.027


@pytest.mark.parametrize("clip", ["balance_cam02.mp4", pytest.param("sports2d_demo.mp4", marks=pytest.mark.slow)])
def test_it_is_near_landmarks_that_are_mixed_up(media: Path, clip: str) -> None:
    rate, people, most, most_at_joints = MIXED_UP[clip]
    sequence = _found(media / "videos" / clip, rate, people)
    found = figure_of(sequence)
    assert found is not None
    off, joints = _off(sequence, found), [INDEX[name] for name in AT_JOINTS]
    measured = clean(sequence, CleaningSettings(drop=False)).measured[:, 0]
    assert np.nanmean(off) < most
    assert off[:, joints][measured[:, joints]].mean() < most_at_joints
    assert found.sliding() < 0.02


@pytest.mark.slow
def test_it_is_as_near_as_the_landmarks_to_what_three_other_cameras_see(media: Path) -> None:
    joints = [INDEX[name] for name in AT_JOINTS]
    cameras, views = load_cameras(media), load_views(media)
    cleaned = [clean(view, CleaningSettings(drop=False)).sequence for view in views]
    nearer = []
    for number, view in enumerate(views):
        others = [other for other in range(4) if other != number]
        places, weights = zip(*(seen(cleaned[other], joints) for other in others), strict=True)
        truth = triangulated([cameras[other] for other in others], places, weights)
        found = figure_of(view)
        assert found is not None
        landmarks = _landmarks(cleaned[number])
        nearer.append(_apart(found.landmarks()[:, joints], truth) / _apart(landmarks[:, joints], truth))
    assert max(nearer) < 1.02
    assert nearer[1] < 0.95  # this camera's landmarks change their size and sides


def _apart(places: Array, truth: Array) -> float:
    """Millimetres from the truth, turned and scaled to it once for the whole clip, both from the middle of the hips."""
    hips = [list(AT_JOINTS).index(f"{side}_hip") for side in ("left", "right")]
    one, other = ((values - values[:, hips].mean(1, keepdims=True)).reshape(-1, 3) for values in (places, truth))
    turned = Rotation.align_vectors(other, one)[0].apply(one)
    return float(np.linalg.norm(turned * (turned * other).sum() / (turned**2).sum() - other, axis=-1).mean())


def test_bones_keep_their_length(figure: Figure) -> None:
    places = figure.joints()
    for joint, parent in enumerate(PARENT):
        if parent >= 0:
            lengths = np.linalg.norm(places[:, joint] - places[:, parent], axis=-1)
            assert np.ptp(lengths) < 1e-6


def test_elbows_and_knees_bend_one_way_as_measured(sequence: PoseSequence, figure: Figure) -> None:
    interior = joint_angles(sequence.world[:, 0])
    for side in ("left", "right"):
        knee = Rotation.from_quat(figure.rotations[:, JOINTS.index(f"{side}_lower_leg")]).as_rotvec()
        assert (knee[:, 0] > -1e-3).all()  # about the axis to the left: the shank goes backwards
        assert np.abs(knee[:, 1:]).max() < 0.02
        measured = interior[:, list(ANGLES).index(f"{side}_knee")]
        off = np.degrees(np.linalg.norm(knee, axis=-1)) - (180 - measured)
        assert np.median(np.abs(off)) < 8


def test_feet_stand_still_while_they_stand(figure: Figure) -> None:
    assert figure.stands.any()
    places = figure.landmarks()
    for number, side in enumerate(("left", "right")):
        stays = figure.stands[1:, number] & figure.stands[:-1, number]
        for part in ("ankle", "heel", "foot_index"):
            steps = np.diff(places[:, INDEX[f"{side}_{part}"]], axis=0)[stays]
            assert (np.linalg.norm(steps, axis=-1) / np.diff(figure.time)[stays] < 0.02).all()


def test_no_joint_turns_faster_than_limbs_do(figure: Figure) -> None:
    assert not figure.jumps().any()


def test_a_height_scales_everything(sequence: PoseSequence, figure: Figure) -> None:
    tall, small = (figure_of(sequence, height_m=height) for height in (2.0, 1.0))
    assert tall is not None
    assert small is not None
    assert tall.joints() == pytest.approx(2 * small.joints())
    assert tall.rotations == pytest.approx(figure.rotations)


def test_between_findings_it_moves_evenly(sequence: PoseSequence) -> None:
    missing = np.zeros(len(sequence.time), np.bool_)
    missing[10:13] = True
    gap = sequence.mapped(lambda values: np.where(missing.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values))
    found = figure_of(gap)
    assert found is not None
    assert found.found.tolist() == (~missing).tolist()
    assert not found.seen[10:13].any()
    assert np.isfinite(found.landmarks()).all()


def test_nobody_is_no_figure(sequence: PoseSequence) -> None:
    assert figure_of(sequence.mapped(lambda values: np.full_like(values, np.nan))) is None
