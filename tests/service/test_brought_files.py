"""What visitors bring, piece by piece."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pages.shared.service import brought_files
from pages.shared.service.brought_files import Offered, Place, Shelf, Shelves
from posecore import LimitError, MediaError
from posecore.errors import WriteError
from tests.support.paths import SAMPLES

PHOTO = (SAMPLES / "balance.jpg").read_bytes()
PHOTOS, CLIP = Place(("picture",), 3), Place(("clip",), 1)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path)
    made.open_place("photos", PHOTOS)
    made.open_place("clip", CLIP)
    return made


def send(shelf: Shelf, number: str = "1", data: bytes = PHOTO, place: str = "photos", piece: int = 50_000) -> None:
    had = shelf.begin(place, number, "näme <b>.jpg", len(data))
    while had < len(data):
        had = shelf.add(place, number, had, data[had : had + piece])


def test_pieces_become_the_file(shelf: Shelf) -> None:
    send(shelf)
    (file,) = shelf.files("photos")
    assert file.path.read_bytes() == PHOTO
    assert (file.name, file.size) == ("näme <b>.jpg", len(PHOTO))
    assert file.key == hashlib.sha256(PHOTO).hexdigest()
    assert file.path.parent == shelf.folder
    assert "<" not in file.path.name


def test_after_a_break_it_goes_on_where_it_was(shelf: Shelf) -> None:
    shelf.begin("photos", "1", "a", len(PHOTO))
    shelf.add("photos", "1", 0, PHOTO[:1000])
    assert shelf.begin("photos", "1", "a", len(PHOTO)) == 1000
    assert shelf.add("photos", "1", 0, PHOTO[:1000]) == 1000  # sent once more
    assert shelf.add("photos", "1", 5000, PHOTO[5000:6000]) == 1000  # one was lost
    assert shelf.files("photos") == []
    send(shelf)
    assert shelf.files("photos")[0].path.read_bytes() == PHOTO


def test_a_file_that_is_removed_is_gone_from_the_disk(shelf: Shelf) -> None:
    send(shelf)
    shelf.begin("photos", "2", "b", len(PHOTO))
    shelf.add("photos", "2", 0, PHOTO[:1000])
    shelf.remove("photos", "1")
    shelf.remove("photos", "2")
    assert list(shelf.folder.iterdir()) == []
    assert shelf.total == 0


def test_no_more_files_than_the_place_holds(shelf: Shelf) -> None:
    for number in "123":
        send(shelf, number)
    with pytest.raises(LimitError, match="3 files"):
        shelf.begin("photos", "4", "d", 10)


@pytest.mark.parametrize(("size", "error"), [(0, MediaError), (40_000_001, LimitError), (10**15, LimitError)])
def test_sizes_that_cannot_be(shelf: Shelf, size: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        shelf.begin("photos", "1", "a", size)


def test_a_visit_has_a_limit_for_everything_together(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought_files, "VISIT_LIMITS", brought_files.VISIT_LIMITS.__class__(megabytes=50))
    shelf.begin("photos", "1", "a", 30_000_000)
    with pytest.raises(LimitError, match="50 MB"):
        shelf.begin("photos", "2", "b", 30_000_000)


def test_where_the_disk_is_nearly_full_nothing_more_comes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought_files, "_SPARE_BYTES", 10**18)
    with pytest.raises(WriteError, match="no room left"):
        shelf.begin("photos", "1", "a", 1000)


def test_another_kind_is_refused_with_its_first_piece(shelf: Shelf) -> None:
    clip = (SAMPLES / "balance.mp4").read_bytes()
    with pytest.raises(MediaError, match="page for videos"):
        send(shelf, data=clip)
    with pytest.raises(MediaError, match="page for photos"):
        send(shelf, data=PHOTO, place="clip")
    with pytest.raises(MediaError, match="archive"):
        send(shelf, data=b"PK\x03\x04" + bytes(100))
    assert list(shelf.folder.iterdir()) == []


def test_a_place_that_is_not_there_takes_nothing(shelf: Shelf) -> None:
    with pytest.raises(MediaError):
        shelf.begin("../..", "1", "a", 10)
    with pytest.raises(MediaError):
        shelf.add("photos", "9", 0, b"x")


def test_what_is_offered_is_made_once(shelf: Shelf) -> None:
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "a,b\n"

    offered = Offered("t.csv", "text/csv", make)
    shelf.offer("csv", offered)
    for _ in range(2):
        made_now = shelf.made("csv")
        assert made_now is not None
        assert made_now[0] is offered
        assert made_now[1].read_text() == "a,b\n"
    assert len(made) == 1
    shelf.offer("csv", offered)  # the page was drawn anew: it may hold something else now
    shelf.made("csv")
    assert len(made) == 2
    assert shelf.made("none") is None


def test_a_file_is_there_while_another_is_being_made(shelf: Shelf) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def make_slowly() -> str:
        begun.set()
        assert go_on.wait(30)
        return "late"

    shelf.offer("slow", Offered("slow.txt", "text/plain", make_slowly))
    shelf.offer("clip", Offered("", "video/mp4", lambda: SAMPLES / "balance.mp4"))
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(shelf.made, "slow")
        assert begun.wait(30)
        quick = pool.submit(shelf.made, "clip").result(timeout=30)
        assert not slow.done()
        go_on.set()
        assert slow.result(timeout=30) is not None
    assert quick is not None
    assert quick[1] == SAMPLES / "balance.mp4"


def test_a_visit_is_found_by_its_secret_until_it_ends(tmp_path: Path) -> None:
    shelves = Shelves()
    secret, shelf = shelves.open(tmp_path)
    assert len(secret) >= 32
    assert shelves.find(secret) is shelf
    assert shelves.find("") is None
    shelves.close(secret)
    assert shelves.find(secret) is None
