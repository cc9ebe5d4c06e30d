"""The ways a clip comes in: upload or sample; and what is known before it is analysed."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared.clips.visit_clips import VisitClip, brought_clip, sample_clip
from pages.shared.exercise_choice import choose_from_now_on
from pages.shared.page import ROOT, Page, plain
from pages.shared.resources import reading
from pages.shared.segmented_choice import choose_one
from pages.shared.uploader import bring
from posecore.detection.picture_reading import clip_picture
from posecore.errors import MediaError
from posecore.limits import CLIP_LIMITS

SAMPLES = {"squats": "squats.mp4", "box_jump": "box_jump.mp4", "balance": "balance.mp4", "two_people": "two_people.mp4"}
SAMPLE_EXERCISES = {"squats": "squat"}
_SOURCES = {"upload": ":material/upload:", "sample": ":material/video_library:"}
_STILL_SIDE = 960  # pixels


def choose_clip(page: Page) -> VisitClip | None:
    """The clip that the visitor brought, or a movement that was kept."""
    sources = {name: f"{icon} {page.text(f'clips.from_{name}')}" for name, icon in _SOURCES.items()}
    source = choose_one(page.text("clips.source"), sources, "clip_source")
    return choose_sample(page, "clip_sample") if source == "sample" else _upload(page)


def _upload(page: Page) -> VisitClip | None:
    files = bring(page, "clip", ("clip", "movement"))
    return brought_clip(files[-1]) if files else None


def choose_sample(page: Page, key: str) -> VisitClip:
    """One of those that come with the app; `key` tells the choice from others."""
    name = st.pills(
        page.text("photos.sample_label"),
        list(SAMPLES),
        format_func=lambda key: page.text(f"samples.{key}"),
        default=next(iter(SAMPLES)),
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    return sample_clip(ROOT / "samples" / SAMPLES[name])


def invite(page: Page) -> None:
    """What a visitor without a clip sees: what the page does, and samples to click."""
    st.markdown(page.text("clips.invitation", minutes=CLIP_LIMITS.minutes))
    with st.container(key="samples"):
        for column, name in zip(st.columns(len(SAMPLES)), SAMPLES, strict=True):
            label = page.text(f"samples.{name}")
            with column.container(border=True):
                st.image(_sample_still(name), width="stretch", output_format="JPEG", alt=label)
                st.button(label, key=f"try_{name}", width="stretch", on_click=use_sample, args=(name,))


@st.cache_data(show_spinner=False)
def _sample_still(name: str) -> np.ndarray:
    clip = sample_clip(ROOT / "samples" / SAMPLES[name]).contents
    return still(clip.path.name, len(clip.pts) // 2, sample_clip(clip.path))


def use_sample(name: str) -> None:
    """Let the page show and analyse a sample from the next run on, and count where it shows an exercise."""
    if name in SAMPLE_EXERCISES:
        choose_from_now_on("clip", SAMPLE_EXERCISES[name])
    st.session_state["clip_source"] = "sample"
    st.session_state["clip_sample"] = name
    st.session_state["clip_asked"] = SAMPLES[name]


@st.cache_data(show_spinner=False, max_entries=50)
def still(key: str, number: int, _clip: VisitClip) -> np.ndarray:  # noqa: ARG001  (the key of the cache)
    """A frame of the clip that has this key, small; the next one that can be decoded."""
    job = reading()[1].submit(clip_picture, _clip.contents, number, _STILL_SIDE)
    try:
        frame: np.ndarray = job.result()
    except MediaError:  # nothing can be decoded from there on
        return np.full((9, 16, 3), 128, np.uint8)
    return frame


def describe(page: Page, clip: VisitClip) -> None:
    """Name and what was found in the header, in one line."""
    contents = clip.contents
    rate = contents.frames_per_second
    facts = [
        f"{contents.size[0]} × {contents.size[1]}",
        page.text("clips.seconds", seconds=f"{contents.duration_s:.1f}"),
        page.text("clips.frames", count=len(contents.pts)),
        page.text("clips.rate", rate=f"{rate:.3g}") if np.isfinite(rate) else "",
        page.text("clips.with_sound" if contents.has_audio else "clips.without_sound"),
    ]
    st.markdown(f"**{plain(clip.name)}** · " + " · ".join(fact for fact in facts if fact))
    if contents.breaks_off:
        st.warning(page.text("clips.breaks_off"), icon=":material/content_cut:")


def _ask(clip: VisitClip) -> None:
    """Let the page analyse the clip from the next run on."""
    st.session_state["clip_asked"] = clip.key


def choose_part(page: Page, clip: VisitClip) -> tuple[float, float | None]:
    """Start and end in seconds, with the frames that begin and end the part."""
    contents = clip.contents
    length = round(contents.duration_s, 2)
    start, end = 0.0, length
    if len(contents.pts) > 1:
        start, end = st.slider(
            page.text("clips.part"), 0.0, length, (0.0, length), 0.05, format="%.2f s", key=f"clip_part_{clip.key}"
        )
    st.button(page.text("clips.analyse"), type="primary", icon=":material/play_arrow:", on_click=_ask, args=(clip,))
    times = contents.times
    shown = [int(times.searchsorted(start)), max(int(times.searchsorted(end)) - 1, 0)]
    with st.container(key="stills"):
        columns = st.columns(2)
    for column, number, words in zip(columns, shown, ("first_still", "last_still"), strict=True):
        number = min(number, len(times) - 1)
        column.image(
            still(clip.key, number, clip), width="stretch", output_format="JPEG", alt=page.text(f"clips.{words}")
        )
        column.caption(page.text(f"clips.{words}"))
    return start, None if end >= length else end
