"""A neural network in LiteRT."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from posecore.errors import ModelError
from posecore.media.picture_files import Frame
from posecore.pose import FloatArray


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
        self._levels = np.linspace(lowest, 1, 256, dtype=np.float32)

    def run(self, picture: Frame) -> list[FloatArray]:
        """What it says of a picture (side, side, 3) uint8 RGB. The arrays are good until the next run."""
        cv2.LUT(picture, self._levels, self._interpreter.tensor(self._input)()[0])
        self._interpreter.invoke()
        return [self._interpreter.tensor(output)() for output in self._outputs]


def logistic(values: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)) of each value; written so that nothing overflows."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), np.float32)


@cache
def _model(bundle: Path, name: str) -> bytes:
    """Kept, since every segment and every stream opens it again, which takes half as long again where it is read."""
    with ZipFile(bundle) as archive:
        return archive.read(name)
