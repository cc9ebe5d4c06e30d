"""Two movements that are put side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pages.shared.clips.visit_clips import VisitClip
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.visuals.comparison_report import Side

NAMES = ("first", "second")


@dataclass(frozen=True, eq=False)
class Beside:
    """One of the two.

    Attributes:
        file: as it was brought.
        contents: of its clip; None for a movement without one.
    """

    file: VisitClip
    contents: Clip | None
    sequence: PoseSequence
    person: int

    def part(self, start_s: float, end_s: float) -> Beside:
        """Between two moments."""
        begin, end = self.sequence.time.searchsorted([start_s, end_s]).tolist()
        return replace(self, sequence=self.sequence.part(begin, max(end, begin + 1)))

    def shown(self) -> Side:
        """For pictures and reports."""
        return Side(self.file.name, self.contents, self.sequence, self.person)
