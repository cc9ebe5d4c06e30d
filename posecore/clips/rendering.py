"""A clip with the poses drawn on it, as H.264 in MP4."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Generator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecore.clips.pipeline_threads import ahead
from posecore.clips.segment_jobs import Desk, OnProgress, Watch, run
from posecore.clips.segments import cut
from posecore.media.clip_files import Clip, decode_frames
from posecore.media.h264_encoding import Part, PartEncoder, fitting_size, join
from posecore.media.picture_files import Frame, shrink
from posecore.media.upright_frames import upright_planes
from posecore.media.yuv_planes import Planes, cut_out, paint, rgb
from posecore.pose import Pose, PoseSequence
from posecore.visuals.skeleton_drawing import Style, changed, draw_onto

PREVIEW_SIDE = 640  # pixels of the pictures that show progress


@dataclass(frozen=True)
class RenderSettings:
    """How poses are drawn, and the longest side of the result in pixels."""

    style: Style = "sides"
    longest_side: int = 1280


DEFAULTS = RenderSettings()


def render(
    clip: Clip,
    sequence: PoseSequence,
    target: Path,
    executor: Executor,
    settings: RenderSettings = DEFAULTS,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the frames of `sequence` with everybody's pose on them and the clip's sound to an MP4 file.

    Frames keep their times; the first one begins at 0.

    Raises:
        Cancelled, PoseError: as `segment_jobs.run`.
        WriteError: the file cannot be written.
    """
    segments = cut(clip, sequence.frames)
    rows = np.searchsorted(sequence.frames, [segment.frames[0] for segment in segments]).tolist()
    with tempfile.TemporaryDirectory(prefix="posecore-") as folder:
        calls = [
            partial(_render_segment, clip, sequence.part(row, row + len(segment.frames)), settings, f"{folder}/{row}")
            for row, segment in zip(rows, segments, strict=True)
        ]
        parts = run(executor, calls, [len(segment.frames) for segment in segments], Watch(on_progress, cancelled))
        join_parts(parts, target, clip, sequence.frames, settings)


def join_parts(
    parts: list[Part], target: Path, clip: Clip, frames: NDArray[np.int64], settings: RenderSettings
) -> None:
    """Join what the segments of these frames were encoded to."""
    begin, last = clip.times[frames[[0, -1]]]
    end = last + float(frame_durations(clip, frames)[-1] * clip.time_base)
    join(parts, target, clip, fitting_size(clip.size, settings.longest_side), float(begin), end)


def frame_durations(clip: Clip, frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """How long each of these frames stays, in the clip's time base: to the next, the last as the median."""
    gaps = np.diff(clip.pts[frames])
    usual = int(np.median(gaps)) if len(gaps) else round(clip.duration_s / len(clip.pts) / clip.time_base)
    return np.append(gaps, usual)


class AnnotatedPart:
    """Draws and encodes the frames of a segment; used as a context."""

    def __init__(self, path: str, clip: Clip, frames: NDArray[np.int64], settings: RenderSettings) -> None:
        self._clip, self._settings = clip, settings
        self._durations = dict(zip(frames.tolist(), frame_durations(clip, frames).tolist(), strict=True))
        self._size = fitting_size(clip.size, settings.longest_side)
        self._canvas = np.empty((*self._size[::-1], 3), np.uint8)
        self.encoder = PartEncoder(Path(path), clip, self._size)

    def add(self, number: int, planes: Planes, pose: Pose) -> None:
        """Draw onto a frame that has the size of the result, and add it."""
        self._draw(planes, pose.resized(self._size))
        self.encoder.write(planes, int(self._clip.pts[number]), self._durations[number])

    def _draw(self, planes: Planes, pose: Pose) -> None:
        """Only what is drawn on becomes RGB and is changed."""
        if (box := changed(pose, self._settings.style)) is None:
            return
        left, top, right, bottom = box = box.within(self._size, grid=2)
        canvas = self._canvas[top:bottom, left:right]
        canvas[:] = rgb(cut_out(planes, box))
        draw_onto(self._canvas, pose, self._settings.style)
        paint(planes, box, canvas)


def preview(planes: Planes) -> Frame:
    """A small picture that shows how far it is."""
    return shrink(rgb(planes), PREVIEW_SIDE)


def _render_segment(clip: Clip, sequence: PoseSequence, settings: RenderSettings, path: str, desk: Desk) -> Part:
    """Runs in a worker: one thread decodes, one draws and encodes."""
    rows = {number: row for row, number in enumerate(sequence.frames.tolist())}
    with desk.place(path) as place:
        part = AnnotatedPart(place, clip, sequence.frames, settings)
        with part.encoder:
            for number, planes in ahead(_small_frames(clip, rows, fitting_size(clip.size, settings.longest_side))):
                part.add(number, planes, sequence.frame(rows[number]))
                desk.tick(partial(preview, planes))
        return desk.handed_over(part.encoder.part)


def _small_frames(clip: Clip, wanted: Collection[int], size: tuple[int, int]) -> Generator[tuple[int, Planes]]:
    for number, frame in decode_frames(clip, min(wanted), max(wanted) + 1, threads=1):
        if number in wanted:
            yield number, upright_planes(frame, size)
