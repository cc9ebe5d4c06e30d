"""A teaching kept and loaded: the same afterwards; and what strangers may send instead."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecore.errors import LimitError, MediaError, PoseError
from posecore.formats.poselab_files import read_poselab, write_poselab
from posecore.limits import TAUGHT_LIMITS
from posecore.media.kinds import check_file
from posecore.recognise import SUFFIX, Example, Teaching, check, read_taught, train, write_taught
from posecore.recognise.body_signals import TRUNK
from posecore.recognise.features import Track
from tests.recognise.test_recogniser import done_by, taught
from tests.support import bodies
from tests.support.taught_clips import JACKS, SQUATS, examples_from, examples_of, found, said_of, teaching_of


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / f"class{SUFFIX}"
    write_taught(taught("squat", "raise"), path)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(PoseError) as error:
        read_taught(path)
    assert isinstance(error.value, MediaError | LimitError)
    for language in ("en", "zh"):
        assert error.value.message(language)
    return error.value.code


def test_the_same_teaching_has_the_same_bytes(kept: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_taught(read_taught(kept), again)
    assert again.read_bytes() == kept.read_bytes()
    assert check_file(kept) == "taught"


def test_it_answers_the_same_after_loading(kept: Path) -> None:
    before, after = train(taught("squat", "raise")), train(read_taught(kept))
    for name in ("squat", "raise", "bend"):
        track = done_by(name, 70).track
        first, second = (which.judge(track, [1.5, 2.0, 2.3]) for which in (before, after))
        assert np.array_equal(first.labels, second.labels)
        assert np.array_equal(first.confidence, second.confidence)


def test_real_examples_names_and_clips_come_back(media: Path, tmp_path: Path) -> None:
    teaching = (
        Teaching()
        .with_examples("下蹲", *examples_of(media, SQUATS[0]))
        .with_examples("开合跳 🙆", *examples_of(media, JACKS[0]))
    )
    write_taught(teaching, tmp_path / "kept")
    loaded = read_taught(tmp_path / "kept")
    assert loaded.names == teaching.names
    for one, other in zip(teaching.movements, loaded.movements, strict=True):
        for first, second in zip(one.examples, other.examples, strict=True):
            assert first.clip == second.clip
            assert np.array_equal(first.track.time, second.track.time)
            assert np.array_equal(first.track.points, second.track.points, equal_nan=True)


@pytest.mark.parametrize("engine", ["litert", "mediapipe"])
def test_what_either_engine_finds_is_called_the_same(
    media: Path, tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_taught(teaching_of(media, [*SQUATS, *JACKS]), tmp_path / "kept")
    recogniser = train(read_taught(tmp_path / "kept"))
    usual = [said_of(recogniser, examples_of(media, one)) for one in SQUATS]
    monkeypatch.setenv("POSELAB_ENGINE", engine)
    anew = found.__wrapped__(media, SQUATS[0].file)
    assert [said_of(recogniser, examples_from(anew, one)) for one in SQUATS] == usual


def test_cut_off_anywhere_it_is_damaged(kept: Path, tmp_path: Path) -> None:
    content = kept.read_bytes()
    for share in np.linspace(0.001, 0.999, 40).tolist():
        (tmp_path / "cut").write_bytes(content[: int(share * len(content))])
        assert code_of(tmp_path / "cut") == "no_taught"
    (tmp_path / "cut").write_bytes(b"")
    assert code_of(tmp_path / "cut") == "empty_file"
    assert code_of(tmp_path / "not there") == "no_taught"


def test_with_bits_turned_over_it_is_damaged_or_the_same(kept: Path, tmp_path: Path) -> None:
    content, random = kept.read_bytes(), np.random.default_rng(4)
    for _ in range(150):
        damaged = bytearray(content)
        damaged[int(random.integers(len(damaged)))] ^= 1 << int(random.integers(8))
        (tmp_path / "damaged").write_bytes(damaged)
        try:
            assert read_taught(tmp_path / "damaged").names == ("squat", "raise")
        except MediaError as error:
            assert error.code == "no_taught"


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def members_of(kept: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(kept) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def head_with(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda head: head.update(values)


def first_name(name: object) -> Callable[[dict[str, Any]], None]:
    return lambda head: head["movements"][0].update(name=name)


def first_example(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda head: head["movements"][0]["examples"][0].update(values)


def with_more(count: int) -> Callable[[dict[str, Any]], None]:
    return lambda head: head["movements"].extend({"name": f"m{k}", "examples": []} for k in range(count))


HEADS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "newer": (head_with(version=2), "taught_newer"),
    "another format": (head_with(format="poselab"), "no_taught"),
    "no version": (head_with(version="1"), "no_taught"),
    "no list": (head_with(movements=3), "no_taught"),
    "a long name": (first_name("n" * 1000), "no_taught"),
    "a name that is none": (first_name(["a"]), "no_taught"),
    "a name on two lines": (first_name("a\nb"), "no_taught"),
    "no name": (first_name(""), "no_taught"),
    "the same name twice": (first_name("raise"), "no_taught"),
    "more rows than there are": (first_example(rows=10**9), "no_taught"),
    "rows below none": (first_example(rows=-5), "no_taught"),
    "rows that are no number": (first_example(rows="70"), "no_taught"),
    "a long clip": (first_example(clip="c" * 1000), "no_taught"),
    "seven movements": (with_more(5), "no_taught"),
    "no movements": (head_with(movements=[]), "no_taught"),
}


@pytest.mark.parametrize("what", HEADS)
def test_a_head_that_is_never_written(kept: Path, tmp_path: Path, what: str) -> None:
    change, code = HEADS[what]
    members = members_of(kept)
    head = json.loads(members["taught.json"])
    change(head)
    members["taught.json"] = json.dumps(head).encode()
    assert code_of(packed(tmp_path / "changed", members)) == code


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("/tmp/a-trap-that-was-sprung"),))


def array_bytes(values: np.ndarray) -> bytes:
    held = io.BytesIO()
    np.save(held, values, allow_pickle=True)
    return held.getvalue()


POINTS: dict[str, Callable[[bytes], bytes]] = {
    "not a number": lambda content: np.full(len(content) // 4, np.nan, "<f4").tobytes(),
    "infinite": lambda content: np.full(len(content) // 4, np.inf, "<f4").tobytes(),
    "farther than anybody": lambda content: np.full(len(content) // 4, 1e30, "<f4").tobytes(),
    "one byte less": lambda content: content[:-1],
    "one moment less": lambda content: content[: -13 * 3 * 4],
    "one moment more": lambda content: content + content[: 13 * 3 * 4],
    "none": lambda _: b"",
    "a pickle": lambda _: pickle.dumps(Trap()),
    "an array of objects": lambda _: array_bytes(np.array([Trap()], object)),
}


@pytest.mark.parametrize("what", POINTS)
def test_numbers_that_no_body_has(kept: Path, tmp_path: Path, what: str) -> None:
    members = members_of(kept)
    members["points.f32"] = POINTS[what](members["points.f32"])
    assert code_of(packed(tmp_path / "changed", members)) == "no_taught"
    assert not Path("/tmp/a-trap-that-was-sprung").exists()


@pytest.mark.parametrize("value", [np.nan, -1.0, 1e9])
def test_times_that_do_not_rise(kept: Path, tmp_path: Path, value: float) -> None:
    members = members_of(kept)
    time = np.frombuffer(members["time.f32"], "<f4").copy()
    time[5] = value
    members["time.f32"] = time.tobytes()
    assert code_of(packed(tmp_path / "changed", members)) == "no_taught"


def test_a_tiny_file_that_is_huge_inside(kept: Path, tmp_path: Path) -> None:
    most = TAUGHT_LIMITS.unpacked_megabytes * 1_000_000
    for name in ("taught.json", "points.f32"):
        members = members_of(kept) | {name: bytes(most + 1)}
        assert code_of(packed(tmp_path / "bomb", members)) == "no_taught"
        assert (tmp_path / "bomb").stat().st_size < 1_000_000


def test_a_huge_file(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.write(b"PK\3\4" + bytes(26) + b"taught.json")
        file.truncate(TAUGHT_LIMITS.megabytes * 1_000_000 + 1)
    assert code_of(tmp_path / "huge") == "file_too_large"


def test_what_is_something_else(kept: Path, tmp_path: Path) -> None:
    write_poselab(bodies.standing(), tmp_path / "movement.poselab")
    packed(tmp_path / "foreign.zip", {"readme.txt": b"hello"})
    (tmp_path / "text").write_text("squat")
    (tmp_path / "pickle").write_bytes(pickle.dumps({"squat": 1}))
    (tmp_path / "deep").write_bytes(b"")
    packed(tmp_path / "deep", members_of(kept) | {"taught.json": b"[" * 100_000})
    for name in ("movement.poselab", "foreign.zip", "text", "pickle", "deep"):
        assert code_of(tmp_path / name) == "no_taught", name
    with pytest.raises(MediaError):
        read_poselab(kept)


def test_a_locked_file(kept: Path, tmp_path: Path) -> None:
    content = bytearray(kept.read_bytes())
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(sign) + place] |= 1
    (tmp_path / "locked").write_bytes(content)
    assert code_of(tmp_path / "locked") == "no_taught"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PoseError):
        write_taught(taught("squat", "raise"), tmp_path / "nowhere" / "kept")


@pytest.mark.parametrize(
    "case", [(2, 0.0, 3.0), (2, 0.9, 0.5), (3, 1.0, 2.0), (50, 1.0, 2.0), (50, 0.5, 2.0), (200, 0.0, 11.0)]
)
def test_whatever_numbers_a_file_has_are_learnt_from_without_a_crash(
    tmp_path: Path, case: tuple[int, float, float]
) -> None:
    rows, gone, seconds = case
    random = np.random.default_rng(0)

    def example() -> Example:
        points = random.normal(0, 1, (rows, 13, 3)).astype(np.float32)
        hidden = random.random((rows, 13)) < gone
        hidden[:, list(TRUNK)] = False
        points[hidden] = np.nan
        return Example(Track(np.linspace(0, seconds, rows).astype(np.float32).astype(np.float64), points))

    flat = Example(Track(np.linspace(0, 2, 17), np.zeros((17, 13, 3), np.float32)))  # all in one point
    for others in ([example() for _ in range(3)], [flat] * 3):
        teaching = Teaching().with_examples("a", *(example() for _ in range(3))).with_examples("b", *others)
        write_taught(teaching, tmp_path / "odd")
        loaded = read_taught(tmp_path / "odd")
        recogniser = train(loaded)
        check(loaded)
        assert np.isfinite(recogniser.judge(others[0].track, [1.0, 2.0]).confidence).all()
