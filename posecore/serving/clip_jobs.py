"""Clips that callers wait for: each a job in the workers' turns, with a folder for what comes of it."""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.clips.rendering import render
from posecore.clips.segment_jobs import Progress
from posecore.errors import BusyError, Cancelled, PoseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import review_exercise
from posecore.formats.csv_tables import repetition_table, sequence_angle_table, sequence_landmark_table, to_csv
from posecore.formats.exports import FORMATS, export
from posecore.formats.json_records import exercise_record, summary_record
from posecore.media.atomic_files import written_whole
from posecore.media.clip_files import Clip, probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers

State = Literal["working", "done", "failed"]
MOST_JOBS = 100  # that are kept, with their files
_BUSY_S = 30
TABLES = ("landmarks.csv", "angles.csv", "reps.csv")


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
    finished: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    clip: Clip | None = None
    sequence: PoseSequence | None = None

    @property
    def source(self) -> Path:
        """The clip's file."""
        return self.folder / "clip"

    @property
    def person(self) -> int:
        """Who is in most frames."""
        assert self.sequence
        return int(self.sequence.present.sum(0).argmax()) if self.sequence.people else 0


class ClipJobs:
    """All of them; `close` ends those that run and forgets everything."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._folder, self._workers = folder, workers
        self._jobs: dict[str, ClipJob] = {}
        self._lock = threading.Lock()

    @contextmanager
    def arriving(self, name: str, settings: AnalysisSettings, exercise: Exercise | None) -> Iterator[ClipJob]:
        """A job whose clip is written meanwhile; it begins afterwards, and is forgotten where that fails.

        Raises:
            BusyError: as many are kept as may be.
        """
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
            return self._jobs.get(number)

    def forget(self, number: str) -> bool:
        """End a job and take its files away; false where there is no such job."""
        with self._lock:
            job = self._jobs.pop(number, None)
        if job is None:
            return False
        job.cancelled.set()
        shutil.rmtree(job.folder, ignore_errors=True)
        return True

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
        except Cancelled:
            job.state = "failed"
        except PoseError as error:
            job.error, job.state = error, "failed"
        finally:
            job.finished.set()

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
            export(sequence, name, path, job.person)
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
    if job.exercise and job.sequence.people:
        found = review_exercise(job.sequence, job.person, job.exercise)
        record["exercise"] = exercise_record(job.exercise, found.repetitions, found.attempts)
    return record


def _table(job: ClipJob, sequence: PoseSequence, name: str) -> str | None:
    if name == "landmarks.csv":
        return to_csv(sequence_landmark_table(sequence))
    if name == "angles.csv":
        return to_csv(sequence_angle_table(sequence))
    if name == "reps.csv" and job.exercise and sequence.people:
        return to_csv(repetition_table(review_exercise(sequence, job.person, job.exercise).repetitions))
    return None
