"""What a visitor takes home from a clip."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

import plotly.graph_objects as go

from pages.shared.clips.export_offers import AUDIENCES, export_offers
from pages.shared.downloads import Offer, show_offers
from pages.shared.page import Page
from posecore.clips.rendering import RenderSettings, render
from posecore.exercises.review import Review
from posecore.formats.csv_tables import (
    class_repetition_table,
    class_table,
    repetition_table,
    sequence_angle_table,
    sequence_landmark_table,
    to_csv,
)
from posecore.formats.json_records import class_record, exercise_record, summary_record
from posecore.kinematics.cleaning import Cleaned
from posecore.kinematics.joint_angles import JOINTS, angles_seen
from posecore.kinematics.motion import clip_angles
from posecore.language import translate
from posecore.media.atomic_files import written_whole
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Workers
from posecore.skeleton import INDEX
from posecore.visuals.class_chart import class_chart
from posecore.visuals.class_report import class_section
from posecore.visuals.exercise_report import exercise_report
from posecore.visuals.skeleton_drawing import Style
from posecore.visuals.time_curves import angle_curves, exercise_curve, trajectory_curves

_PATHS = ("nose", "left_wrist", "right_wrist", "left_ankle", "right_ankle")  # whose ways are charted


@dataclass(frozen=True, eq=False)
class TakeHome:
    """Everything that can be taken home; each thing is made when it is asked for, outside of the page's thread."""

    name: str
    clip: Clip
    raw: PoseSequence
    cleaned: Cleaned
    model: str
    style: Style
    language: str
    target: Path
    workers: Workers
    visitor: str
    person: int = 0
    review: Review | None = None
    everybody: Sequence[Review] = ()  # of a class, else nobody
    portraits: Sequence[bytes] = ()
    height_m: float | None = None

    def annotated(self) -> Path:
        """The clip with the skeletons on it, MP4."""
        if not self.target.exists():
            render(self.clip, self.raw, self.target, self.workers.lane(self.visitor), RenderSettings(self.style))
        return self.target

    def landmarks(self) -> str:
        """As they were found, CSV."""
        return to_csv(sequence_landmark_table(self.raw))

    def angles(self) -> str:
        """As they were found, CSV."""
        return to_csv(sequence_angle_table(self.raw))

    def summary(self) -> str:
        """JSON."""
        record = summary_record(self.clip, self.raw, self.model, {}) | {"file": self.name}
        if self.review:
            record["exercise"] = exercise_record(self.review.exercise, self.review.repetitions, self.review.attempts)
        if self.everybody:
            record["class"] = class_record(self.everybody)
        return json.dumps(record, indent=1, ensure_ascii=False)

    def repetitions(self) -> str:
        """Of the exercise, CSV."""
        if self.everybody:
            return to_csv(class_repetition_table(self.everybody))
        return to_csv(repetition_table(self.review.repetitions if self.review else []))

    def report(self) -> str:
        """The exercise on an HTML page to read and print."""
        if self.review is None:
            return ""
        today = datetime.now().astimezone().date()
        return exercise_report(
            self.review,
            self.clip,
            self.raw,
            self.person,
            file=self.name,
            made=today,
            first=class_section(self.everybody, self.portraits, self.language) if self.everybody else "",
            language=self.language,
        )

    def charts(self) -> str:
        """All charts of all people on one HTML page that needs no network."""
        parts: list[str] = []
        for title, figure in self._figures():
            html = figure.to_html(full_html=False, include_plotlyjs=not parts)
            parts.append(f"<h2>{title}</h2>{html}")
        head = f'<!doctype html><html lang="{self.language}"><meta charset="utf-8"><title>PoseLab</title>'
        style = "<style>body{font-family:system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem}</style>"
        return f"{head}{style}<body>{''.join(parts)}</body></html>"

    def everything(self) -> Path:
        """One ZIP."""
        cleaned = self.cleaned.sequence
        files: dict[str, str | bytes] = {
            "landmarks.csv": self.landmarks(),
            "angles.csv": self.angles(),
            "landmarks_cleaned.csv": to_csv(sequence_landmark_table(cleaned)),
            "angles_cleaned.csv": to_csv(sequence_angle_table(cleaned)),
            "summary.json": self.summary(),
            "charts.html": self.charts(),
        }
        if self.review:
            files |= {"reps.csv": self.repetitions(), "report.html": self.report()}
        if self.everybody:
            files["class.csv"] = to_csv(class_table(self.everybody))
        out = self.target.with_suffix(".zip")
        with written_whole(out) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            archive.write(self.annotated(), "annotated.mp4", zipfile.ZIP_STORED)
        return out

    def _figures(self) -> list[tuple[str, go.Figure]]:
        sequence, language = self.cleaned.sequence, self.language
        figures = []
        if self.review:
            title = escape(self.review.exercise.title(language))
            figures.append((title, exercise_curve(self.review, language=language)))
        if self.everybody:
            figures.append((translate(language, "people.class"), class_chart(self.everybody, language=language)))
        for person in range(sequence.people):
            seen = self.cleaned.measured[:, person]
            whose = f" · {translate(language, 'photos.person')} {person + 1}" if sequence.people > 1 else ""
            angles, sure = clip_angles(sequence, person), angles_seen(seen)
            for joint in JOINTS:
                figure = angle_curves(sequence.time, angles, sure, [joint], language=language)
                figures.append((translate(language, f"joints.{joint}") + whose, figure))
            for name in _PATHS:
                figure = trajectory_curves(sequence, person, INDEX[name], seen, language=language)
                figures.append((translate(language, f"landmarks.{name}") + whose, figure))
        return figures


def offer_downloads(page: Page, take: TakeHome) -> None:
    """A row of buttons; the first holds everything."""
    stem = Path(take.name).stem
    offers: dict[str, Offer] = {
        "clip_zip": (f"{stem}.zip", "application/zip", take.everything),
        **(_of_exercise(stem, take) if take.review else {}),
        "clip_video": (f"{stem}.annotated.mp4", "video/mp4", take.annotated),
        "clip_landmarks": (f"{stem}.landmarks.csv", "text/csv", take.landmarks),
        "clip_angles": (f"{stem}.angles.csv", "text/csv", take.angles),
        "clip_charts": (f"{stem}.charts.html", "text/html", take.charts),
        "clip_summary": (f"{stem}.summary.json", "application/json", take.summary),
        **export_offers(take.name, take.raw, take.person, take.height_m),
    }
    show_offers(page, offers, "clip_zip", AUDIENCES)


def _of_exercise(stem: str, take: TakeHome) -> dict[str, Offer]:
    return {
        "clip_report": (f"{stem}.report.html", "text/html", take.report),
        "clip_reps": (f"{stem}.reps.csv", "text/csv", take.repetitions),
    }
