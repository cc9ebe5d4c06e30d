"""A clip to a sequence of poses, on all cores.

The clip is cut into segments, see `segments`. A worker opens the file itself, decodes, finds and, where it is asked
to, draws and encodes at once; only landmarks travel back.
"""

from __future__ import annotations

import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posecore.clips.pipeline_threads import ahead
from posecore.clips.rendering import DEFAULTS, PREVIEW_SIDE, AnnotatedPart, RenderSettings, join_parts, preview
from posecore.clips.segment_jobs import Desk, OnProgress, Watch, run
from posecore.clips.segments import WARM_UP, Segment, chosen_frames, cut, joined
from posecore.detection.appearance import CLOTHES, SceneCuts, clothes
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.frame_preparation import Prepared, prepare
from posecore.detection.identities import assign_identities
from posecore.detection.stream_tracker import StreamTracker
from posecore.errors import MediaError
from posecore.media.clip_files import Clip, decode_frames
from posecore.media.h264_encoding import Part, fitting_size
from posecore.media.picture_files import Frame, shrink
from posecore.media.upright_frames import DecodedPicture, reduction, upright_planes
from posecore.media.yuv_planes import Planes
from posecore.pose import FloatArray, Pose, PoseSequence, torso_lengths, with_people
from posecore.visuals.skeleton_drawing import draw_pose

# A process has two cores. Where nothing is drawn, which would take 100 MB more, it does as many segments at once, each
# in a thread of its own: stages in threads cost more, since frames go from one core's memory to the other's. A segment
# that is alone uses both cores for the model, and decodes ahead where that leaves one idle.
_CORES = 2
_AHEAD = 2  # frames; each keeps the memory of a decoded one
# Borders at which a tracker that begins anew would follow somebody else come in rows, where people are many. Then one
# tracker goes on over this many segments; doing each border again took three times as long.
_GO_ON = 8
_SOMEBODY_ELSE = 1.0  # torso lengths between two people, on average over the landmarks
# MediaPipe looks at a square around the person, a fourth larger than they are, in 256 x 256 pixels. Frames are scaled
# down as long as it finds that many there; whoever is smaller in more frames than a few is looked at in larger ones.
_LARGE_ENOUGH = 205  # pixels of the longer side of the box
_FEW = 3


@dataclass(frozen=True)
class AnalysisSettings:
    """What to look for, and in which part of a clip.

    Attributes:
        detector: model, number of people, confidence.
        start_s, end_s: seconds from the clip's first frame; None is its end.
        every: 1 for every frame, 2 for every other one, ...
    """

    detector: DetectorSettings = field(default_factory=lambda: DetectorSettings(people=1))
    start_s: float = 0.0
    end_s: float | None = None
    every: int = 1


class Found(NamedTuple):
    """What a worker gives back of its segment.

    Attributes:
        poses: with those of the warm-up in front; None if no frame could be read.
        warm_up: how many of the poses these are.
        clothes: (T, P, 6) of these people, as `appearance.clothes`; NaN where one person is looked for.
        part: the encoded frames.
        render_seconds, seconds: processor time for drawing and encoding, and for everything.
    """

    poses: PoseSequence | None
    warm_up: int
    clothes: FloatArray
    part: Part | None
    render_seconds: float
    seconds: float

    @property
    def last(self) -> int:
        """The number of the last frame; -1 without any."""
        return int(self.poses.frames[-1]) if self.poses else -1


class _TooSmall(Exception):  # noqa: N818  (nobody's mistake)
    """Somebody is too small in the frames as they were scaled down."""


class _Looked(NamedTuple):
    """A frame as it is found in, and as it is drawn on where that is asked for."""

    number: int
    ready: Prepared
    drawn: Planes | None
    is_damaged: bool


class _Seen(NamedTuple):
    """What was found in a frame."""

    pose: Pose
    is_damaged: bool
    clothes: FloatArray
    is_cut: bool


