"""Real clips of every kind, and files that only look like one."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from posecore import LimitError, MediaError, PoseError
from posecore.limits import ClipLimits
from posecore.media.clip_files import decode_frames, probe, read_frames
from posecore.media.picture_files import shrink
from tests.support.paths import SAMPLES

ODD_ERRORS = {
    "audio_only.mp4": "clip_without_pictures",
    "image_as.mp4": "picture_not_clip",
    "squats_truncated_nomoov.mp4": "not_a_clip",
    "text_as.mp4": "not_a_clip",
    "zero_bytes.mp4": "empty_file",
    "squats_unknown_codec.mp4": "clip_codec_unknown",
}
# Quarter turns, counterclockwise, of those that carry a display matrix though their pixels stand upright.
TURNED = {"squats_displaymatrix_90.mp4": 1, "squats_displaymatrix_180.mp4": 2, "squats_displaymatrix_270.mp4": 3}


def corr(a: np.ndarray, b: np.ndarray) -> float:
    a, b = (shrink(np.ascontiguousarray(x), 64).astype(float) for x in (a, b))
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.fixture(scope="module")
def squats(media: Path) -> dict[int, np.ndarray]:
    return dict(read_frames(probe(media / "videos" / "pose_squats.mp4")))


@pytest.mark.slow
def test_every_odd_clip_gives_its_frames_upright_or_one_clear_error(media: Path, squats: dict[int, np.ndarray]) -> None:
    files = sorted((media / "odd_videos").iterdir())
    assert len(files) >= 25
    for file in files:
        if file.name in ODD_ERRORS:
            with pytest.raises(MediaError) as caught:
                probe(file)
            assert caught.value.code == ODD_ERRORS[file.name], file.name
            continue
        clip = probe(file)
        if file.name == "squats_bitflips.mp4":  # what its frames show has little in common with the original
            continue
        for number, frame in read_frames(clip):
            assert frame.shape == (clip.size[1], clip.size[0], 3), file.name
            assert frame.flags.c_contiguous
            expected = squats[round(clip.times[number] * 5)]
            if file.name == "squats_nonsquare_sar.mp4":
                assert clip.size == (480, 640)
                continue
            assert corr(frame, np.rot90(expected, TURNED.get(file.name, 0))) > 0.98, (file.name, number)


def test_damaged_frames_are_given_and_marked(media: Path) -> None:
    marks = [frame.is_corrupt for _, frame in decode_frames(probe(media / "odd_videos" / "squats_bitflips.mp4"))]
    assert marks == [True] * 65
    for name in ("squats_truncated_faststart.mp4", "squats_start5s.ts", "squats_hevc.mp4", "squats_mpeg4.avi"):
        assert not any(frame.is_corrupt for _, frame in decode_frames(probe(media / "odd_videos" / name)))


def changed(tmp_path: Path, part: bytes, begin: int, value: bytes) -> Path:
    """A sample in which the header's `part` has this value, so many bytes after its name."""
    data = bytearray((SAMPLES / "balance.mp4").read_bytes())
    place = data.rindex(part) + len(part) + begin
    data[place : place + len(value)] = value
    path = tmp_path / "changed.mp4"
    path.write_bytes(data)
    return path


def test_a_codec_that_nobody_knows_is_one_error(tmp_path: Path) -> None:
    for codec in (b"????", b"zzzz", b"\0\0\0\0"):
        with pytest.raises(MediaError) as caught:
            probe(changed(tmp_path, b"stsd", 12, codec))
        assert caught.value.code == "clip_codec_unknown"


def test_a_table_of_key_frames_that_names_none_costs_no_frame(tmp_path: Path) -> None:
    clip = probe(changed(tmp_path, b"stss", 8, b"\xff\xff\xff\xff"))  # FFmpeg then refuses to seek: not permitted
    assert [number for number, _ in read_frames(clip, 50, 53)] == [50, 51, 52]


def test_a_display_matrix_of_zeros_does_not_turn(tmp_path: Path) -> None:
    clip = probe(changed(tmp_path, b"tkhd", 40, bytes(36)))  # it turned by a quarter
    assert clip.size == (1920, 1080)
    assert {frame.shape for _, frame in read_frames(clip, 0, 2)} == {(1080, 1920, 3)}


