"""What visitors bring, on its way to the disk: in pieces, within limits, gone with the visit.

A visit has a shelf, known by a secret that only its browser has. Each uploader of a page has a place on it, which says
what may come. The server's routes write, the page's script reads; both at any time.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecore.errors import LimitError, MediaError, PoseError, WriteError
from posecore.limits import VISIT_LIMITS
from posecore.media.atomic_files import told_as_write_error, written_whole
from posecore.media.kinds import HEAD_BYTES, FileKind, check_size, file_kind, most_megabytes
from posecore.serving.metrics import SECONDS

_MEGA = 1_000_000
_MOST_OFFERED = 40
_SPARE_BYTES = 200 * _MEGA  # of the disk that are left for results


@dataclass(frozen=True)
class BroughtFile:
    """A file that is there as a whole: `name` is its owner's, `path` is ours, `key` is made of its bytes."""

    number: str
    name: str
    path: Path
    key: str
    size: int


@dataclass
class Arrival:
    """A file on its way."""

    name: str
    path: Path
    size: int
    had: int = 0
    head: bytes = b""
    hash: Any = field(default_factory=hashlib.sha256)
    began: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Offered:
    """A file to take home, or to show where `name` is empty; `make` gives what is in it, or where it lies."""

    name: str
    mimetype: str
    make: Callable[[], str | bytes | Path]


@dataclass
class _Making:
    """What is offered, and where it lies once it has been made; a lock of its own, for making one may take minutes."""

    offered: Offered
    path: Path | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Place:
    """What may come to one uploader."""

    kinds: tuple[FileKind, ...]
    most: int

    @property
    def most_megabytes(self) -> int:
        """Of one file."""
        return max(most_megabytes(kind) for kind in self.kinds)


