"""The clips of one visit: files in a private folder, what is in them, and what was found in them."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from posecore.clips.analysis import AnalysisSettings
from posecore.media.atomic_files import written_whole
from posecore.media.clip_files import Clip, probe
from posecore.pose import PoseSequence

CHARTS = "clip_charts"  # key of the container whose charts follow the clip
MOST_RESULTS = 4  # of a visit that are kept
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
        """What the file holds; read once a visit."""
        known: dict[str, Clip] = st.session_state.setdefault("clips_probed", {})
        if self.key not in known:
            known[self.key] = probe(self.path)
        return known[self.key]

    @property
    def mimetype(self) -> str:
        return _MIMETYPES.get(self.contents.container, "application/octet-stream")

    @property
    def plays_in_browsers(self) -> bool:
        """Whether browsers can be expected to play it; the one in use may still say no."""
        if self.contents.container == "matroska,webm" and self.path.suffix.lower() != ".webm":
            return False
        return self.contents.codec in _PLAYABLE and self.contents.container in _MIMETYPES


@st.cache_resource(show_spinner=False, scope="session", on_release=tempfile.TemporaryDirectory.cleanup)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="poselab-", ignore_cleanup_errors=True)


def visit_folder() -> Path:
    """A folder that goes with the visit."""
    return Path(_folder().name)


def taken_in(name: str, data: bytes | memoryview) -> VisitClip:
    """A clip from its bytes, written to the visit's folder under a name of ours.

    Raises:
        WriteError: the disk is full, or the like.
    """
    key = hashlib.sha256(data).hexdigest()
    suffix = Path(name).suffix.lower()
    path = visit_folder() / f"{key}{suffix if suffix[1:].isalnum() else ''}"
    if not path.exists():
        with written_whole(path) as draft:
            draft.write_bytes(data)
    return VisitClip(name, path, key)


def sample_clip(path: Path) -> VisitClip:
    """One of the clips that come with the app."""
    return VisitClip(path.name, path, path.name)


def result(clip: VisitClip, settings: AnalysisSettings) -> PoseSequence | None:
    """What was found in this clip with these settings earlier in the visit."""
    results: dict[tuple[str, AnalysisSettings], PoseSequence] = st.session_state.setdefault("clip_results", {})
    return results.get((clip.key, settings))


def keep_result(clip: VisitClip, settings: AnalysisSettings, sequence: PoseSequence) -> None:
    """Keep it for the visit, and forget the oldest."""
    results: dict[tuple[str, AnalysisSettings], PoseSequence] = st.session_state.setdefault("clip_results", {})
    results[clip.key, settings] = sequence
    while len(results) > MOST_RESULTS:
        results.pop(next(iter(results)))


def forget_result(clip: VisitClip, settings: AnalysisSettings) -> None:
    """Let the page ask for a part again."""
    st.session_state["clip_results"].pop((clip.key, settings), None)