@pytest.mark.parametrize("value", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0"])
@pytest.mark.parametrize(("part", "begin"), [(b"mdhd", 12), (b"stts", 8), (b"stts", 12), (b"stsz", 4), (b"ctts", 12)])
def test_absurd_values_in_the_header_end_in_frames_or_one_error(
    part: bytes, begin: int, value: bytes, tmp_path: Path
) -> None:
    try:
        clip = probe(changed(tmp_path, part, begin, value))
        for _, frame in read_frames(clip, 0, 3):
            assert frame.shape == (clip.size[1], clip.size[0], 3)
    except PoseError as error:
        assert str(error)


def encoded(path: Path, codec: str, options: dict[str, str], b_frames: int = 0) -> Path:
    """72 frames of a real clip, those that stand alone every twelve frames."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 270, 480, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.max_b_frames = 12, b_frames
        for _, frame in decode_frames(probe(SAMPLES / "balance.mp4"), 0, 72):
            small = frame.reformat(270, 480, "yuv420p").to_ndarray()
            container.mux(stream.encode(av.VideoFrame.from_ndarray(small, "yuv420p")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options", "b_frames"),
    [
        ("open.mp4", "libx264", {"x264-params": "open-gop=1:keyint=12:min-keyint=12:scenecut=0:bframes=3"}, 3),
        ("open.ts", "libx264", {"x264-params": "open-gop=1:keyint=12:min-keyint=12:scenecut=0:bframes=3"}, 3),
        ("refresh.mp4", "libx264", {"x264-params": "intra-refresh=1:keyint=12:bframes=0"}, 0),
        ("b.mp4", "mpeg4", {"b": "2000000"}, 2),
        ("b.ts", "mpeg2video", {"b": "2000000"}, 2),
    ],
)
def test_no_frame_is_lost_where_seeking_lands_after_it(
    name: str, codec: str, options: dict[str, str], b_frames: int, tmp_path: Path
) -> None:
    clip = probe(encoded(tmp_path / name, codec, options, b_frames))
    whole = dict(read_frames(clip))
    assert list(whole) == list(range(72))
    for first in range(1, 72, 5):
        number, frame = next(read_frames(clip, first, first + 1))
        assert number == first
        assert corr(frame, whole[first]) > 0.99


def test_frames_from_which_pictures_recover_little_by_little_are_no_key_frames(tmp_path: Path) -> None:
    options = {"x264-params": "intra-refresh=1:keyint=12:bframes=0"}
    assert probe(encoded(tmp_path / "refresh.mp4", "libx264", options)).keys.tolist() == [0]
    assert len(probe(encoded(tmp_path / "key.mp4", "libx264", {})).keys) == 6


def test_time_stamps_in_disorder_give_frames_that_rise(tmp_path: Path) -> None:
    later = (20 * 256).to_bytes(4, "big")  # so much later than it is decoded a frame in the middle is to be shown
    clip = probe(changed(tmp_path, b"ctts", 8 + 8 * 40 + 4, later))
    numbers = [number for number, _ in read_frames(clip)]
    assert numbers == sorted(set(numbers))
    assert {*range(35), *range(65, 99)} <= set(numbers)


def test_a_phones_rotation_is_followed(media: Path) -> None:
    assert probe(media / "odd_videos" / "squats_phone_rot90_upright.mp4").size == (360, 640)


def test_times_begin_at_zero_and_are_the_frames_own(media: Path) -> None:
    for name in ("videos/pose_squats.mp4", "odd_videos/squats_start5s.ts", "odd_videos/squats_fragmented.mp4"):
        assert probe(media / name).times == pytest.approx(np.arange(65) / 5)
    uneven = probe(media / "odd_videos" / "squats_vfr.mp4")
    assert len(uneven.pts) == 52
    assert np.ptp(np.diff(uneven.times)) > 0.15


def test_lengths_without_one_in_the_header(media: Path) -> None:
    for name in ("squats_noduration_live.webm", "squats_noduration_pipe_vp8.webm", "squats_hevc_10bit.mkv"):
        assert probe(media / "odd_videos" / name).duration_s == pytest.approx(13, abs=0.01)


def test_a_clip_that_breaks_off_yields_what_was_readable_and_says_so(media: Path) -> None:
    clip = probe(media / "odd_videos" / "squats_truncated_faststart.mp4")
    assert clip.breaks_off
    assert len(list(read_frames(clip))) == 36
    assert not probe(media / "videos" / "pose_squats.mp4").breaks_off


def test_facts_of_the_samples() -> None:
    clip = probe(SAMPLES / "box_jump.mp4")
    assert (clip.size, len(clip.pts), clip.codec, clip.has_audio) == ((1768, 994), 230, "vp9", True)
    assert clip.frames_per_second == pytest.approx(30)
    assert clip.duration_s == pytest.approx(230 / 30, abs=0.001)


@pytest.mark.parametrize(("first", "last"), [(0, 3), (50, 53), (115, 118), (228, None), (99, 99)])
def test_reading_from_the_middle_gives_the_same_frames(first: int, last: int | None) -> None:
    clip = probe(SAMPLES / "box_jump.mp4")
    whole = dict(read_frames(clip, max(0, first - 40), last))
    part = dict(read_frames(clip, first, last))
    assert list(part) == list(range(first, 230 if last is None else last))
    assert all((part[number] == whole[number]).all() for number in part)


def test_threads_do_not_change_frames() -> None:
    clip = probe(SAMPLES / "balance.mp4")
    one, two = (dict(read_frames(clip, 0, 20, threads=threads)) for threads in (1, 2))
    assert all((one[number] == two[number]).all() for number in one)


def test_limits(tmp_path: Path) -> None:
    sample = SAMPLES / "balance.mp4"
    with pytest.raises(LimitError, match="4 MB; up to 1 MB"):
        probe(SAMPLES / "box_jump.mp4", ClipLimits(megabytes=1))
    with pytest.raises(LimitError, match="1080 × 1920"):
        probe(sample, ClipLimits(largest_side=1000))
    with pytest.raises(LimitError, match="only 1080 × 1920"):
        probe(sample, ClipLimits(least_side=1100))
    with pytest.raises(LimitError, match="minutes"):
        probe(sample, ClipLimits(minutes=0))
    with pytest.raises(MediaError):
        probe(tmp_path / "nothing.mp4")


def test_stored_upside_down_order_of_b_frames(tmp_path: Path) -> None:
    file = tmp_path / "b.avi"
    source = dict(read_frames(probe(SAMPLES / "balance.mp4"), 0, 12))
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 270, 480, "yuv420p"
        for frame in source.values():
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24").reformat(270, 480, "yuv420p")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    clip = probe(file)
    frames = dict(read_frames(clip))
    assert list(frames) == list(range(12))
    assert all(corr(frames[number], source[number]) > 0.99 for number in frames)
