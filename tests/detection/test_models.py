import hashlib
import json
import zipfile

import pytest

from posecore import MODELS, ModelError, model_path
from posecore.detection.models import FACES, FOLDER

MANIFEST = json.loads((FOLDER / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize("name", MODELS)
def test_bundle_is_the_one_in_the_manifest(name: str) -> None:
    assert hashlib.sha256(model_path(name).read_bytes()).hexdigest() == MANIFEST["models"][name]["sha256"]


@pytest.mark.parametrize("name", MODELS)
def test_bundle_is_a_whole_zip_with_stored_aligned_members(name: str) -> None:
    with zipfile.ZipFile(model_path(name)) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        for member in bundle.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            assert (member.header_offset + 30 + len(member.filename)) % 4 == 0


def test_licence_and_origin_stand_beside_the_models() -> None:
    assert "Apache License" in (FOLDER / "LICENSE").read_text("utf-8")
    assert MANIFEST["licence"] == "Apache-2.0"
    assert set(MANIFEST["sources"]) == {"pose_detection", "faces", *MODELS}


def test_the_bundle_of_the_face_detector_is_the_one_in_the_manifest() -> None:
    assert hashlib.sha256(FACES.read_bytes()).hexdigest() == MANIFEST["models"]["faces"]["sha256"]


def test_unknown_model() -> None:
    with pytest.raises(ModelError, match="lite, full, heavy"):
        model_path("best")
