"""One live stream: the person in it followed, drawn, measured and counted, whatever goes wrong.

Knows nothing of where frames come from and where they go.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray

from posecore import palette
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.identities import Identities
from posecore.detection.models import DEFAULT_MODEL
from posecore.detection.stream_tracker import StreamTracker
from posecore.exercises.body_measures import Body
from posecore.exercises.exercise import Exercise
from posecore.live.following import Followed, Follower, Reference
from posecore.live.history import FASTEST, MOST_FOLLOWED, History, Recording
from posecore.live.stream_counting import LiveCount, LiveCounter
from posecore.media.picture_files import Frame
from posecore.palette import rgb
from posecore.pose import BoolArray, FloatArray, Pose, PoseSequence, torso_lengths
from posecore.skeleton import INDEX
from posecore.visuals.skeleton_drawing import Style, draw_ghost, draw_pose

if TYPE_CHECKING:  # recognising brings SciPy, for which only those who taught something should wait
    from posecore.live.labelling import Labelled, Labeller
    from posecore.recognise.recogniser import Recogniser

_LEAST_STEP = 0.001  # seconds between frames whose times do not rise
_RECENT_S = 1.5  # what the advice and the rates are about
_DARK = 40  # of 255, mean brightness in which little can be seen
_FAR = 0.075  # torso in heights of the picture; a whole body is then about a quarter of it
# What has to be in the picture: shoulders, elbows, hips, knees, ankles.
_BODY = [
    INDEX[f"{side}_{name}"] for name in ("shoulder", "elbow", "hip", "knee", "ankle") for side in ("left", "right")
]
_ENOUGH = 0.7  # of these

Advice = Literal["dark", "nobody", "far", "cut"]

_log = logging.getLogger("posecore")


@dataclass(frozen=True)
class LiveSettings:
    """What can be changed while a stream runs.

    Attributes:
        mirrored: show the picture as in a mirror. Numbers stay as they are: left is the person's left.
        exercise: whose repetitions are counted, from when it is chosen.
        people: who are followed at most, up to `MOST_FOLLOWED`; each frame takes longer with everybody.
        reference: a movement that the first of them follows, drawn over them as a ghost.
        recogniser: says of the first of them what they do, of what was taught.
    """

    model: str = DEFAULT_MODEL
    style: Style = "sides"
    mirrored: bool = True
    min_confidence: float = 0.5
    exercise: Exercise | None = None
    people: int = 1
    reference: Reference | None = None
    recogniser: Recogniser | None = None


@dataclass(frozen=True, eq=False)
class LiveSnapshot:
    """How a stream stands.

    Attributes:
        time: (T,) seconds since the first frame, rising, at most the last `HISTORY_S`.
        angles: (T, 12) interior angles in the picture, degrees, in the order of `ANGLES`; NaN where nobody was found.
        seen: (T, 12) whether all landmarks of an angle were seen.
        frames_seen, frames_processed, errors: since the beginning.
        frames_per_second: processed, lately.
        milliseconds: from a frame's arrival to its answer, median, lately; NaN before the first.
        advice: what keeps the body from being measured: too dark, nobody there, too far away, partly outside.
        recorded_s: seconds recorded so far; None while nothing is recorded.
        recording_full: whether the recording has reached its limit.
        counted: of the exercise that is counted, for each of the people; empty without one.
        people: how many have been followed; whoever goes keeps their number.
        followed: how following the reference stands; None without one.
        labelled: what is recognised; None without a recogniser.
    """

    time: NDArray[np.float64]
    angles: FloatArray
    seen: BoolArray
    frames_seen: int
    frames_processed: int
    errors: int
    frames_per_second: float
    milliseconds: float
    advice: Advice | None
    recorded_s: float | None
    recording_full: bool
    counted: tuple[LiveCount, ...]
    people: int
    followed: Followed | None
    labelled: Labelled | None


class LiveSession:
    """Follows one person through the frames of one stream, or up to `MOST_FOLLOWED`.

    `process` belongs to the stream's thread; everything else may be called from any thread. `close` (or leaving the
    context) frees the tracker, after which frames come back without a skeleton.
    """

    def __init__(self, settings: LiveSettings | None = None) -> None:
        self._settings = settings or LiveSettings()
        self._lock = threading.Lock()  # what other threads read
        self._work = threading.Lock()  # the tracker: in use or being closed
        self._tracker: StreamTracker | None = None
        self._opened: tuple[str, float, int] | None = None
        self._identities = Identities(1)
        self._closed = False
        self._history = History()
        self._recent: deque[_Recent] = deque(maxlen=round(_RECENT_S * FASTEST))
        self._recording: Recording | None = None
        self._clock = _Clock()
        self._counters = [LiveCounter() for _ in range(MOST_FOLLOWED)]
        self._follower = Follower()
        self._labeller: Labeller | None = None
        self._people = 1
        self._seen = self._processed = self._errors = 0

    def configure(self, settings: LiveSettings) -> None:
        """Use other settings from the next frame on."""
        with self._lock:
            self._settings = settings

    def process(self, frame: Frame, time_s: float | None = None, waited_s: float = 0.0) -> Frame:
        """The frame with the skeleton of the person in it. Never raises.

        Where something fails, the frame comes back as it is, or a plain ground in the style "skeleton", so that no
        picture of a person is shown that was not asked for.

        Args:
            frame: (H, W, 3) uint8 RGB; its size may change from frame to frame.
            time_s: when it was taken; without it, now. Time that stands still or runs back goes on from the last.
            waited_s: how long it has been waiting.
        """
        began = time.perf_counter()
        with self._lock:
            settings = self._settings
            self._seen += 1
        try:
            with self._work:
                if self._closed:
                    return _unanswered(frame, settings)
                pose = self._track(frame, began if time_s is None else time_s, settings)
            brightness = float(frame[::16, ::16].mean())
            with self._lock:
                found = PoseSequence.from_poses([pose], np.array([self._clock.now]), pose.size)
                self._take(found, settings, brightness, 1000 * (time.perf_counter() - began + waited_s))
                followed = self._follower.followed
            answer = _drawn(frame, pose, settings, followed)
        except Exception:  # noqa: BLE001  (an exception would end the stream)
            with self._lock:
                self._errors += 1
                first = self._errors == 1
            if first:
                _log.exception("a frame could not be processed")
            return _unanswered(frame, settings)
        return answer

    def take(self, found: PoseSequence, brightness: float, milliseconds: float) -> None:
        """What was found elsewhere in the next frames, instead of `process`.

        Args:
            found: everybody in their place, at times as for `process`.
            brightness: of the frames, 0 to 255.
            milliseconds: that looking at one took.
        """
        with self._lock:
            self._seen += len(found.time)
            moments = np.array([self._clock.read(moment) for moment in found.time.tolist()])
            self._take(replace(found, time=moments), self._settings, brightness, milliseconds)

    def skipped(self, count: int) -> None:
        """Count frames that arrived and were replaced by newer ones before they could be processed."""
        with self._lock:
            self._seen += count

    def snapshot(self, person: int = 0) -> LiveSnapshot:
        """How the stream stands, with the angles of one of the people; takes about a tenth of a millisecond."""
        now = time.perf_counter()
        with self._lock:
            recent = [one for one in self._recent if one.at > now - _RECENT_S]
            recording = self._recording
            moments, angles, seen = self._history.angles(min(person, self._people - 1))
            return LiveSnapshot(
                time=moments,
                angles=angles,
                seen=seen,
                frames_seen=self._seen,
                frames_processed=self._processed,
                errors=self._errors,
                frames_per_second=_rate(recent),
                milliseconds=float(np.median([one.milliseconds for one in recent])) if recent else float("nan"),
                advice=_advice(recent),
                recorded_s=recording.seconds if recording else None,
                recording_full=bool(recording and recording.full),
                counted=tuple(one.counted for one in self._counters[: self._people] if one.counted),
                people=self._people,
                followed=self._follower.followed,
                labelled=self._labeller.labelled if self._labeller else None,
            )

    def measure_range(self, person: int = 0) -> None:
        """Measure a person's own range in the next two movements; then count them by it, from 0 again."""
        with self._lock:
            self._counters[person].measure_range()

    def use_standard(self, person: int = 0) -> None:
        """Count a person by the standard again, from 0."""
        with self._lock:
            self._counters[person].use_standard()

    def start_recording(self) -> None:
        """Keep what is found from now on, up to `MOST_RECORDED_S`; forgets an earlier recording."""
        with self._lock:
            self._recording = Recording()

    def stop_recording(self) -> PoseSequence | None:
        """What was recorded, its times from 0; None if nothing was."""
        with self._lock:
            recording, self._recording = self._recording, None
        return recording.sequence() if recording else None

    def close(self) -> None:
        """Free the tracker. What was found can still be read."""
        with self._work:
            self._closed = True
            self._close_tracker()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _track(self, frame: Frame, time_s: float, settings: LiveSettings) -> Pose:
        wanted = (settings.model, settings.min_confidence, settings.people)
        if self._tracker is None or wanted != self._opened:
            self._close_tracker()
            detector = DetectorSettings(settings.model, settings.people, settings.min_confidence, closer="auto")
            self._tracker = StreamTracker(detector, live=True)
            if self._identities.most != settings.people:
                self._identities = Identities(settings.people)
            self._opened = wanted
        pose = self._tracker.track(frame, self._clock.read(time_s))
        return self._identities.place(pose, self._clock.now) if settings.people > 1 else pose

    def _take(self, found: PoseSequence, settings: LiveSettings, brightness: float, milliseconds: float) -> None:
        self._processed += len(found.time)
        self._recent.extend(_recent(found, brightness, milliseconds))
        self._history.add(found)
        self._count(settings, found)
        self._follower.update(settings.reference, found)
        self._recognise(settings.recogniser, found)
        if self._recording:
            self._recording.add(found)

    def _recognise(self, recogniser: Recogniser | None, found: PoseSequence) -> None:
        if recogniser is None:
            self._labeller = None
            return
        from posecore.live.labelling import Labeller

        if self._labeller is None or self._labeller.recogniser is not recogniser:
            self._labeller = Labeller(recogniser)
        self._labeller.update(found)

    def _count(self, settings: LiveSettings, found: PoseSequence) -> None:
        there = found.present
        for row, moment in enumerate(found.time.tolist()):
            for number, counter in enumerate(self._counters[: settings.people]):
                seen = settings.exercise and number < found.people and there[row, number]
                counter.update(settings.exercise, moment, Body.at(found, row, number) if seen else None)
        self._people = max(1, found.people)

    def _close_tracker(self) -> None:
        if self._tracker:
            self._tracker.close()
        self._tracker = self._opened = None


