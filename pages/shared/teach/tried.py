"""What was learnt, tried: live, or as labels along a clip's time line, with how often each movement was done."""

from __future__ import annotations

import streamlit as st

from pages.shared.clips.player import Look, show_over_clip
from pages.shared.clips.sources import asked, choose_file, choose_whom, found_in_all
from pages.shared.clips.visit_clips import CHARTS, VisitClip
from pages.shared.model_and_style import kept_style
from pages.shared.page import Page, plain
from pages.shared.plots import show_chart
from pages.shared.resources import workers
from pages.shared.teach.gathering import choose_source, show_webcam
from pages.shared.teach.one_clip import ANALYSIS, ASKED
from pages.shared.teach.taught import recogniser, teaching
from pages.shared.visit import visit
from posecore.kinematics.motion import clip_angles
from posecore.media.clip_files import Clip
from posecore.pose import PoseSequence
from posecore.recognise.recogniser import train
from posecore.recognise.teaching import Teaching
from posecore.recognise.timeline import Span, counts, spans_of
from posecore.visuals.teaching_charts import label_chart

_SPANS = "teach_spans"


def try_it(page: Page) -> None:
    """Before the webcam, or on a clip."""
    if choose_source(page, "teach_tried_by") == "webcam":
        show_webcam(page, recogniser(page))
        return
    file = choose_file(page, "teach_try")
    if file is None or not asked(page, [file], ANALYSIS, ASKED, "teach.look"):
        return
    ((contents, sequence),) = found_in_all(page, [file], ANALYSIS, ASKED)
    _try_on_clip(page, file, contents, sequence, choose_whom(page, "teach_try", file, sequence))


def _try_on_clip(page: Page, file: VisitClip, clip: Clip | None, sequence: PoseSequence, person: int) -> None:
    """The player beside the labels."""
    spans, done = _spans(page, file, sequence, person)
    left, right = st.columns(2, gap="large")
    with left:
        angles = clip_angles(sequence, person)
        look = Look(kept_style(), person, None, angles, [], drawn=None, pressed=lambda _: None)
        show_over_clip(page, file, clip, sequence, look)
    with right, st.container(key=CHARTS):
        with st.container(horizontal=True, gap="large", key="teach_counts"):
            for name, count in done.items():
                st.metric(plain(name), count, width="content")
        if not spans:
            st.info(page.text("teach.nothing_known"), icon=":material/help:")
        until = float(sequence.time[-1])
        figure = label_chart(spans, list(done), until, language=page.language)
        show_chart(figure, "teach_labels", page.text("teach.labels_alt"))
        st.caption(page.text("teach.labels_note"))


def _spans(page: Page, file: VisitClip, sequence: PoseSequence, person: int) -> tuple[list[Span], dict[str, int]]:
    """When each movement is done and how often in all: looked for once, in a process of its own."""
    now = teaching()
    known: tuple[Teaching, tuple[str, int], tuple[list[Span], dict[str, int]]] | None = st.session_state.get(_SPANS)
    if known is None or known[0] is not now or known[1] != (file.key, person):
        with st.spinner(page.text("teach.learning")):
            found = workers().lane(visit().secret).submit(_recognised, now, sequence, person).result()
        st.session_state[_SPANS] = known = now, (file.key, person), found
    return known[2]


def _recognised(now: Teaching, sequence: PoseSequence, person: int) -> tuple[list[Span], dict[str, int]]:
    """Runs in a worker."""
    learnt = train(now)
    spans = spans_of(learnt, sequence, person)
    return spans, counts(learnt, spans)
