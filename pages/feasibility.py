"""Does an idea run on a cheap machine, how well, and at what price: measured here, on one's own pictures."""

import streamlit as st

from pages.shared.feasibility.costs import show_costs
from pages.shared.feasibility.machine import show_machine
from pages.shared.feasibility.pictures import show_pictures
from pages.shared.feasibility.take_home import show_report
from pages.shared.model_and_style import choose_model
from pages.shared.page import Page, run_page

TABS = ("machine", "pictures", "costs", "report")


def show(page: Page) -> None:
    with page.settings:
        model = choose_model(page, "model")
        st.caption(page.text("feasibility.choose_model_help"))
    st.markdown(page.text("feasibility.lead"), width=820)
    machine_tab, pictures_tab, costs_tab, report_tab = st.tabs([page.text(f"feasibility.tab_{name}") for name in TABS])
    with machine_tab:
        measured = show_machine(page, model)
    with pictures_tab:
        survey = show_pictures(page, model)
    with costs_tab:
        plan = show_costs(page, measured, model)
    with report_tab:
        show_report(page, measured, survey, plan, model)


run_page("feasibility", show)