class _Clock:
    """Seconds since the first frame, always rising."""

    def __init__(self) -> None:
        self.now = -_LEAST_STEP
        self._offset: float | None = None

    def read(self, time_s: float) -> float:
        if self._offset is None and math.isfinite(time_s):
            self._offset = -time_s
        moment = time_s + (self._offset or 0.0)
        if not moment > self.now:
            moment = self.now + _LEAST_STEP
            if math.isfinite(time_s):
                self._offset = moment - time_s
        self.now = moment
        return moment


@dataclass(frozen=True)
class _Recent:
    """A processed frame: when (s, our clock), how long it took, brightness, torso in heights of the picture, share of
    the body that was seen."""

    at: float
    milliseconds: float
    brightness: float
    torso: float
    body: float


def _recent(found: PoseSequence, brightness: float, milliseconds: float) -> list[_Recent]:
    """Of the person whose torso is the longest; 0 where there is nobody."""
    now, count = time.perf_counter(), len(found.time)
    if not found.people:
        return [_Recent(now, milliseconds, brightness, 0.0, 0.0)] * count
    torsos = np.nan_to_num(torso_lengths(found), nan=0.0)
    foremost = (np.arange(count), torsos.argmax(1))
    shares = found.seen[:, :, _BODY].mean(-1)[foremost].tolist()
    sizes = (torsos[foremost] / found.size[1]).tolist()
    return [_Recent(now, milliseconds, brightness, torso, body) for torso, body in zip(sizes, shares, strict=True)]


