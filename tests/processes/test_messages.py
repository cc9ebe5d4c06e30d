"""What may come back from a process that reads strangers' files."""

from __future__ import annotations

import io
import os
import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from posecore import MediaError, Pose, PoseError
from posecore.processes.messages import read_message, sendable, write_message


def through(message: object, *, trusted: bool = False) -> object:
    pipe = io.BytesIO()
    write_message(pipe, message)
    pipe.seek(0)
    return read_message(pipe, trusted=trusted)


def test_data_arrays_and_classes_of_the_library_come_through() -> None:
    pose = Pose.nobody((640, 480))
    frame = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    back = through((pose, frame, Path("a/b"), Fraction(1, 3), {"x": [1.5, None]}))
    assert isinstance(back, tuple)
    assert isinstance(back[0], Pose)
    assert np.array_equal(back[1], frame)
    assert back[2:] == (Path("a/b"), Fraction(1, 3), {"x": [1.5, None]})


def test_errors_come_through_with_their_sentence() -> None:
    back = through(LookupError("gone"))
    assert isinstance(back, LookupError)
    refused = through(MediaError("empty_file"))
    assert isinstance(refused, MediaError)
    assert refused.code == "empty_file"


class Evil:
    def __init__(self, call: object, *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[object, ...]:
        return self.call, self.arguments


@pytest.mark.parametrize(
    "call", [os.system, eval, exec, open, __import__, getattr, os.remove, pickle.loads], ids=lambda call: call.__name__
)
def test_nothing_that_does_something_comes_through(call: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        through(Evil(call, "1"))


def test_a_module_is_not_even_imported_for_a_worker() -> None:
    with pytest.raises(pickle.UnpicklingError):
        through(Evil(io.open_code, "/nowhere"))


def test_what_claims_to_be_huge_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError):
        read_message(io.BytesIO((1).to_bytes(8, "big") + (1 << 60).to_bytes(8, "big")), trusted=False)
    with pytest.raises(EOFError):
        read_message(io.BytesIO(b"\0\0"), trusted=False)


def test_an_error_of_another_library_becomes_words() -> None:
    class Foreign(Exception):  # noqa: N818
        pass

    assert "Foreign" in str(sendable(Foreign("so")))
    error = PoseError("cancelled")
    assert sendable(error) is error
