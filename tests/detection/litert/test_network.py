from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from posecore import ModelError, model_path
from posecore.detection.litert.network import Network, logistic

DETECTOR = "pose_detector.tflite"


def test_the_logistic() -> None:
    values = np.random.default_rng(0).normal(0, 8, 2000).astype(np.float32)
    assert logistic(values) == pytest.approx(expit(values), abs=1e-6)


def test_the_logistic_of_extremes() -> None:
    assert logistic(np.array([-1000, 0, 1000], np.float32)).tolist() == [0, 0.5, 1]


def test_black_and_white_are_what_the_detector_was_trained_on() -> None:
    network = Network(model_path("lite"), DETECTOR, lowest=-1, threads=1)
    assert network.side == 224
    assert network.run(np.zeros((224, 224, 3), np.uint8))[0].shape == (1, 2254, 12)
    assert (network._levels[0], network._levels[255]) == pytest.approx((-1, 1))


@pytest.mark.parametrize("content", [b"", b"no bundle", Path(__file__).read_bytes()])
def test_a_broken_bundle(tmp_path: Path, content: bytes) -> None:
    bundle = tmp_path / "broken.task"
    bundle.write_bytes(content)
    with pytest.raises(ModelError):
        Network(bundle, DETECTOR, lowest=-1, threads=1)
    with pytest.raises(ModelError):
        Network(tmp_path / "missing.task", DETECTOR, lowest=-1, threads=1)
