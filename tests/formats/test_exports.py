"""Every format read back by a reader that is not ours, where there is one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import bvhio
import ezc3d
import numpy as np
import openpyxl
import pandas as pd
import pygltflib
import pytest
from pose_format import Pose as PoseFormatPose
from pycocotools.coco import COCO
from scipy.spatial.transform import Rotation

from posecore import DetectorSettings, PoseSequence, StreamTracker, export, probe, read_frames, read_poselab
from posecore.errors import MediaError, WriteError
from posecore.figure import figure_of
from posecore.figure.joints import JOINTS
from posecore.formats.file_formats import FORMATS
from posecore.kinematics.clinical_angles import CLINICAL, clinical_angles, facing
from posecore.skeleton import INDEX, LANDMARKS


@pytest.fixture(scope="module")
def squats(media: Path) -> PoseSequence:
    """Somebody who squats, at 5 frames a second, whom nobody saw in the third frame."""
    clip = probe(media / "videos" / "pose_squats.mp4")
    with StreamTracker(DetectorSettings("lite", people=1)) as tracker:
        poses = [tracker.track(frame, number / 5) for number, frame in read_frames(clip)][:20]
    found = PoseSequence.from_poses(poses, np.arange(20) / 5, clip.size)
    missing = np.arange(20) == 2
    return found.mapped(lambda values: np.where(missing.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values))


def test_numpy_reads_arrays(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "npz", tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        assert np.array_equal(found["xy_px"], squats.xy, equal_nan=True)
        assert np.array_equal(found["time_s"], squats.time)
        assert found["landmarks"].tolist() == list(LANDMARKS)
        assert found["angles_deg"].shape == (20, 1, 12)


@pytest.mark.parametrize(("kind", "read"), [("parquet", pd.read_parquet), ("wide", pd.read_csv)])
def test_pandas_reads_the_wide_table(squats: PoseSequence, tmp_path: Path, kind: str, read: object) -> None:
    path = tmp_path / f"a{FORMATS[kind].suffix}"
    export(squats, kind, path)
    assert callable(read)
    table = read(path)
    assert table.frame.tolist() == [0, 1, *range(3, 20)]  # who was not found has no row
    knee = squats.xy[3, 0, INDEX["left_knee"]]
    assert table.loc[2, ["left_knee_x_px", "left_knee_y_px"]].to_numpy(float) == pytest.approx(knee, abs=1e-3)
    assert np.isfinite(table.to_numpy(float)).all()


def test_markers_stand_in_the_axes_of_laboratories(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "trc", tmp_path / "a.trc")
    lines = (tmp_path / "a.trc").read_text("utf-8").splitlines()
    assert lines[2].split("\t") == ["5.0000", "5.0000", "20", "33", "mm", "5.0000", "1", "20"]
    names = lines[3].split("\t")[2::3]
    assert names[: len(LANDMARKS)] == list(LANDMARKS)
    table = pd.read_csv(tmp_path / "a.trc", sep="\t", skiprows=6, header=None)
    places = table.iloc[:, 2:].to_numpy(float).reshape(20, 33, 3)
    world = squats.world[:, 0]
    assert np.nanmax(np.abs(places - 1000 * np.stack([-world[..., 2], -world[..., 1], -world[..., 0]], -1))) < 1
    assert np.isnan(places[2]).all()
    head, foot = places[0, INDEX["nose"]], places[0, INDEX["left_ankle"]]
    assert head[1] > foot[1] + 500  # Y is up
    assert places[0, INDEX["right_hip"], 2] > places[0, INDEX["left_hip"], 2]  # Z is to the right


def test_angles_have_names_of_opensims_models(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "mot", tmp_path / "a.mot")
    lines = (tmp_path / "a.mot").read_text("utf-8").splitlines()
    end = lines.index("endheader")
    assert {"nRows=20", "nColumns=13", "inDegrees=yes"} <= set(lines[:end])
    table = pd.read_csv(tmp_path / "a.mot", sep="\t", skiprows=end + 1)
    truth = clinical_angles(squats.xy[:, 0], facing(squats, 0))[:, list(CLINICAL).index("left_knee")]
    assert table["knee_angle_l"].to_numpy() == pytest.approx(truth, abs=1e-3, nan_ok=True)
    assert table["knee_angle_l"].max() > 60  # bent is positive


def test_coco_reads_keypoints(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "coco", tmp_path / "a.coco.json")
    found = COCO(str(tmp_path / "a.coco.json"))
    assert len(found.getImgIds()) == 20
    assert len(found.getAnnIds()) == 19
    (one,) = found.loadAnns(found.getAnnIds(imgIds=[3]))
    points = np.array(one["keypoints"]).reshape(17, 3)
    assert points[13, :2] == pytest.approx(squats.xy[3, 0, INDEX["left_knee"]], abs=0.01)
    assert set(points[:, 2].tolist()) <= {1, 2}


def test_c3d_holds_the_markers(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "c3d", tmp_path / "a.c3d")
    found = ezc3d.c3d(str(tmp_path / "a.c3d"))
    assert found["parameters"]["POINT"]["LABELS"]["value"] == list(LANDMARKS)
    assert found["parameters"]["POINT"]["UNITS"]["value"] == ["mm"]
    assert found["parameters"]["POINT"]["RATE"]["value"] == pytest.approx([5])
    points = found["data"]["points"][:3].transpose(2, 1, 0)
    truth = 1000 * np.stack([-squats.world[:, 0, :, 2], -squats.world[:, 0, :, 1], -squats.world[:, 0, :, 0]], -1)
    assert np.nanmax(np.abs(points - truth)) < 1
    assert np.isnan(points[2]).all()


def test_excel_workbooks_have_a_sheet_a_table(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "xlsx", tmp_path / "深蹲 'a'.xlsx")
    book = openpyxl.load_workbook(tmp_path / "深蹲 'a'.xlsx")
    assert book.sheetnames == ["about", "angles", "landmarks"]
    landmarks = pd.read_excel(tmp_path / "深蹲 'a'.xlsx", "landmarks")
    knee = squats.xy[3, 0, INDEX["left_knee"]]
    assert landmarks.loc[2, ["left_knee_x_px", "left_knee_y_px"]].to_numpy(float) == pytest.approx(knee, abs=1e-3)
    angles = pd.read_excel(tmp_path / "深蹲 'a'.xlsx", "angles")
    assert len(angles) == 19
    assert angles.left_knee.min() < 110 < 160 < angles.left_knee.max()
    assert len(book["angles"]._charts) == 1


def test_pose_format_reads_pixels_metres_and_confidence(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "pose", tmp_path / "a.pose")
    found = PoseFormatPose.read((tmp_path / "a.pose").read_bytes())
    assert [one.name for one in found.header.components] == ["POSE_LANDMARKS", "POSE_WORLD_LANDMARKS"]
    assert found.body.fps == pytest.approx(5)
    values = found.body.data.filled(np.nan)
    assert values.shape == (20, 1, 66, 3)
    assert np.nanmax(np.abs(values[:, 0, :33, :2] - squats.xy[:, 0])) < 0.5
    assert np.nanmax(np.abs(values[:, 0, 33:] - squats.world[:, 0])) < 0.001
    assert np.isnan(values[2]).all()
    assert found.body.confidence[3, 0, :33] == pytest.approx(squats.visibility[3, 0], abs=1e-6)


def test_bvh_moves_as_the_figure(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "bvh", tmp_path / "a.bvh")
    figure = figure_of(squats)
    assert figure is not None
    root = bvhio.readAsHierarchy(str(tmp_path / "a.bvh"))
    joints = figure.joints()
    for frame in range(20):
        root.loadPose(frame)
        found = np.array([tuple(joint.PositionWorld) for joint, _, _ in root.layout()])
        assert found == pytest.approx(joints[frame], abs=1e-4)


def test_gltf_moves_as_the_figure(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "glb", tmp_path / "a.glb")
    figure = figure_of(squats)
    assert figure is not None
    file = pygltflib.GLTF2().load(str(tmp_path / "a.glb"))
    assert file is not None
    places = played(file)
    assert places == pytest.approx(figure.joints(), abs=1e-4)
    names = [file.nodes[number].name for number in file.skins[0].joints]
    assert names[JOINTS.index("left_upper_arm")] == "leftUpperArm"


def played(file: pygltflib.GLTF2) -> np.ndarray:
    """(T, J, 3) where the nodes of the skin are, by the animation and the specification's own rules."""

    def values(accessor: int) -> np.ndarray:
        found = file.accessors[accessor]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[found.type]
        view = file.bufferViews[found.bufferView]
        content = file.binary_blob()[view.byteOffset : view.byteOffset + found.count * width * 4]
        return np.frombuffer(content, np.float32).reshape(-1, width).astype(float)

    (animation,) = file.animations
    tracks = {
        (channel.target.node, channel.target.path): values(animation.samplers[channel.sampler].output)
        for channel in animation.channels
    }
    count = len(tracks[0, "translation"])
    places: dict[int, np.ndarray] = {}

    def visit(node: int, place: np.ndarray, turn: Rotation) -> None:
        offset = tracks.get((node, "translation"), np.tile(file.nodes[node].translation or [0, 0, 0], (count, 1)))
        places[node] = place + turn.apply(offset)
        turn = turn * Rotation.from_quat(tracks[node, "rotation"])
        for child in file.nodes[node].children or []:
            visit(child, places[node], turn)

    visit(0, np.zeros((count, 3)), Rotation.identity(count))
    return np.stack([places[node] for node in file.skins[0].joints], 1)