class Shelf:
    """The files of one visit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._places: dict[str, Place] = {}
        self._files: dict[str, dict[str, BroughtFile]] = {}
        self._arriving: dict[tuple[str, str], Arrival] = {}
        self._offers: dict[str, _Making] = {}

    def open_place(self, name: str, place: Place) -> None:
        """Let files come to a place from now on."""
        with self._lock:
            self._places[name] = place
            self._files.setdefault(name, {})

    def files(self, name: str) -> list[BroughtFile]:
        """Those that are there as a whole, in the order of their numbers."""
        with self._lock:
            return [file for _, file in sorted(self._files.get(name, {}).items())]

    def offer(self, key: str, offered: Offered) -> None:
        """Let the browser fetch a file by this key from now on; the same key again replaces it."""
        with self._lock:
            for gone in (key, *list(self._offers)[: -_MOST_OFFERED + 1]):
                self._offers.pop(gone, None)
            self._offers[key] = _Making(offered)

    def made(self, key: str) -> tuple[Offered, Path] | None:
        """What is offered and where it lies, or None where there is no such file any more.

        It is made when it is asked for the first time.

        Raises:
            PoseError, OSError: it cannot be made.
        """
        with self._lock:
            making = self._offers.get(key)
        if making is None:
            return None
        with making.lock:
            if making.path is None:
                making.path = self._kept(key, making.offered.make())
            return making.offered, making.path

    def _kept(self, key: str, content: str | bytes | Path) -> Path:
        if isinstance(content, Path):
            return content
        path = self.folder / f"offered-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
        with written_whole(path) as draft:
            draft.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    @property
    def total(self) -> int:
        """Of all files, also of those on their way."""
        with self._lock:
            return self._total()

    def begin(self, name: str, number: str, file_name: str, size: int) -> int:
        """How many bytes of a file are there already; 0 for a new one.

        Raises:
            PoseError: it may not come.
        """
        with self._lock:
            place = self._places.get(name)
            if place is None:
                raise MediaError("no_such_file")
            if number in self._files[name]:
                return size
            arrival = self._arriving.get((name, number))
            if arrival is None:
                self._check(place, name, size)
                path = self.folder / f"{name}-{secrets.token_hex(8)}"
                arrival = self._arriving[name, number] = Arrival(file_name[:200], path, size)
            return arrival.had

    def add(self, name: str, number: str, offset: int, data: bytes) -> int:
        """Write the next piece; returns how many bytes are there now, which is where the next has to begin.

        Raises:
            PoseError: it is none of what may come, or cannot be written.
        """
        with self._lock:
            arrival = self._arriving.get((name, number))
            place = self._places.get(name)
        if arrival is None or place is None:
            raise MediaError("no_such_file")
        with arrival.lock:
            if offset != arrival.had or offset + len(data) > arrival.size:
                return arrival.had
            try:
                self._write(arrival, place, data)
            except PoseError:
                self.remove(name, number)
                raise
            if arrival.had == arrival.size:
                self._arrived(name, number, arrival)
            return arrival.had

    def remove(self, name: str, number: str) -> None:
        """Forget a file, also one on its way."""
        with self._lock:
            file = self._files.get(name, {}).pop(number, None)
            arrival = self._arriving.pop((name, number), None)
        for gone in (file, arrival):
            if gone:
                gone.path.unlink(missing_ok=True)

    def put(self, name: str, file_name: str, source: Path, key: str) -> BroughtFile:
        """A file that came another way."""
        with self._lock:
            files = self._files.setdefault(name, {})
            number = f"{max(map(int, files), default=0) + 1:06d}"
            files[number] = BroughtFile(number, file_name, source, key, source.stat().st_size)
            return files[number]

    def clear(self, name: str) -> None:
        """Forget all files of a place."""
        for file in self.files(name):
            self.remove(name, file.number)

    def _check(self, place: Place, name: str, size: int) -> None:
        check_size(size, place.most_megabytes)
        coming = sum(1 for other, _ in self._arriving if other == name)
        if len(self._files[name]) + coming >= place.most:
            raise LimitError("too_many_files", most=place.most)
        if self._total() + size > VISIT_LIMITS.megabytes * _MEGA:
            raise LimitError("visit_too_large", most=VISIT_LIMITS.megabytes)
        if shutil.disk_usage(self.folder).free < size + _SPARE_BYTES:
            raise WriteError("disk_full")

    def _total(self) -> int:
        whole = sum(file.size for files in self._files.values() for file in files.values())
        return whole + sum(arrival.size for arrival in self._arriving.values())

    def _write(self, arrival: Arrival, place: Place, data: bytes) -> None:
        if len(arrival.head) < HEAD_BYTES:
            arrival.head = (arrival.head + data)[:HEAD_BYTES]
            if len(arrival.head) == HEAD_BYTES:
                _check_kind(arrival, place)
        with told_as_write_error(arrival.path), arrival.path.open("ab") as file:
            file.truncate(arrival.had)  # what is left of a piece that was cut off
            file.write(data)
        arrival.hash.update(data)
        arrival.had += len(data)

    def _arrived(self, name: str, number: str, arrival: Arrival) -> None:
        key = arrival.hash.hexdigest()
        file = BroughtFile(number, arrival.name, arrival.path, key, arrival.size)
        SECONDS.labels("upload").observe(time.monotonic() - arrival.began)
        with self._lock:
            if self._arriving.pop((name, number), None):
                self._files[name][number] = file


def _check_kind(arrival: Arrival, place: Place) -> None:
    """Refuse what is another kind than may come as soon as its first bytes are here; what is unknown is told later."""
    kind = file_kind(arrival.head)
    if kind and kind in place.kinds:
        check_size(arrival.size, most_megabytes(kind))
    if kind == "clip" and kind not in place.kinds:
        raise MediaError("clip_not_picture")
    if kind == "picture" and kind not in place.kinds and not arrival.head.startswith(b"GIF"):
        raise MediaError("picture_not_clip")
    if kind in ("archive", "movement", "taught") and kind not in place.kinds:
        raise MediaError("archive_not_here")


class Shelves:
    """Those of all visits, each by its secret."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}
        self._lock = threading.Lock()

    def open(self, folder: Path) -> tuple[str, Shelf]:
        """A new shelf and its secret."""
        secret, shelf = secrets.token_urlsafe(24), Shelf(folder)
        with self._lock:
            self._shelves[secret] = shelf
        return secret, shelf

    def find(self, secret: str) -> Shelf | None:
        """None where the visit is over."""
        with self._lock:
            return self._shelves.get(secret)

    def close(self, secret: str) -> None:
        """The visit is over."""
        with self._lock:
            self._shelves.pop(secret, None)

    def __iter__(self) -> Iterator[Shelf]:
        with self._lock:
            return iter(list(self._shelves.values()))


SHELVES = Shelves()
