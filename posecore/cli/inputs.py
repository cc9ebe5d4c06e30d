"""What people give: files, folders, patterns; each file with a name for what comes of it."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from posecore.errors import PoseError
from posecore.media.kinds import HEAD_BYTES, FileKind, file_kind
from posecore.media.places import is_here, place


class Source(NamedTuple):
    """A file, and the name of its results in the folder for them, without suffix."""

    file: Path
    name: str


@dataclass(frozen=True)
class Inputs:
    """All files; `many` where a folder or a pattern was given, of which there may be hundreds."""

    sources: list[Source]
    many: bool

    @property
    def far(self) -> bool:
        """Whether some lie elsewhere."""
        return not all(is_here(source.file) for source in self.sources)

    @cached_property
    def files(self) -> set[Path]:
        """As the system knows them; each file's results are held against all."""
        return {source.file.resolve() for source in self.sources}


def inputs_of(given: Sequence[str], kinds: Iterable[FileKind], out: Path | None) -> Inputs:
    """Files as they are; of folders, with those in them, and of patterns (`**` too) all of these kinds, by content.

    What lies in the folder for results, or is hidden, is not looked at there.
    """
    wanted: dict[Path, str] = {}
    many = False
    for text in given:
        path = place(text)
        if path.is_dir():
            found, root = sorted(path.rglob("*")), path
        elif glob.has_magic(text) and not path.exists():
            root = _fixed(path)
            found = sorted(root.glob(_inside(path, root).as_posix()))
        else:
            wanted.setdefault(path, path.stem)
            continue
        many = True
        for file in _of_kinds(found, root, tuple(kinds), out):
            wanted.setdefault(file, _inside(file, root).with_suffix("").as_posix())
    return Inputs(_named(wanted), many)


def check_inputs_stay(paths: Iterable[Path], inputs: set[Path]) -> None:
    """Raise a PoseError if a result would overwrite a file that was given."""
    for path in paths:
        if path.resolve() in inputs:
            raise PoseError("would_overwrite", path=path)


def _inside(path: Path, root: Path) -> PurePosixPath:
    """From a folder on, of an address too."""
    begins = "" if str(root) == "." else root.as_posix()
    return PurePosixPath(path.as_posix().removeprefix(begins).lstrip("/"))


def _fixed(pattern: Path) -> Path:
    """The folder in which a pattern begins."""
    while glob.has_magic(str(pattern)):
        pattern = pattern.parent
    return pattern


def _of_kinds(found: Sequence[Path], root: Path, kinds: Sequence[FileKind], out: Path | None) -> Iterator[Path]:
    results = out.resolve() if out else None
    for file in found:
        if any(part.startswith(".") for part in _inside(file, root).parts) or not file.is_file():
            continue
        if results and results != root.resolve() and results in file.resolve().parents:
            continue
        with file.open("rb") as opened:
            if file_kind(opened.read(HEAD_BYTES)) in kinds:
                yield file


def _named(wanted: dict[Path, str]) -> list[Source]:
    """Where an earlier file took a name, the suffix is added, so that nothing is overwritten."""
    sources: list[Source] = []
    taken: set[str] = set()
    for file, stem in wanted.items():
        name, copy = stem, 1
        while name.lower() in taken:  # lower: some file systems do not tell A from a
            name = stem + file.suffix if copy == 1 else f"{stem}{file.suffix}.{copy}"
            copy += 1
        sources.append(Source(file, name))
        taken.add(name.lower())
    return sources
