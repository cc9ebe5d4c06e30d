"""Examples out of a clip or of what the webcam recorded: cut by pauses, chosen, and given to a movement."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.page import Page, plain
from pages.shared.resources import reading
from pages.shared.teach.taught import keep, teaching
from posecore.errors import TeachError
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.recognise.cutting import Part, cut_into_examples
from posecore.recognise.teaching import LEAST_S, example_of
from posecore.visuals.moment_pictures import moment_picture

_MOST = 12  # parts that are offered at once
_IN_A_ROW = 6
_PICTURE = 480  # pixels of the source


def choose_examples(
    page: Page, name: str, key: str, clip: Clip | None, sequence: PoseSequence, person: int, source: str
) -> None:
    """The parts that were found, each with its picture, and a button that gives the chosen ones to the movement.

    Args:
        key: of the clip or recording.
        source: its name, by which examples of one recording are known as such.
    """
    parts = cut_into_examples(sequence, person)[:_MOST]
    own = st.session_state.setdefault("teach_own_parts", {}).get(key, [])
    shown = [*parts, *own]
    if not shown:
        st.info(page.text("teach.no_parts"), icon=":material/content_cut:")
    else:
        st.caption(page.text("teach.parts"))
    chosen = _choose(page, key, clip, sequence, person, shown)
    with st.container(horizontal=True):
        words = page.text("teach.add", count=len(chosen), name=plain(name))
        if st.button(words, type="primary", icon=":material/add:", disabled=not chosen, key=f"teach_add_{key}"):
            _add(page, name, sequence, person, chosen, source)
    with st.expander(page.text("teach.cut"), icon=":material/content_cut:", key=f"teach_cut_{key}"):
        begin, last = float(sequence.time[0]), float(sequence.time[-1])
        if last - begin < LEAST_S:
            return
        start, end = st.slider(
            page.text("clips.part"), begin, last, (begin, min(begin + 2, last)), 0.1, "%.1f s", key=f"teach_part_{key}"
        )
        words = page.text("teach.cut_here", start=f"{start:.1f}", end=f"{end:.1f}")
        st.button(words, icon=":material/content_cut:", on_click=_cut, args=(key, Part(start, end)))


def _choose(
    page: Page, key: str, clip: Clip | None, sequence: PoseSequence, person: int, parts: Sequence[Part]
) -> list[Part]:
    pictures = _pictures(key, clip, sequence, person, parts)
    chosen = []
    for first in range(0, len(parts), _IN_A_ROW):
        with st.container(key=f"teach_row_{key}_{first}"):
            columns = st.columns(_IN_A_ROW)
        for number, column in enumerate(columns[: len(parts) - first], first):
            part = parts[number]
            words = page.text("teach.part", start=f"{part.start_s:.1f}", end=f"{part.end_s:.1f}")
            with column:
                if picture := pictures[number]:
                    st.image(picture, width="stretch", alt=words)
                if st.checkbox(words, value=True, key=f"teach_take_{key}_{part.start_s:.2f}_{part.end_s:.2f}"):
                    chosen.append(part)
    return chosen


def _pictures(
    key: str, clip: Clip | None, sequence: PoseSequence, person: int, parts: Sequence[Part]
) -> list[bytes | None]:
    """The middle of each, once; clips are read where strangers' files are."""
    known: dict[tuple[object, ...], bytes | None] = st.session_state.setdefault("teach_pictures", {})
    missing = [part for part in parts if (key, person, part) not in known]
    lane = reading()[1]
    for part in missing:
        middle = (part.start_s + part.end_s) / 2
        known[key, person, part] = lane.submit(moment_picture, clip, sequence, person, middle).result()
    return [known[key, person, part] for part in parts]


def _cut(key: str, part: Part) -> None:
    st.session_state["teach_own_parts"].setdefault(key, []).append(part)


def _add(page: Page, name: str, sequence: PoseSequence, person: int, parts: Sequence[Part], source: str) -> None:
    try:
        examples = [example_of(sequence, person, *part, source) for part in parts]
        keep(teaching().with_examples(name, *examples))
    except TeachError as error:
        st.error(error.message(page.language), icon=":material/error:")
        return
    st.toast(page.text("teach.added", count=len(parts), name=plain(name)), icon=":material/check_circle:")
    st.rerun()
