"""What a file is, by its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecore import LimitError, MediaError
from posecore.media.kinds import HEAD_BYTES, check_file, file_kind
from tests.support.paths import SAMPLES


def head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def test_all_real_pictures_and_clips_are_known(media: Path) -> None:
    for path in [*SAMPLES.glob("*.jpg"), *SAMPLES.glob("*.png"), *(media / "images").iterdir()]:
        assert file_kind(head(path)) == "picture", path
    for path in [*SAMPLES.glob("*.mp4"), *(media / "videos").glob("*.mp4")]:
        assert file_kind(head(path)) == "clip", path


def test_odd_files_are_what_they_hold_not_what_they_are_called(media: Path) -> None:
    odd = media / "odd_videos"
    kinds = {path.name: file_kind(head(path)) for path in odd.iterdir()}
    assert kinds.pop("image_as.mp4") == "picture"
    assert kinds.pop("squats.gif") == "picture"
    assert kinds.pop("text_as.mp4") is None
    assert kinds.pop("zero_bytes.mp4") is None
    assert set(kinds.values()) == {"clip"}


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"PK\x03\x04", "archive"),
        (b"PK\x03\x04" + bytes(26) + b"about.json", "movement"),
        (b"\0\0\0\x18ftypheic", "picture"),
        (b"\0\0\0\x18ftypavif", "picture"),
        (b"\0\0\0\x18ftypisom", "clip"),
        (b"\0\0\0\x14ftypqt  ", "clip"),
        (b"RIFF\0\0\0\0WEBP", "picture"),
        (b"RIFF\0\0\0\0AVI ", "clip"),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"#EXTM3U\n", None),
        (b"ffconcat version 1.0\n", None),
        (b"", None),
    ],
)
def test_known_beginnings(begins: bytes, kind: str | None) -> None:
    assert file_kind(begins) == kind


def test_a_file_that_is_missing_empty_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="cannot be found"):
        check_file(tmp_path / "none")
    (tmp_path / "empty").touch()
    with pytest.raises(MediaError, match="empty"):
        check_file(tmp_path / "empty")
    with (tmp_path / "large").open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(41_000_000)
    with pytest.raises(LimitError, match="41 MB"):
        check_file(tmp_path / "large")
