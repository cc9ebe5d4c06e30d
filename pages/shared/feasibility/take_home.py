"""The report to send round."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.shared.downloads import show_offers
from pages.shared.page import Page
from posecore.feasibility.costs import Plan
from posecore.feasibility.machine_measurement import SIZES, Machine
from posecore.feasibility.picture_survey import Survey
from posecore.feasibility.report import Feasibility, feasibility_json, feasibility_report


def show_report(
    page: Page, measured: tuple[Machine, tuple[int, int]] | None, survey: Survey | None, plan: Plan | None, model: str
) -> None:
    """What is in it, and the files."""
    machine, size = measured or (None, SIZES[1])
    if machine is None and survey is None:
        st.info(page.text("feasibility.report_nothing"), icon=":material/description:")
        return
    st.markdown(page.text("feasibility.report_lead"), width=820)
    parts = {"machine": machine, "pictures": survey, "costs": plan}
    icons = {True: ":material/check_circle:", False: ":material/radio_button_unchecked:"}
    lines = [f"{icons[part is not None]} {page.text(f'feasibility.tab_{name}')}" for name, part in parts.items()]
    st.markdown(f"**{page.text('feasibility.report_has')}**  \n" + "  \n".join(lines))
    known = Feasibility(machine, survey, plan, model, size, datetime.now().astimezone())
    offers = {
        "feasibility_report": ("feasibility.html", "text/html", lambda: feasibility_report(known, page.language)),
        "feasibility_json": ("feasibility.json", "application/json", lambda: feasibility_json(known)),
    }
    show_offers(page, offers, "feasibility_report")
