"""Real clips of every kind, and files that only look like one."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from posecore import LimitError, MediaError
from posecore.images import shrink
from posecore.videos import ClipLimits, probe, read_frames

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

ODD_ERRORS = {
    "audio_only.mp4": "clip_without_pictures",
    "image_as.mp4": "picture_not_clip",
    "squats_truncated_nomoov.mp4": "not_a_clip",
    "text_as.mp4": "not_a_clip",
    "zero_bytes.mp4": "empty_file",
    "squats_bitflips.mp4": "clip_not_decodable",  # its only key frame is damaged, and so is all that follows
}
# Quarter turns, counterclockwise, of those that carry a display matrix though their pixels stand upright.
TURNED = {"squats_displaymatrix_90.mp4": 1, "squats_displaymatrix_180.mp4": 2, "squats_displaymatrix_270.mp4": 3}


def corr(a: np.ndarray, b: np.ndarray) -> float:
    a, b = (shrink(np.ascontiguousarray(x), 64).astype(float) for x in (a, b))
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.fixture(scope="module")
def squats(media: Path) -> dict[int, np.ndarray]:
    return dict(read_frames(probe(media / "videos" / "pose_squats.mp4")))


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
        for number, frame in read_frames(clip):
            assert frame.shape == (clip.size[1], clip.size[0], 3), file.name
            assert frame.flags.c_contiguous
            expected = squats[round(clip.times[number] * 5)]
            if file.name == "squats_nonsquare_sar.mp4":
                assert clip.size == (480, 640)
                continue
            assert corr(frame, np.rot90(expected, TURNED.get(file.name, 0))) > 0.98, (file.name, number)


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
