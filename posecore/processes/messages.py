"""What goes between a process and its workers: pickles through pipes.

A worker reads strangers' files, so what comes back from it is not trusted: only data is unpickled, and classes of this
library.
"""

from __future__ import annotations

import builtins
import io
import pickle
import struct
from typing import IO, Any

from posecore.errors import PoseError, rebuild_error

_LENGTH = struct.Struct(">Q")
_MOST_BYTES = 2 << 30
_NUMPY = ("_reconstruct", "_frombuffer", "ndarray", "dtype", "scalar")
_OTHERS = {
    "builtins": ("complex", "set", "frozenset", "bytearray", "range", "slice"),
    "collections": ("OrderedDict", "deque"),
    "datetime": ("date", "datetime", "timedelta", "timezone"),
    "fractions": ("Fraction",),
    "pathlib": ("Path", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"),
}


def write_message(pipe: IO[bytes], message: object) -> None:
    """Send one message; raises whatever pickle or the pipe says."""
    parts: list[pickle.PickleBuffer] = []
    data = pickle.dumps(message, protocol=5, buffer_callback=parts.append)
    sizes = [len(data), *(part.raw().nbytes for part in parts)]
    pipe.write(_LENGTH.pack(len(sizes)) + b"".join(_LENGTH.pack(size) for size in sizes) + data)
    for part in parts:
        pipe.write(part.raw())
    pipe.flush()


def read_message(pipe: IO[bytes], *, trusted: bool) -> Any:
    """Wait for one message.

    Raises:
        EOFError: there will be none any more.
        pickle.UnpicklingError: it holds what a worker has no business to send.
    """
    (count,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    sizes = [_LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0] for _ in range(_checked(count, 1 << 16))]
    _checked(sum(sizes), _MOST_BYTES)
    data, *parts = (_exactly(pipe, size) for size in sizes)
    kind = pickle.Unpickler if trusted else _DataOnly
    return kind(io.BytesIO(data), buffers=parts).load()


def sendable(error: BaseException) -> BaseException:
    """The same error where it may come back from a worker, or its words."""
    module = type(error).__module__
    return error if isinstance(error, PoseError) or module == "builtins" else RuntimeError(f"{module}: {error!r}")


def _exactly(pipe: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    view, had = memoryview(data), 0
    while had < size:
        got = pipe.readinto(view[had:])  # type: ignore[attr-defined]  # buffered pipes have it
        if not got:
            raise EOFError
        had += got
    return data


def _checked(number: int, most: int) -> int:
    if number > most:
        raise pickle.UnpicklingError(f"{number} is more than a worker sends")
    return number


class _DataOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        package = module.split(".")[0]
        if module == "builtins":
            found = getattr(builtins, name, None)
            is_data = isinstance(found, type) and issubclass(found, BaseException)
        elif package == "posecore" and "." not in name:
            found = super().find_class(module, name)
            is_data = isinstance(found, type) or found is rebuild_error
        else:
            is_data = package == "numpy" and name in _NUMPY
        if is_data or name in _OTHERS.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} comes from no worker")
