"""Files out of a ZIP."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from posecore.errors import LimitError, MediaError
from posecore.limits import ArchiveLimits
from posecore.media.zip_files import unpack


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return out.getvalue()


class Bench:
    """A folder with an archive in it, and one for what comes out."""

    def __init__(self, folder: Path) -> None:
        self.packed, self.folder = folder / "given", folder / "unpacked"
        self.folder.mkdir()

    def unpacked(self, data: bytes, most: int = 10, limits: ArchiveLimits | None = None) -> dict[str, bytes]:
        self.packed.write_bytes(data)
        found = unpack(self.packed, self.folder, ("jpg", "png"), most, limits or ArchiveLimits())
        assert all(one.path.parent == self.folder for one in found)
        return {one.name: one.path.read_bytes() for one in found}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_pictures_come_out_of_folders_and_the_rest_stays_inside(bench: Bench) -> None:
    data = archive(
        {"a/b/One.JPG": b"1", "two.png": b"2", "notes.txt": b"3", "__MACOSX/a/._One.jpg": b"4", ".x.jpg": b""}
    )
    assert bench.unpacked(data) == {"One.JPG": b"1", "two.png": b"2"}


def test_a_name_that_climbs_out_of_folders_is_left_out(bench: Bench) -> None:
    assert list(bench.unpacked(archive({"../../etc/one.jpg": b"1", "/two.jpg": b"2"}))) == ["two.jpg"]


def test_two_files_of_one_name_both_come_out(bench: Bench) -> None:
    bench.unpacked(archive({"a/one.jpg": b"1", "b/one.jpg": b"2"}))
    assert sorted(path.read_bytes() for path in bench.folder.iterdir()) == [b"1", b"2"]


def test_no_more_files_than_asked_for(bench: Bench) -> None:
    assert len(bench.unpacked(archive({f"{i}.jpg": b"" for i in range(9)}), 4)) == 4


def test_an_archive_in_an_archive_stays_closed(bench: Bench) -> None:
    assert bench.unpacked(archive({"inner.zip": archive({"one.jpg": b"1"}), "two.jpg": b"2"})) == {"two.jpg": b"2"}


def test_chinese_names_of_windows_and_of_others(bench: Bench) -> None:
    assert list(bench.unpacked(archive({"照片.jpg": b""}))) == ["照片.jpg"]
    raw = archive({"aaaa.jpg": b""}).replace(b"aaaa", "照片".encode("gbk"))
    assert list(bench.unpacked(raw)) == ["照片.jpg"]


def test_what_grows_too_large_is_refused(bench: Bench) -> None:
    bomb = archive({"one.jpg": bytes(600_000), "two.jpg": bytes(600_000)})
    assert len(bomb) < 5000
    with pytest.raises(LimitError, match="1 MB"):
        bench.unpacked(bomb, limits=ArchiveLimits(unpacked_megabytes=1))
    assert sum(path.stat().st_size for path in bench.folder.iterdir()) <= 1_000_000


def test_too_many_entries_are_refused(bench: Bench) -> None:
    with pytest.raises(LimitError, match="20 files"):
        bench.unpacked(archive({f"{i}.txt": b"" for i in range(20)}), limits=ArchiveLimits(entries=19))


def test_damaged_and_locked_archives_give_one_error(bench: Bench) -> None:
    data = archive({"one.jpg": bytes(range(256)) * 20})
    locked = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[data.index(sign) + place] |= 1
    for bad in (b"no archive", data[: len(data) // 2], bytes(locked), data.replace(data[60:80], bytes(20))):
        with pytest.raises(MediaError, match="ZIP"):
            bench.unpacked(bad)
