from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from posecore import ModelError, model_path
from posecore.network import Network, direction, logistic, sine_and_cosine

DETECTOR = "pose_detector.tflite"


def test_the_logistic_is_that_of_the_c_library() -> None:
    """SciPy calls the C library's exponential too."""
    values = np.random.default_rng(0).normal(0, 8, 200_000).astype(np.float32)
    assert (logistic(values) == expit(values)).all()


def test_the_logistic_of_extremes() -> None:
    assert logistic(np.array([-1000, 0, 1000], np.float32)).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("angle", [-3.0, -1.0792202, 0.0, 0.5, 3.1])
def test_angles(angle: float) -> None:
    sine, cosine = sine_and_cosine(angle)
    assert (sine, cosine) == pytest.approx((math.sin(angle), math.cos(angle)), abs=1e-7)
    assert direction(float(cosine), float(sine)) == pytest.approx(angle, abs=1e-6)


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