def _rate(recent: list[_Recent]) -> float:
    if len(recent) < 2:
        return 0.0
    return (len(recent) - 1) / max(recent[-1].at - recent[0].at, 1e-3)


def _advice(recent: list[_Recent]) -> Advice | None:
    if len(recent) < 3:
        return None
    brightness, torso, body = np.median([(one.brightness, one.torso, one.body) for one in recent], axis=0)
    if torso == 0:
        return "dark" if brightness < _DARK else "nobody"
    if torso < _FAR:
        return "far"
    return "cut" if body < _ENOUGH else None


def _drawn(frame: Frame, pose: Pose, settings: LiveSettings, followed: Followed | None) -> Frame:
    if settings.mirrored:  # before drawing, for numbers are to be read
        frame = np.ascontiguousarray(frame[:, ::-1])
        pose = replace(pose, xy=pose.xy * np.array([-1, 1], np.float32) + np.array([pose.size[0] - 1, 0], np.float32))
    answer = draw_pose(frame, pose, settings.style)
    phase = followed.phase_s if followed else None
    if followed and phase is not None and pose.people:
        ghost = followed.reference.ghost(phase, pose.xy[0], mirrored=settings.mirrored)
        if ghost is not None:
            draw_ghost(answer, ghost)
    return answer


def _unanswered(frame: Frame, settings: LiveSettings) -> Frame:
    return np.full_like(frame, rgb(palette.PAPER)) if settings.style == "skeleton" and frame.ndim == 3 else frame
