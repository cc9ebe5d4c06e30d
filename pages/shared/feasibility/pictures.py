"""How well each model sees the visitor's own pictures."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import streamlit as st

from pages.shared.downloads import show_offers
from pages.shared.feasibility.inputs import MOST_PICTURES, SurveyFile, choose_files, to_pictures, visit_reader
from pages.shared.page import Page, plain
from pages.shared.plots import show_chart
from pages.shared.resources import image_detector
from pages.shared.visit import visit
from posecore.feasibility.charts_and_tables import agreement_table, look_caption, summary_table, visibility_chart
from posecore.feasibility.picture_survey import CLIP_PICTURES, Survey, survey, survey_table, worst
from posecore.formats.csv_tables import to_csv
from posecore.media.picture_files import decode_image
from posecore.visuals.skeleton_drawing import draw_pose

_COLUMNS = 4


def show_pictures(page: Page, model: str) -> Survey | None:
    """The files, and what was found in them once the visitor has asked for it."""
    st.markdown(page.text("feasibility.pictures_lead", most=MOST_PICTURES, frames=CLIP_PICTURES), width=820)
    files = choose_files(page)
    if not files:
        return None
    key = _key(files)
    known: tuple[str, Survey] | None = st.session_state.get("survey")
    if known is None or known[0] != key:
        words = page.text("feasibility.start", count=len(files))
        if not st.button(words, type="primary", icon=":material/search:", key="survey_start"):
            return None
        st.session_state["survey"] = (key, _survey(page, files))
        st.rerun()
    _show(page, known[1], model)
    return known[1]


def _key(files: list[SurveyFile]) -> str:
    """What tells these files from others."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.name}\0{file.key}\0".encode())
    return whole.hexdigest()


def _survey(page: Page, files: list[SurveyFile]) -> Survey:
    bar = st.progress(0.0, page.text("feasibility.unpacking"))

    def tell(part: float, seconds_left: float) -> None:
        bar.progress(part, page.text("feasibility.looking", percent=f"{part:.0%}", seconds=f"{seconds_left:.0f}"))

    pictures = to_pictures(files, visit().folder, visit_reader())
    found = survey(pictures[:MOST_PICTURES], image_detector(), on_progress=tell)
    return replace(found, left_out=len(pictures) > MOST_PICTURES)


def _show(page: Page, found: Survey, model: str) -> None:
    failed = [look for look in found.looks if look.error]
    if not found.looks:
        st.warning(page.text("feasibility.no_pictures"), icon=":material/folder_off:")
        return
    st.markdown(page.text("feasibility.counted", count=len(found.read)))
    if found.left_out:
        st.warning(page.text("feasibility.too_many", most=MOST_PICTURES), icon=":material/filter_none:")
    if failed:
        with st.expander(page.text("feasibility.show_unreadable", count=len(failed))):
            for look in failed:
                reason = look.error.message(page.language) if look.error else ""
                st.markdown(f"**{plain(look.name)}** · {reason}")
    st.dataframe(summary_table(found, page.language), hide_index=True)
    st.caption(page.text("feasibility.table_caption", cores=image_detector().workers), width=820)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{page.text('feasibility.visibility')}**")
        show_chart(visibility_chart(found, page.language), "visibility", page.text("feasibility.visibility_alt"))
    with right:
        st.markdown(f"**{page.text('feasibility.agreement')}**")
        st.dataframe(agreement_table(found, page.language), hide_index=True)
        st.caption(page.text("feasibility.agreement_caption"))
    _show_worst(page, found, model)
    table = survey_table(found, page.language)
    show_offers(page, {"pictures_csv": ("pictures.csv", "text/csv", lambda: to_csv(table))})


def _show_worst(page: Page, found: Survey, model: str) -> None:
    st.markdown(f"**{page.text('feasibility.worst', model=page.text(f'models.{model}'))}**")
    st.caption(page.text("feasibility.worst_caption"))
    looks = worst(found, model)
    for begin in range(0, len(looks), _COLUMNS):
        with st.container(key=f"wall_{begin}"):
            for column, look in zip(st.columns(_COLUMNS), looks[begin : begin + _COLUMNS], strict=False):
                picture = draw_pose(decode_image(look.preview), look.poses[model])
                words = look_caption(look, model, page.language)
                column.image(picture, output_format="JPEG", alt=f"{look.name}: {words}", width="stretch")
                column.caption(f"**{plain(look.name)}**  \n{words}")
