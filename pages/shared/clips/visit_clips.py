"""The clips of one visit: files in a private folder, what is in them, and what was found in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.shared.resources import reading
from pages.shared.service.brought_files import BroughtFile
from posecore.clips.analysis import AnalysisSettings
from posecore.formats.poselab_files import SUFFIX, write_poselab
from posecore.media.clip_files import Clip, probe
from posecore.pose import PoseSequence
from posecore.serving.metrics import step

CHARTS = "clip_charts"  # key of the container whose charts follow the clip
CHOSEN_JOINTS = "clip_joints"  # key of the choice of curves
RECORDING = "webcam_recording"  # key of what the webcam recorded last
MOST_RESULTS, MOST_RESULT_BYTES = 4, 64 << 20  # of a visit that are kept; the newest always
_PLAYABLE = {"h264", "vp8", "vp9", "av1", "libdav1d"}  # what all current browsers decode
_MIMETYPES = {"mov,mp4,m4a,3gp,3g2,mj2": "video/mp4", "matroska,webm": "video/webm"}


@dataclass(frozen=True)
class VisitClip:
    """A clip that a visitor brought or chose: `key` is made of its bytes."""

    name: str
    path: Path
    key: str

    @property
    def contents(self) -> Clip:
        """What the file holds; read once a visit, in a process of its own."""
        known: dict[str, Clip] = st.session_state.setdefault("clips_probed", {})
        if self.key not in known:
            with step("probe", bytes=self.path.stat().st_size):
                known[self.key] = reading()[1].submit(probe, self.path).result()
        return known[self.key]

    @property
    def mimetype(self) -> str:
        return _MIMETYPES.get(self.contents.container, "application/octet-stream")

    @property
    def plays_in_browsers(self) -> bool:
        """Whether browsers can be expected to play it; the one in use may still say no."""
        if self.contents.container == "matroska,webm" and Path(self.name).suffix.lower() != ".webm":
            return False
        return self.contents.codec in _PLAYABLE and self.contents.container in _MIMETYPES


def brought_clip(file: BroughtFile) -> VisitClip:
    """A file that a visitor brought, as a clip."""
    return VisitClip(file.name, file.path, file.key)


def sample_clip(path: Path) -> VisitClip:
    """One of the clips that come with the app."""
    return VisitClip(path.name, path, path.name)


def recorded_clip(name: str) -> VisitClip | None:
    """What the webcam recorded last, as a file of this name without a clip; None where there is nothing."""
    recorded: PoseSequence | None = st.session_state.get(RECORDING)
    if recorded is None or not recorded.present.any():
        return None
    key = f"recording-{hashlib.blake2b(recorded.xy.tobytes(), digest_size=8).hexdigest()}"
    path = reading()[0] / f"{key}{SUFFIX}"
    if not path.exists():
        write_poselab(recorded, path)
    return VisitClip(name, path, key)


def result(clip: VisitClip, settings: AnalysisSettings) -> PoseSequence | None:
    """What was found in this clip with these settings earlier in the visit."""
    results: dict[tuple[str, AnalysisSettings], PoseSequence] = st.session_state.setdefault("clip_results", {})
    return results.get((clip.key, settings))


def keep_result(clip: VisitClip, settings: AnalysisSettings, sequence: PoseSequence) -> None:
    """Keep it for the visit, and forget the oldest."""
    results: dict[tuple[str, AnalysisSettings], PoseSequence] = st.session_state.setdefault("clip_results", {})
    results[clip.key, settings] = sequence
    while len(results) > MOST_RESULTS or (len(results) > 1 and _bytes_of(results.values()) > MOST_RESULT_BYTES):
        results.pop(next(iter(results)))


def _bytes_of(sequences: Iterable[PoseSequence]) -> int:
    return sum(array.nbytes for sequence in sequences for array in vars(sequence).values() if hasattr(array, "nbytes"))


def forget_result(clip: VisitClip, settings: AnalysisSettings) -> None:
    """Let the page ask for a part again."""
    st.session_state["clip_results"].pop((clip.key, settings), None)
