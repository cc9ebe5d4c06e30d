"""Examples out of a clip or of what the webcam recorded: cut by pauses, chosen, and given to a movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.shared.page import Page, plain
from pages.shared.resources import reading
from pages.shared.teach.taught import keep, teaching
from posecore.errors import TeachError
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.recognise.cutting import EVEN_S, Part, cut_into_examples
from posecore.recognise.teaching import LEAST_S, example_of
from posecore.visuals.moment_pictures import moment_picture

_MOST = 12  # parts that are offered at once
_IN_A_ROW = 6
_MOST_PICTURES = 60  # that a visit keeps


@dataclass(frozen=True, eq=False)
class Shown:
    """Somebody in a clip, or in a recording without one.

    Attributes:
        key: of the clip or recording.
        source: its name, by which examples of one recording are known as such.
    """

    key: str
    clip: Clip | None
    sequence: PoseSequence
    person: int
    source: str


def choose_examples(page: Page, name: str, shown: Shown) -> None:
    """The parts that were found, each with its picture, and a button that gives the chosen ones to the movement."""
    parts = _parts(shown)
    if parts:
        st.caption(page.text("teach.parts"))
    else:
        st.info(page.text("teach.no_parts"), icon=":material/content_cut:")
    chosen = _choose(page, shown, parts)
    added = sum((shown.key, part) in _added() for part in parts)
    if added and not chosen:
        st.success(page.text("teach.added", count=added), icon=":material/check_circle:")
    elif st.button(
        page.text("teach.add", count=len(chosen), name=plain(name)),
        type="primary",
        icon=":material/add:",
        disabled=not chosen,
        key=f"teach_add_{shown.key}",
    ):
        _add(page, name, shown, chosen)
    with st.expander(page.text("teach.cut"), icon=":material/content_cut:", key=f"teach_cut_{shown.key}"):
        _offer_cut(page, shown)


def _parts(shown: Shown) -> list[Part]:
    """Found once, and those that were cut out by hand."""
    known: dict[tuple[str, int], list[Part]] = st.session_state.setdefault("teach_parts", {})
    key = shown.key, shown.person
    if key not in known:
        known[key] = cut_into_examples(shown.sequence, shown.person)[:_MOST]
    return known[key]


def _offer_cut(page: Page, shown: Shown) -> None:
    begin, last = float(shown.sequence.time[0]), float(shown.sequence.time[-1])
    if last - begin < LEAST_S:
        return
    until = min(begin + EVEN_S, last)
    words, key = page.text("clips.part"), f"teach_part_{shown.key}"
    start, end = st.slider(words, begin, last, (begin, until), 0.1, "%.1f s", key=key)
    words = page.text("teach.cut_here", start=f"{start:.1f}", end=f"{end:.1f}")
    part = Part(start, end)
    if st.button(words, icon=":material/content_cut:", disabled=part in _parts(shown)):
        _parts(shown).append(part)
        st.rerun()


def _choose(page: Page, shown: Shown, parts: Sequence[Part]) -> list[Part]:
    """Those that are checked; what was added already is not, until it is checked again."""
    pictures = _pictures(shown, parts)
    chosen = []
    for first in range(0, len(parts), _IN_A_ROW):
        with st.container(key=f"teach_row_{shown.key}_{first}"):
            columns = st.columns(_IN_A_ROW)
        for number, column in enumerate(columns[: len(parts) - first], first):
            part, added = parts[number], (shown.key, parts[number]) in _added()
            words = page.text("teach.part", start=f"{part.start_s:.1f}", end=f"{part.end_s:.1f}")
            key = f"teach_take_{shown.key}_{part.start_s:.2f}_{part.end_s:.2f}{'_again' if added else ''}"
            with column:
                if picture := pictures[number]:
                    st.image(picture, width="stretch", alt=words)
                if st.checkbox(f"{words} ✓" if added else words, value=not added, key=key):
                    chosen.append(part)
    return chosen


def _pictures(shown: Shown, parts: Sequence[Part]) -> list[bytes | None]:
    """The middle of each, once; clips are read where strangers' files are."""
    known: dict[tuple[str, int, Part], bytes | None] = st.session_state.setdefault("teach_pictures", {})
    lane = reading()[1]
    for part in parts:
        if (shown.key, shown.person, part) not in known:
            middle = (part.start_s + part.end_s) / 2
            job = lane.submit(moment_picture, shown.clip, shown.sequence, shown.person, middle)
            known[shown.key, shown.person, part] = job.result()
    found = [known[shown.key, shown.person, part] for part in parts]
    while len(known) > _MOST_PICTURES:
        known.pop(next(iter(known)))
    return found


def _added() -> set[tuple[str, Part]]:
    """Parts of clips that are examples already."""
    known: set[tuple[str, Part]] = st.session_state.setdefault("teach_added", set())
    return known


def _add(page: Page, name: str, shown: Shown, parts: Sequence[Part]) -> None:
    try:
        examples = [example_of(shown.sequence, shown.person, *part, shown.source) for part in parts]
        keep(teaching().with_examples(name, *examples))
    except TeachError as error:
        st.error(error.message(page.language), icon=":material/error:")
        return
    _added().update((shown.key, part) for part in parts)
    st.rerun()
