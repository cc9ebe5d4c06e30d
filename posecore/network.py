"""A neural network in LiteRT, and the few functions of float32 around it that must agree with MediaPipe's."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from posecore.errors import ModelError
from posecore.images import Frame
from posecore.pose import FloatArray

# MediaPipe calls the C library's functions of float32. NumPy's own differ in the last place at one value in six.
_C_LIBRARY = ctypes.PyDLL("ucrtbase" if os.name == "nt" else None)
# The C library's exponential is off by 0.502 of a last place at most, so only this near to a tie it rounds differently.
_NEARLY_A_TIE = 3e-10


class Network:
    """One open network; for one thread at a time."""

    def __init__(self, bundle: Path, name: str, lowest: float, threads: int) -> None:
        """Open it.

        Args:
            bundle: MediaPipe's file of the models of a task.
            name: of the model in it.
            lowest: what black becomes at the input, -1 or 0; white becomes 1.
            threads: that one run uses.

        Raises:
            ModelError: the bundle is broken.
        """
        try:
            self._content = _model(bundle, name)
            self._interpreter: Any = Interpreter(model_content=self._content, num_threads=threads)
            self._interpreter.allocate_tensors()
        except (BadZipFile, KeyError, OSError, RuntimeError, ValueError) as error:
            raise ModelError("model_broken", name=bundle.stem) from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]
        self.side: int = self._interpreter.get_input_details()[0]["shape"][1]  # of its pictures, pixels
        scale = np.float32((1 - lowest) / np.float32(255))
        self._levels = (np.arange(256) * float(scale) + lowest).astype(np.float32)

    def run(self, picture: Frame) -> list[FloatArray]:
        """What it says of a picture (side, side, 3) uint8 RGB. The arrays are good until the next run."""
        cv2.LUT(picture, self._levels, self._interpreter.tensor(self._input)()[0])
        self._interpreter.invoke()
        return [self._interpreter.tensor(output)() for output in self._outputs]


def logistic(values: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)) of each value."""
    with np.errstate(over="ignore"):  # infinite powers are right: their logistic is 0
        exact = np.exp(-values.astype(np.float64))
        powers = exact.astype(np.float32)
        near = (exact * (1 - _NEARLY_A_TIE)).astype(np.float32) != (exact * (1 + _NEARLY_A_TIE)).astype(np.float32)
    powers[near] = [_exp(-value) for value in values[near].tolist()]
    return np.float32(1) / (np.float32(1) + powers)


def sine_and_cosine(angle: float) -> tuple[np.float32, np.float32]:
    """Of an angle in radians."""
    return np.float32(_sin(angle)), np.float32(_cos(angle))


def direction(x: float, y: float) -> float:
    """The angle of a vector in radians, from the x axis towards the y axis."""
    return _atan2(y, x)


@cache
def _model(bundle: Path, name: str) -> bytes:
    """Kept, since every segment and every stream opens it again, which takes half as long again where it is read."""
    with ZipFile(bundle) as archive:
        return archive.read(name)


def _function(name: str, arguments: int = 1) -> Callable[..., float]:
    function = getattr(_C_LIBRARY, name)
    function.restype = ctypes.c_float
    function.argtypes = [ctypes.c_float] * arguments
    return function  # type: ignore[no-any-return]  # ctypes knows no signatures


_exp, _sin, _cos, _atan2 = _function("expf"), _function("sinf"), _function("cosf"), _function("atan2f", 2)
