"""What this machine can do, measured when a visitor asks for it and kept for all."""

from __future__ import annotations

import os
from functools import partial
from typing import cast

import streamlit as st

from pages.shared.downloads import show_offers
from pages.shared.page import ROOT, Page
from pages.shared.plots import show_chart
from pages.shared.resources import Measurements, measurements
from pages.shared.segmented_choice import choose_one
from pages.shared.service.room import find_room, free_room, make_room
from posecore.feasibility.charts_and_tables import QUANTITIES, key_figures, machine_chart
from posecore.feasibility.machine_measurement import SIZES, WORKER_BYTES, Kind, Machine, measure
from posecore.formats.csv_tables import to_csv
from posecore.live.admission import LEAST_RATE
from posecore.media.clip_files import frames_of
from posecore.memory import give_back_memory

SECONDS = 20
_CLIP, _FIRST, _LAST = ROOT / "samples" / "box_jump.mp4", 120, 144  # where every model sees the jumper well


def show_machine(page: Page, model: str) -> tuple[Machine, tuple[int, int]] | None:
    """The newest measurement, the picture size that was chosen for it, and a way to measure anew."""
    store = measurements()
    cores = os.cpu_count() or 1
    st.markdown(page.text("feasibility.measure_lead", seconds=SECONDS, cores=cores), width=820)
    known = store.newest is not None
    words = page.text("feasibility.measure_again" if known else "feasibility.measure")
    if st.button(words, icon=":material/speed:", type="secondary" if known else "primary", key="measure"):
        _measure(page, store)
    if store.newest is None:
        return None
    return store.newest, _show(page, store.newest, model)


def _measure(page: Page, store: Measurements) -> None:
    if not store.lock.acquire(blocking=False):
        st.info(page.text("feasibility.measuring_elsewhere"), icon=":material/hourglass:")
        return
    bar = st.progress(0.0, page.text("feasibility.measuring_start"))

    def tell(part: float, kind: Kind, model: str, workers: int) -> None:
        names = {"kind": page.text(f"feasibility.kind_{kind}"), "model": page.text(f"models.{model}")}
        bar.progress(part, page.text("feasibility.measuring", workers=workers, **names))

    try:
        make_room()
        find_room(WORKER_BYTES)
        store.newest = measure(partial(frames_of, _CLIP, _FIRST, _LAST), SECONDS, tell, most_workers())
    finally:  # also where the visitor has left
        store.lock.release()
        give_back_memory()
    st.rerun()


def most_workers() -> int:
    """How many processes may measure at once here: as many as there are cores and as fit into memory."""
    return max(1, min(os.cpu_count() or 1, free_room() // WORKER_BYTES))


def _show(page: Page, machine: Machine, model: str) -> tuple[int, int]:
    moment = f"{machine.made:%Y-%m-%d %H:%M}"
    st.caption(page.text("feasibility.measured", description=machine.description, when=moment))
    if (used := int(machine.table["workers"].max())) < machine.cores:
        st.caption(page.text("feasibility.few_workers", count=used, cores=machine.cores))
    with st.container(horizontal=True, key="feasibility_choices"):
        size = _choose_size(page)
        kinds = {name: page.text(f"feasibility.kind_{name}") for name in ("clip", "photo")}
        kind = cast(Kind, choose_one(page.text("feasibility.kind"), kinds, "measured_kind", label_shown=True))
    with st.container(horizontal=True):
        for name, value in key_figures(machine, model, size, page.language).items():
            st.metric(name, value, width=145)
    places = [column for _ in range(3) for column in st.columns(2, gap="large")]
    for place, quantity in zip(places, QUANTITIES, strict=False):
        title = page.text(f"feasibility.chart_{quantity}")
        with place:
            st.markdown(f"**{title}**")
            figure = machine_chart(machine, quantity, kind, size, page.language)
            show_chart(figure, f"machine_{quantity}", page.text("feasibility.chart_alt", title=title))
    with places[-1]:
        st.markdown(f"**{page.text('feasibility.how')}**")
        st.markdown(page.text("feasibility.how_text", rate=f"{LEAST_RATE:g}"))
    show_offers(page, {"machine_csv": ("machine.csv", "text/csv", lambda: to_csv(machine.table))})
    return size


def _choose_size(page: Page) -> tuple[int, int]:
    names = {f"{width} × {height}": (width, height) for width, height in SIZES}
    name = st.segmented_control(
        page.text("feasibility.size"),
        list(names),
        default=list(names)[1],
        required=True,
        key="measured_size",
        persist_state="session",
    )
    return names[name]
