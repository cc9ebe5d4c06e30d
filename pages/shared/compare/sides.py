"""The two movements that are put side by side: where they come from, and what is found in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from pages.shared.clips.inputs import choose_sample
from pages.shared.clips.movement import is_movement, opened
from pages.shared.clips.progress import found
from pages.shared.clips.visit_clips import VisitClip, brought_clip, result
from pages.shared.page import Page
from pages.shared.people import choose_number
from pages.shared.segmented_choice import choose_one
from pages.shared.uploader import bring
from posecore.clips.analysis import AnalysisSettings
from posecore.errors import PoseError
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.visuals.comparison_report import Side

ASKED = "compare_asked"  # key of whether the clips are to be looked at
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


def choose_file(page: Page, name: str) -> VisitClip | None:
    """A clip or a movement for one side: brought, or one of the samples."""
    key = f"compare_{name}"
    st.markdown(f"**{page.text(f'compare.{name}')}**")
    sources = {way: page.text(f"clips.from_{way}") for way in ("upload", "sample")}
    if choose_one(page.text("clips.source"), sources, f"{key}_source") == "sample":
        return choose_sample(page, f"{key}_sample")
    files = bring(page, key, ("clip", "movement"))
    return brought_clip(files[-1]) if files else None


def is_found(file: VisitClip, analysis: AnalysisSettings) -> bool:
    """Whether it need not be looked at (again)."""
    return is_movement(file) or result(file, analysis) is not None


def found_in(page: Page, file: VisitClip, analysis: AnalysisSettings) -> tuple[Clip | None, PoseSequence]:
    """The clip and who moves in it; with progress while it is looked at.

    Raises:
        PoseError: nobody is in it, or it cannot be read.
    """
    if is_movement(file):
        contents, sequence = None, opened(file)
    else:
        st.session_state[ASKED] = True  # it is not asked any more once the other one is found
        contents, sequence = file.contents, found(page, file, analysis, ASKED)
    if not sequence.present.any():
        raise PoseError("nobody_to_compare")
    return contents, sequence


def choose_whom(page: Page, name: str, file: VisitClip, sequence: PoseSequence) -> int:
    """Whom of several in one side's clip it is about: whoever is seen most until somebody else is chosen."""
    key = f"compare_{name}_person_{file.key}"
    if key not in st.session_state:
        st.session_state[key] = sequence.most_seen
    return choose_number(page, key, sequence.people)
