"""posecore video: what is written of a clip."""

from __future__ import annotations

import json
import math
import time
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from posecore.cli.clip_work import count_words, found_by, probed, reservations
from posecore.cli.inputs import Source, check_inputs_stay
from posecore.cli.telling import Done
from posecore.clips.analysis import AnalysisSettings, analyse, analyse_and_render
from posecore.clips.rendering import render
from posecore.clips.segment_jobs import Watch
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import reviews_of
from posecore.formats.csv_tables import (
    class_table,
    reviewed_repetition_table,
    sequence_angle_table,
    sequence_landmark_table,
    write_csv,
)
from posecore.formats.json_records import count_record, summary_record
from posecore.kinematics.body_height import metres_per_pixel
from posecore.media.atomic_files import make_folder, written_whole
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Lanes

if TYPE_CHECKING:
    import pandas as pd


class ClipResults:
    """What is written of each clip: tables, a summary, and where it is wanted the clip with the skeletons on it."""

    def __init__(
        self,
        settings: AnalysisSettings,
        exercise: Exercise | None,
        height: float | None,
        workers: Lanes,
        inputs: set[Path],
        *,
        renders: bool,
        timed: bool,
    ) -> None:
        self._settings, self._exercise, self._height = settings, exercise, height
        self._workers, self._inputs, self._renders = workers, inputs, renders
        self._timed = timed  # else what comes of a clip is the same bytes each time

    def write(self, source: Source, target: Path, watch: Watch) -> Done:
        """Into a folder.

        Raises:
            PoseError: whatever is wrong with the clip or the folder.
        """
        names = ("landmarks.csv", "angles.csv", "reps.csv", "class.csv", "summary.json", "annotated.mp4")
        landmarks, angles, reps, everybody, summary, annotated = paths = [target / name for name in names]
        check_inputs_stay(paths, self._inputs)
        lane = self._workers.lane()
        clip = probed(source.file, lane)
        make_folder(target)
        sequence, seconds = self._analysed(clip, annotated, lane, watch)
        tables = {landmarks: sequence_landmark_table(sequence), angles: sequence_angle_table(sequence)}
        record = summary_record(clip, sequence, self._settings.detector.model, seconds if self._timed else {})
        record |= self._scale(sequence)
        counted, why = "", list[str]()
        if self._exercise:
            is_class = self._settings.detector.people > 1
            reviews = reviews_of(sequence, self._exercise, everybody=is_class)
            record |= count_record(self._exercise, reviews, sequence.most_seen, everybody=is_class)
            counted, why = count_words(self._exercise, reviews, everybody=is_class)
            tables[reps] = reviewed_repetition_table(reviews, everybody=is_class)
            if is_class:
                tables[everybody] = class_table(reviews)
        for path, table in tables.items():
            _write(table, path)
        with written_whole(summary) as draft:
            draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
        found = f"somebody in {record['frames_with_people']} of {record['frames']} frames"
        words = "; ".join([", ".join(filter(None, [found, counted, str(target)])), *why, *reservations(clip, sequence)])
        written = (*tables, summary, *([annotated] if self._renders else []))
        return Done(words, written, {"summary": record, **found_by(lane)})

    def _scale(self, sequence: PoseSequence) -> dict[str, float | None]:
        if not self._height:
            return {}
        scale = metres_per_pixel(sequence, sequence.most_seen, self._height) if sequence.people else math.nan
        return {"height_m": self._height, "metres_per_pixel": round(scale, 6) if math.isfinite(scale) else None}

    def _analysed(
        self, clip: Clip, annotated: Path, lane: Executor, watch: Watch
    ) -> tuple[PoseSequence, dict[str, float]]:
        """The poses and the seconds it took; an annotated clip too where it is wanted."""
        began = time.monotonic()
        if self._renders and self._settings.detector.people == 1:
            sequence, part = analyse_and_render(
                clip, self._settings, lane, annotated, on_progress=watch.on_progress, cancelled=watch.cancelled
            )
            seconds = time.monotonic() - began
            return sequence, {"analyse": seconds * (1 - part), "render": seconds * part}
        sequence = analyse(clip, self._settings, lane, watch.on_progress, watch.cancelled)
        found = time.monotonic()
        if self._renders:
            render(clip, sequence, annotated, lane, cancelled=watch.cancelled)
        return sequence, {"analyse": found - began, "render": time.monotonic() - found if self._renders else 0.0}


def _write(table: pd.DataFrame, path: Path) -> None:
    with written_whole(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        write_csv(table, file)
