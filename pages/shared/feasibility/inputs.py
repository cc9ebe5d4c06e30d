"""The files of a survey: uploaded one by one, as a folder or as a ZIP, or samples; kept for the visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pages.shared.page import Page
from pages.shared.photos.inputs import SAMPLES, sample_photo
from pages.shared.resources import reading
from pages.shared.segmented_choice import choose_one
from pages.shared.uploader import bring
from posecore.detection.picture_reading import ReadPicture, read_picture, save_clip_pictures
from posecore.errors import PoseError
from posecore.feasibility.picture_survey import Picture, clip_pictures
from posecore.limits import VISIT_LIMITS
from posecore.media.clip_files import Clip, probe
from posecore.media.kinds import FileKind, check_file
from posecore.media.picture_files import SUFFIXES, Frame
from posecore.media.zip_files import Unpacked, unpack

CLIP_SUFFIXES = ("mp4", "mov", "m4v", "mkv", "webm", "avi", "ts", "mts")
MOST_PICTURES = VISIT_LIMITS.survey_pictures
_PLACE = "survey"
_KINDS: tuple[FileKind, ...] = ("picture", "clip", "archive")
_SOURCES = {"files": ":material/upload_file:", "folder": ":material/folder_open:", "samples": ":material/collections:"}

# Runs a call in a process that reads files, and gives its result.
Read = Callable[..., Any]


@dataclass(frozen=True)
class SurveyFile:
    """A file as its owner calls it, where it lies, and what tells its bytes from others."""

    name: str
    path: Path
    key: str


def choose_files(page: Page) -> list[SurveyFile]:
    """What the visitor brought."""
    sources = {name: f"{icon} {page.text(f'feasibility.from_{name}')}" for name, icon in _SOURCES.items()}
    source = choose_one(page.text("feasibility.source"), sources, "survey_source")
    if source == "samples":
        photos = [sample_photo(name) for name in SAMPLES]
        return [SurveyFile(photo.name, photo.path, photo.key) for photo in photos]
    files = bring(page, _PLACE, _KINDS, 3 * MOST_PICTURES, folder=source == "folder")
    return [SurveyFile(file.name, file.path, file.key) for file in files]


def visit_reader() -> Read:
    """What reads this visit's files."""
    lane = reading()[1]
    return lambda call, *arguments: lane.submit(call, *arguments).result()


def to_pictures(files: Iterable[SurveyFile], folder: Path, read: Read) -> list[Picture]:
    """Photos, frames of clips, and what is in archives, up to one more than is allowed.

    Args:
        folder: for what comes out of archives.
    """
    pictures: list[Picture] = []
    for file in files:
        try:
            for name, path in _unpacked(file, folder, read):
                pictures += _pictures(name, path, folder, read)
                if len(pictures) > MOST_PICTURES:
                    return pictures
        except PoseError as error:
            pictures.append(Picture(file.name, partial(_refuse, error)))
    return pictures


def _unpacked(file: SurveyFile, folder: Path, read: Read) -> list[Unpacked]:
    if check_file(file.path) != "archive":
        return [Unpacked(file.name, file.path)]
    found: list[Unpacked] = read(unpack, file.path, folder, (*SUFFIXES, *CLIP_SUFFIXES), MOST_PICTURES + 1)
    return found


def _pictures(name: str, path: Path, folder: Path, read: Read) -> list[Picture]:
    try:
        if check_file(path) != "clip":
            return [Picture(name, partial(_opened, read, path))]
        clip: Clip = read(probe, path)
        chosen = clip_pictures(name, clip)
        paths: list[Path] = read(save_clip_pictures, clip, list(chosen), folder)
        return [Picture(words, partial(_opened, read, one)) for words, one in zip(chosen.values(), paths, strict=True)]
    except PoseError as error:
        return [Picture(name, partial(_refuse, error))]


def _opened(read: Read, path: Path) -> AbstractContextManager[Frame]:
    found: ReadPicture = read(read_picture, path)
    return nullcontext(found.frame)


def _refuse(error: PoseError) -> AbstractContextManager[Frame]:
    raise error