@pytest.mark.parametrize("kind", ["bvh", "glb"])
def test_nobody_has_no_figure(squats: PoseSequence, tmp_path: Path, kind: str) -> None:
    nobody = squats.mapped(lambda values: np.full_like(values, np.nan))
    with pytest.raises(WriteError, match="Nobody was found"):
        export(nobody, kind, tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_a_movement_of_poselab_opens_as_it_was(squats: PoseSequence, tmp_path: Path) -> None:
    export(squats, "poselab", tmp_path / "深蹲 'a'.poselab")
    found = read_poselab(tmp_path / "深蹲 'a'.poselab")
    assert found.size == squats.size
    for name in ("xy", "z", "world", "visibility", "presence", "time", "frames"):
        assert np.array_equal(getattr(found, name), getattr(squats, name), equal_nan=True)


@pytest.mark.parametrize("what", ["nothing", "cut", "pickle", "other"])
def test_what_is_no_such_file_is_said(squats: PoseSequence, tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.poselab"
    export(squats, "poselab", path)
    if what == "nothing":
        path.write_bytes(b"")
    elif what == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif what == "other":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("about.json", json.dumps({"format": "another"}))
            archive.writestr("sequence.npz", b"")
    else:
        arrays = tmp_path / "arrays.npz"
        np.savez(arrays, xy=np.array([{}], object))
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "about.json", json.dumps({"format": "poselab", "version": 1, "width": 9, "height": 9, "model": ""})
            )
            archive.writestr("sequence.npz", arrays.read_bytes())
    with pytest.raises(MediaError, match="no PoseLab file"):
        read_poselab(path)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_movement_makes_the_same_bytes(squats: PoseSequence, tmp_path: Path, kind: str) -> None:
    export(squats, kind, tmp_path / "one")
    export(squats, kind, tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one", "other"]
