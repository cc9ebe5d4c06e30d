"""Files out of a ZIP."""

from __future__ import annotations

import io
import zipfile

import pytest

from posecore.errors import LimitError, MediaError
from posecore.media import zip_files
from posecore.media.zip_files import unpack


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return out.getvalue()


def names(data: bytes, most: int = 10) -> list[str]:
    return [name for name, _ in unpack(data, ("jpg", "png"), most)]


def test_pictures_come_out_of_folders_and_the_rest_stays_inside() -> None:
    data = archive(
        {"a/b/One.JPG": b"1", "two.png": b"2", "notes.txt": b"3", "__MACOSX/a/._One.jpg": b"4", ".x.jpg": b""}
    )
    assert dict(unpack(data, ("jpg", "png"), 10)) == {"One.JPG": b"1", "two.png": b"2"}


def test_a_name_that_climbs_out_of_folders_is_left_out() -> None:
    assert names(archive({"../../etc/one.jpg": b"1", "/two.jpg": b"2"})) == ["two.jpg"]


def test_no_more_files_than_asked_for() -> None:
    assert len(names(archive({f"{i}.jpg": b"" for i in range(9)}), 4)) == 4


def test_chinese_names_of_windows_and_of_others() -> None:
    assert names(archive({"照片.jpg": b""})) == ["照片.jpg"]
    raw = archive({"aaaa.jpg": b""}).replace(b"aaaa", "照片".encode("gbk"))
    assert names(raw) == ["照片.jpg"]


def test_what_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_files, "MOST_MEGABYTES", 1)
    bomb = archive({"one.jpg": bytes(600_000), "two.jpg": bytes(600_000)})
    assert len(bomb) < 5000
    with pytest.raises(LimitError, match="1 MB"):
        names(bomb)


def test_damaged_and_locked_archives_give_one_error() -> None:
    data = archive({"one.jpg": bytes(range(256)) * 20})
    locked = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[data.index(sign) + place] |= 1
    for bad in (b"no archive", data[: len(data) // 2], bytes(locked), data.replace(data[60:80], bytes(20))):
        with pytest.raises(MediaError, match="ZIP"):
            names(bad)