@dataclass(frozen=True, eq=False)
class _Task:
    """What a worker does with a segment."""

    clip: Clip
    segment: Segment
    settings: DetectorSettings
    render_settings: RenderSettings | None
    path: str
    reduction: int  # how many times smaller than stored the frames are that it looks at
    borders: tuple[Segment, ...] = ()  # where it ends as soon as a tracker that begins anew could go on


def analyse(
    clip: Clip,
    settings: AnalysisSettings,
    executor: Executor,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PoseSequence:
    """Find the people in a clip.

    Args:
        executor: where the segments are worked on, such as a lane of `Workers`. It stays open.
        on_progress: told several times a second how far it is.
        cancelled: asked several times a second; true ends the work.

    Raises:
        MediaError: no frame could be read.
        Cancelled: `cancelled` said so.
        PoseError: a worker died.
    """
    found = _find(clip, settings, executor, Watch(on_progress, cancelled), None, "")
    sequence = _joined(found)
    if settings.detector.people == 1:
        return sequence
    worn = [with_people(part.clothes[part.warm_up :], sequence.people) for part in found]
    return assign_identities(sequence, settings.detector.people, np.concatenate(worn))


def analyse_and_render(
    clip: Clip,
    settings: AnalysisSettings,
    executor: Executor,
    target: Path,
    render_settings: RenderSettings = DEFAULTS,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[PoseSequence, float]:
    """`analyse` and `rendering.render` in one pass, which spares decoding the clip a second time.

    Only for one person: with several, who is who is known only when the whole clip has been seen.

    Returns:
        the poses, and which part of the time went into drawing and encoding, 0 to 1.
    """
    with tempfile.TemporaryDirectory(prefix="posecore-") as folder:
        found = _find(clip, settings, executor, Watch(on_progress, cancelled), render_settings, folder)
        sequence = _joined(found)
        parts = [f.part for f in found if f.part is not None and len(f.part.rows)]
        join_parts(parts, target, clip, sequence.frames, render_settings)
    return sequence, sum(f.render_seconds for f in found) / max(sum(f.seconds for f in found), 1e-9)


def _find(
    clip: Clip,
    settings: AnalysisSettings,
    executor: Executor,
    watch: Watch,
    render_settings: RenderSettings | None,
    folder: str,
) -> list[Found]:
    frames = chosen_frames(clip, settings.start_s, settings.end_s, settings.every)
    times_smaller = reduction(clip.size) if clip.pixel_ratio == 1 else 1
    tasks = [
        _Task(clip, segment, settings.detector, render_settings, f"{folder}/{number}", times_smaller)
        for number, segment in enumerate(cut(clip, frames, WARM_UP))
    ]
    if settings.detector.people > 1:  # who is who is found out once all are found
        return _run(executor, tasks, watch)
    found: list[Found] = []
    while True:
        part = _run(executor, tasks, watch, enough=lambda part: _first_astray(part) is not None)
        if (astray := _first_astray(part)) is None:
            return found + part
        watch = _for_a_part(watch, len(frames))
        (on,) = _run(executor, [_going_on([task.segment for task in tasks[astray:]], tasks[astray])], watch)
        found += [*part[:astray], on]
        tasks = [task for task in tasks[astray + 1 :] if task.segment.frames[0] > on.last]
        if not tasks:
            return found


def _run(
    executor: Executor, tasks: list[_Task], watch: Watch, enough: Callable[[list[Found]], bool] | None = None
) -> list[Found]:
    at_once = 1 if tasks[0].render_settings else _CORES
    sizes = [len(task.segment.frames) for task in tasks]
    return run(executor, [partial(_find_in_segment, task) for task in tasks], sizes, watch, at_once, enough)


def _for_a_part(watch: Watch, total: int) -> Watch:
    """The same watch for frames that are done once more: they count as the last of all."""
    tell = watch.on_progress
    if tell is None:
        return watch
    return replace(watch, on_progress=lambda p: tell(replace(p, done=total - p.total + p.done, total=total)))


def _going_on(segments: list[Segment], task: _Task) -> _Task:
    """One tracker for all these segments, or up to one in which a tracker that begins anew follows the same person."""
    return replace(task, segment=joined(segments), borders=tuple(segments[_GO_ON::_GO_ON]))


def _first_astray(found: list[Found]) -> int | None:
    """The first segment in whose successor a tracker that begins anew does not follow the same person."""
    for number, (before, after) in enumerate(pairwise(found)):
        if before.poses and after.poses and _goes_astray(before.poses, after.poses.part(0, after.warm_up)):
            return number
    return None


def _goes_astray(before: PoseSequence, anew: PoseSequence) -> bool:
    """Whether a tracker that begins anew lost who was followed before, or follows somebody else."""
    same = before.at(anew.frames)
    anew = anew.at(same.frames)
    if not len(same.time) or not same.people or not same.present[-1, 0]:
        return False
    if not anew.people or not anew.present[-1, 0]:
        return True
    both = same.present[:, 0] & anew.present[:, 0]
    apart = np.linalg.norm(same.xy[both, 0] - anew.xy[both, 0], axis=-1).mean(-1)
    return bool(len(apart)) and bool(np.median(apart / torso_lengths(same)[both, 0]) > _SOMEBODY_ELSE)


def _joined(found: list[Found]) -> PoseSequence:
    sequences = [f.poses.part(f.warm_up, len(f.poses.time)) for f in found if f.poses is not None]
    if not any(len(sequence.time) for sequence in sequences):
        raise MediaError("clip_not_decodable")
    return PoseSequence.joined(sequences)


def _find_in_segment(task: _Task, desk: Desk) -> Found:
    """Runs in a worker; again with larger frames where somebody is small."""
    while True:
        try:
            return _found_in(task, desk)
        except _TooSmall:
            task = replace(task, reduction=task.reduction // 2)
            desk.begin_again()


def _found_in(task: _Task, desk: Desk) -> Found:
    """One thread does everything; or, where the process does nothing else, one decodes, one finds, one draws."""
    seen: dict[int, _Seen] = {}
    part, rendered = None, 0.0
    clock = time.process_time if desk.alone else time.thread_time
    began = clock()
    looks = ahead(_looks(task), _AHEAD, modest=True) if desk.alone else _looks(task)
    with StreamTracker(task.settings, threads=_CORES if desk.alone else 1) as tracker:
        tracked = _track(tracker, task, looks)
        if task.render_settings and desk.alone:
            tracked = ahead(tracked, _AHEAD)
        with closing(tracked):
            if task.render_settings:
                part, rendered = _render(tracked, task, task.render_settings, seen, desk)
            else:
                for look, one in tracked:
                    seen[look.number] = one
                    desk.tick(partial(_preview, look, one.pose))
    warm_up = sum(number < task.segment.frames[0] for number in seen)
    return Found(_sequence(task.clip, seen), warm_up, _clothes(seen), part, rendered, clock() - began)


def _sequence(clip: Clip, seen: dict[int, _Seen]) -> PoseSequence | None:
    """What was found in frames by their numbers; None in none."""
    if not seen:
        return None
    numbers = np.array(list(seen), np.int64)
    sequence = PoseSequence.from_poses([one.pose for one in seen.values()], clip.times[numbers], clip.size, numbers)
    damaged, cuts = (np.array([getattr(one, name) for one in seen.values()]) for name in ("is_damaged", "is_cut"))
    return replace(sequence, damaged=damaged, cuts=cuts)


def _clothes(seen: dict[int, _Seen]) -> FloatArray:
    """(T, P, 6) what was worn in frames by their numbers."""
    people = max((one.pose.people for one in seen.values()), default=0)
    rows = [with_people(one.clothes[None], people) for one in seen.values()]
    return np.concatenate(rows) if rows else np.zeros((0, 0, CLOTHES), np.float32)


def _track(tracker: StreamTracker, task: _Task, looks: Generator[_Looked]) -> Generator[tuple[_Looked, _Seen]]:
    small, cuts = 0, SceneCuts() if task.settings.people > 1 else None
    borders, before_border = deque(task.borders), dict[int, _Seen]()
    with closing(looks):
        for look in looks:
            if borders and look.number >= borders[0].frames[0] and _takes_over(task, borders.popleft(), before_border):
                return
            one = _seen(tracker, task, look, cuts)
            small += _somebody_is_small(one.pose, task.reduction)
            if small > _FEW:
                raise _TooSmall
            if borders and look.number in borders[0].warm_up:
                before_border[look.number] = one
            yield look, one


def _seen(tracker: StreamTracker, task: _Task, look: _Looked, cuts: SceneCuts | None = None) -> _Seen:
    """What is found in the next frame; with `cuts` also whether it shows another scene, and what people wear."""
    is_cut = cuts is not None and cuts.is_cut(look.ready.picture)
    if is_cut:
        tracker.forget()
    pose = tracker.track(look.ready, float(task.clip.times[look.number]))
    worn = clothes(look.ready, pose) if cuts else np.full((pose.people, CLOTHES), np.nan, np.float32)
    return _Seen(pose, look.is_damaged, worn, is_cut)


def _takes_over(task: _Task, segment: Segment, before: dict[int, _Seen]) -> bool:
    """Whether a tracker that begins with a segment's warm-up follows the same person, whose poses there these are."""
    warm_up = replace(task, segment=Segment(segment.warm_up, segment.warm_up[:0]), render_settings=None)
    with StreamTracker(task.settings, threads=1) as tracker:
        anew = {look.number: _seen(tracker, task, look) for look in _looks(warm_up)}
    followed, found = _sequence(task.clip, before), _sequence(task.clip, anew)
    return followed is None or found is None or not _goes_astray(followed, found)


def _somebody_is_small(pose: Pose, times_smaller: int) -> bool:
    if times_smaller == 1 or not pose.people:
        return False
    left, top, right, bottom = pose.whole_boxes.T
    return bool((np.maximum(right - left, bottom - top) < times_smaller * _LARGE_ENOUGH).any())


def _looks(task: _Task) -> Generator[_Looked]:
    clip, segment = task.clip, task.segment
    wanted = {*segment.warm_up.tolist(), *segment.frames.tolist()}
    size = fitting_size(clip.size, task.render_settings.longest_side) if task.render_settings else None
    for number, frame in decode_frames(clip, segment.first, segment.end, threads=1):
        if number not in wanted:
            continue
        ready = prepare(DecodedPicture(frame, clip.pixel_ratio, task.reduction), clip.size)
        drawn = upright_planes(frame, size) if size and number >= segment.frames[0] else None
        yield _Looked(number, ready, drawn, frame.is_corrupt)


def _render(
    tracked: Generator[tuple[_Looked, _Seen]],
    task: _Task,
    settings: RenderSettings,
    seen: dict[int, _Seen],
    desk: Desk,
) -> tuple[Part, float]:
    """Draw and encode what is found as it comes; returns also the processor time that took."""
    spent = 0.0
    with desk.place(task.path) as path:
        part = AnnotatedPart(path, task.clip, task.segment.frames, settings)
        with part.encoder:
            for look, one in tracked:
                seen[look.number] = one
                if look.drawn is not None:
                    began = time.thread_time()
                    part.add(look.number, look.drawn, one.pose)
                    spent += time.thread_time() - began
                    desk.tick(partial(preview, look.drawn))
        return desk.handed_over(part.encoder.part), spent


def _preview(look: _Looked, pose: Pose) -> Frame:
    return draw_pose(shrink(look.ready.picture.whole(), PREVIEW_SIDE), pose)
