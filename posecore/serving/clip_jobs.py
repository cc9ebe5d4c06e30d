"""Clips that callers wait for: each a job in the workers' turns, with a folder for what comes of it."""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.clips.rendering import render
from posecore.clips.segment_jobs import Progress
from posecore.errors import BusyError, PoseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import Review, reviews_of
from posecore.formats.csv_tables import (
    reviewed_repetition_table,
    sequence_angle_table,
    sequence_landmark_table,
    to_csv,
)
from posecore.formats.exports import export
from posecore.formats.file_formats import FORMATS
from posecore.formats.json_records import count_record, summary_record
from posecore.media.atomic_files import written_whole
from posecore.media.clip_files import Clip, probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Lanes

State = Literal["working", "done", "failed"]
MOST_JOBS = 100  # that are kept, with their files
_BUSY_S = 30


@dataclass
class ClipJob:
    """One clip: `error` says why it failed; results are made when they are asked for."""

    number: str
    folder: Path
    name: str
    settings: AnalysisSettings
    exercise: Exercise | None
    state: State = "working"
    done: int = 0
    total: int = 0
    error: PoseError | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    clip: Clip | None = None
    sequence: PoseSequence | None = None
    asked: float = field(default_factory=time.monotonic)  # when somebody asked for it last

    @property
    def source(self) -> Path:
        """The clip's file."""
        return self.folder / "clip"

    @property
    def of_everybody(self) -> bool:
        """Whether a class is counted."""
        return self.settings.detector.people > 1

    @cached_property
    def reviews(self) -> list[Review]:
        """What the exercise came to, once done: of everybody where several are looked for."""
        if not (self.exercise and self.sequence):
            return []
        return reviews_of(self.sequence, self.exercise, everybody=self.of_everybody)


class ClipJobs:
    """All of them; `close` ends those that run and forgets everything.

    Args:
        keep_s: seconds for which a job that is over is kept after somebody asked for it.
    """

    def __init__(self, folder: Path, workers: Lanes, keep_s: float) -> None:
        self._folder, self._workers, self._keep_s = folder, workers, keep_s
        self._jobs: dict[str, ClipJob] = {}
        self._lock = threading.Lock()

    @contextmanager
    def arriving(self, name: str, settings: AnalysisSettings, exercise: Exercise | None) -> Iterator[ClipJob]:
        """A job whose clip is written meanwhile; it begins afterwards, and is forgotten where that fails.

        Raises:
            BusyError: as many are worked on as may be kept.
        """
        if len(self._jobs) >= MOST_JOBS:
            self._make_room()
        with self._lock:
            if len(self._jobs) >= MOST_JOBS:
                raise BusyError("busy", seconds=_BUSY_S)
            number = secrets.token_urlsafe(12)
            job = ClipJob(number, self._folder / number, name, settings, exercise)
            self._jobs[number] = job
        job.folder.mkdir(mode=0o700)
        try:
            yield job
        except BaseException:
            self.forget(number)
            raise
        threading.Thread(target=self._work, args=(job,), name=f"clip {number}", daemon=True).start()

    def find(self, number: str) -> ClipJob | None:
        """A job by its number."""
        with self._lock:
            job = self._jobs.get(number)
        if job:
            job.asked = time.monotonic()
        return job

    def forget(self, number: str) -> bool:
        """End a job and take its files away; false where there is no such job."""
        with self._lock:
            job = self._jobs.pop(number, None)
        if job is None:
            return False
        job.cancelled.set()
        shutil.rmtree(job.folder, ignore_errors=True)
        return True

    def tidy(self) -> None:
        """Forget what is over and was not asked for in a while."""
        now = time.monotonic()
        for number, job in list(self._jobs.items()):
            if job.state != "working" and now - job.asked > self._keep_s:
                self.forget(number)

    def _make_room(self) -> None:
        """Forget what is over and was not asked for longest."""
        over = [job for job in list(self._jobs.values()) if job.state != "working"]
        if over:
            self.forget(min(over, key=lambda job: job.asked).number)

    def close(self) -> None:
        """Forget all."""
        for number in list(self._jobs):
            self.forget(number)

    def _work(self, job: ClipJob) -> None:
        def show(progress: Progress) -> None:
            job.done, job.total = progress.done, progress.total

        try:
            job.clip = self._workers.lane(job.number).submit(probe, job.source).result()
            lane = self._workers.lane(job.number)
            job.sequence = analyse(job.clip, job.settings, lane, show, job.cancelled.is_set)
            job.state = "done"
        except PoseError as error:
            job.error = None if job.cancelled.is_set() else error
        finally:
            if job.state == "working":  # whatever it was, nobody may wait for it for ever
                job.state = "failed"

    def result(self, job: ClipJob, name: str) -> Path | None:
        """A file of a finished job, made now if it was not before; None where there is no such result.

        Raises:
            WriteError: it cannot be written.
        """
        path = job.folder / f"result.{name}"
        with job.lock:
            if not path.exists():
                self._make(job, name, path)
        return path if path.exists() else None

    def _make(self, job: ClipJob, name: str, path: Path) -> None:
        sequence, clip = job.sequence, job.clip
        if sequence is None or clip is None:
            return
        if name in FORMATS:
            export(sequence, name, path, sequence.most_seen)
        elif name == "annotated.mp4":
            render(clip, sequence, path, self._workers.lane(job.number))
        elif (text := _table(job, sequence, name)) is not None:
            with written_whole(path) as draft:
                draft.write_text(text, "utf-8")


def summary(job: ClipJob) -> dict[str, object]:
    """What `summary.json` of the command line says."""
    assert job.clip
    assert job.sequence
    record = summary_record(job.clip, job.sequence, job.settings.detector.model, {}) | {"file": job.name}
    if job.exercise:
        record |= count_record(job.exercise, job.reviews, job.sequence.most_seen, everybody=job.of_everybody)
    return record


def _table(job: ClipJob, sequence: PoseSequence, name: str) -> str | None:
    if name == "landmarks.csv":
        return to_csv(sequence_landmark_table(sequence))
    if name == "angles.csv":
        return to_csv(sequence_angle_table(sequence))
    if name == "reps.csv" and job.exercise:
        return to_csv(reviewed_repetition_table(job.reviews, everybody=job.of_everybody))
    return None
