"""Real clips rendered by real workers, read back with PyAV."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from posecore import AnalysisSettings, PoseSequence, Workers, analyse, probe, read_frames
from posecore.clips.rendering import RenderSettings, render
from posecore.media.h264_encoding import fitting_size
from tests.support.paths import SAMPLES

BOX_JUMP = SAMPLES / "box_jump.mp4"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


def found(path: Path, workers: Workers, settings: AnalysisSettings | None = None) -> PoseSequence:
    return analyse(probe(path), settings or AnalysisSettings(every=4), workers.lane())


def test_browsers_can_play_it_with_the_original_sound(workers: Workers, tmp_path: Path) -> None:
    clip = probe(BOX_JUMP)
    render(clip, found(BOX_JUMP, workers, AnalysisSettings(end_s=2)), tmp_path / "a.mp4", workers.lane())
    with av.open(str(tmp_path / "a.mp4")) as out, av.open(str(BOX_JUMP)) as source:
        picture, sound = out.streams.video[0], out.streams.audio[0]
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert max(picture.width, picture.height) == 1280
        packets = [bytes(packet) for packet in out.demux(sound) if packet.size]
        originals = [bytes(packet) for packet in source.demux(source.streams.audio[0]) if packet.size]
        assert sound.codec_context.name == "aac"
        assert packets == originals[: len(packets)]
        assert len(packets) * 1024 / sound.codec_context.sample_rate == pytest.approx(2, abs=0.1)
    data = (tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # plays before it is loaded


def test_parts_joined_are_the_whole_without_a_gap(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, sequence = probe(SAMPLES / "balance.mp4"), found(SAMPLES / "balance.mp4", workers, AnalysisSettings())
    render(clip, sequence, tmp_path / "one.mp4", workers.lane())
    monkeypatch.setattr("posecore.clips.segments.LONGEST", 30)
    render(clip, sequence, tmp_path / "four.mp4", workers.lane())
    one, four = probe(tmp_path / "one.mp4"), probe(tmp_path / "four.mp4")
    assert four.times == pytest.approx(clip.times)
    assert len(four.keys) > len(one.keys)
    for (_, a), (_, b) in zip(read_frames(one), read_frames(four), strict=True):
        assert np.abs(a.astype(int) - b).mean() < 4


def test_times_are_those_of_the_original_from_the_part_that_was_asked_for(
    media: Path, workers: Workers, tmp_path: Path
) -> None:
    clip = probe(media / "odd_videos" / "squats_vfr.mp4")
    sequence = found(clip.path, workers, AnalysisSettings(start_s=2))
    render(clip, sequence, tmp_path / "a.mp4", workers.lane())
    result = probe(tmp_path / "a.mp4")
    assert result.times == pytest.approx(sequence.time - sequence.time[0], abs=1e-4)
    assert result.duration_s == pytest.approx(clip.duration_s - 2, abs=0.3)


@pytest.mark.parametrize(
    "name", ["squats_phone_rot90_upright.mp4", "squats_nonsquare_sar.mp4", "squats_hevc_10bit.mkv"]
)
def test_it_is_upright_with_square_pixels(name: str, media: Path, workers: Workers, tmp_path: Path) -> None:
    clip = probe(media / "odd_videos" / name)
    render(clip, found(clip.path, workers), tmp_path / "a.mp4", workers.lane())
    result = probe(tmp_path / "a.mp4")
    assert result.size == clip.size
    (_, drawn), (_, original) = next(read_frames(result)), next(read_frames(clip))
    assert np.median(np.abs(drawn.astype(int) - original)) < 12


def test_the_skeleton_is_on_the_body(workers: Workers, tmp_path: Path) -> None:
    clip, sequence = probe(BOX_JUMP), found(BOX_JUMP, workers, AnalysisSettings(start_s=3, end_s=3.1))
    render(clip, sequence, tmp_path / "a.mp4", workers.lane(), RenderSettings("classic"))
    _, frame = next(read_frames(probe(tmp_path / "a.mp4")))
    for x, y in (sequence.frame(0).resized((1280, 720)).xy[0][sequence.seen[0, 0]]).round().astype(int):
        red, green, blue = frame[y, x].astype(int)
        assert red - max(green, blue) > 40


@pytest.mark.parametrize("rate", [44_100, 12_345])
def test_sound_that_mp4_cannot_hold_becomes_aac(rate: int, workers: Workers, tmp_path: Path) -> None:
    source = tmp_path / "pcm.mkv"
    with av.open(str(SAMPLES / "balance.mp4")) as clip, av.open(str(source), "w") as out:
        copy = out.add_stream_from_template(clip.streams.video[0])
        sound = out.add_stream("pcm_s16le", rate=rate, layout="mono")
        for packet in clip.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
        tone = (np.sin(np.arange(rate) * 0.06) * 9000).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
        frame.sample_rate = rate
        out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    render(probe(source), found(source, workers), tmp_path / "a.mp4", workers.lane())
    with av.open(str(tmp_path / "a.mp4")) as out:
        sound = out.streams.audio[0]
        assert sound.codec_context.name == "aac"
        samples = np.concatenate([f.to_ndarray()[0] for f in out.decode(audio=0)])
        assert len(samples) / sound.rate == pytest.approx(1, rel=0.1)
        assert np.abs(samples).max() > 0.1


def test_sound_of_an_unknown_codec_is_left_out(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    path.write_bytes(BOX_JUMP.read_bytes().replace(b"mp4a", b"????").replace(b"esds", b"????"))
    clip = probe(path)
    assert not clip.has_audio
    render(clip, found(path, workers, AnalysisSettings(end_s=1)), tmp_path / "a.mp4", workers.lane())
    assert len(probe(tmp_path / "a.mp4").pts) == 30


@pytest.mark.parametrize("damaged", [slice(0, 1), slice(0, None), slice(10, None, 3)])
def test_damaged_sound_does_not_lose_the_clip(damaged: slice, workers: Workers, tmp_path: Path) -> None:
    data = bytearray(BOX_JUMP.read_bytes())
    with av.open(str(BOX_JUMP)) as source:
        packets = [(packet.pos, packet.size) for packet in source.demux(audio=0) if packet.size]
    for place, size in packets[damaged]:
        data[place : place + size] = b"\xff" * size  # which no AAC begins with
    path = tmp_path / "sound.mp4"
    path.write_bytes(data)
    clip = probe(path)
    render(clip, found(path, workers, AnalysisSettings(end_s=1)), tmp_path / "a.mp4", workers.lane())
    assert len(probe(tmp_path / "a.mp4").pts) == 30


def test_a_time_base_that_mp4_cannot_hold(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 144, 256, "yuv420p"
        for _, frame in read_frames(probe(SAMPLES / "balance.mp4"), 0, 11):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(cv2.resize(frame, (144, 256)), format="rgb24")))
        out.mux(stream.encode())
    data = bytearray(path.read_bytes())
    place = data.index(b"strh") + 28
    data[place : place + 8] = struct.pack("<II", 2_057_711_627, 1_294_485_484)  # seconds of a frame
    path.write_bytes(data)
    clip = probe(path)
    render(clip, found(path, workers, AnalysisSettings(every=5)), tmp_path / "a.mp4", workers.lane())
    assert probe(tmp_path / "a.mp4").times == pytest.approx(clip.times[::5], abs=1e-4)


@pytest.mark.parametrize(
    ("size", "fitting"), [((1920, 1080), (1280, 720)), ((333, 777), (332, 776)), ((1080, 1920), (720, 1280))]
)
def test_sizes_are_even_and_no_larger_than_asked_for(size: tuple[int, int], fitting: tuple[int, int]) -> None:
    assert np.abs(np.subtract(fitting_size(size, 1280), fitting)).max() <= 2
    assert not any(side % 2 for side in fitting_size(size, 1280))


def test_people_who_are_missing_are_not_drawn(workers: Workers, tmp_path: Path) -> None:
    clip = probe(SAMPLES / "balance.mp4")
    sequence = found(clip.path, workers)
    nobody = replace(sequence, xy=np.full_like(sequence.xy, np.nan))
    render(clip, nobody, tmp_path / "a.mp4", workers.lane())
    _, frame = next(read_frames(probe(tmp_path / "a.mp4")))
    _, original = next(read_frames(clip))
    small = cv2.resize(original, frame.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.quantile(np.abs(frame.astype(int) - small), 0.999) < 40
