"""What a month costs, beside a GPU server and a paid API, at prices that the visitor puts in."""

from __future__ import annotations

import streamlit as st

from pages.shared.downloads import show_offers
from pages.shared.feasibility.machine import SECONDS
from pages.shared.page import Page
from pages.shared.plots import show_chart
from pages.shared.segmented_choice import choose_one
from posecore.feasibility.charts_and_tables import cost_chart, cost_formulas, money
from posecore.feasibility.costs import Demand, Plan, Server, cost_table, server_cost
from posecore.feasibility.machine_measurement import Machine
from posecore.formats.csv_tables import to_csv

_CURRENCIES = ("$", "€", "£", "¥")
_FULL = (10, 100, 50, 5)  # percent: least, most, first, step
_WAYS = {"cpu": ":material/memory:", "gpu": ":material/developer_board:", "api": ":material/cloud:"}


def show_costs(page: Page, measured: tuple[Machine, tuple[int, int]] | None, model: str) -> Plan | None:
    """The plan that the visitor's numbers make, and what it costs."""
    if measured is None:
        st.info(page.text("feasibility.measure_first", seconds=SECONDS), icon=":material/speed:")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        demand, full, currency = _demand(page), _full(page), _currency(page)
    machine, size = measured
    row = machine.row("photo" if demand.unit == "pictures" else "clip", model, size)
    cards = {
        way: column.container(border=True, height="stretch") for way, column in zip(_WAYS, st.columns(3), strict=True)
    }
    for way, card in cards.items():
        card.markdown(f"**{_WAYS[way]} {page.text(f'feasibility.{way}')}**")
    with cards["cpu"]:
        price = _number(page, "cpu_price", 0.10, "cpu_price_help")
        st.number_input(
            page.text("feasibility.cpu_speed"),
            value=float(row["per_second"]),
            format="%.1f",
            disabled=True,
            help=page.text("feasibility.cpu_speed_help"),
        )
        cpu = Server(float(row["per_second"]), price, full)
    with cards["gpu"]:
        gpu_price = _number(page, "gpu_price", 1.20)
        gpu = Server(_number(page, "gpu_speed", 300.0, "gpu_speed_help", least=1.0), gpu_price, full)
    with cards["api"]:
        api_price = _number(page, f"api_price_{demand.unit}", 1.50 if demand.unit == "pictures" else 0.10)
    plan = Plan(demand, cpu, gpu, api_price, currency)
    _show(page, plan, cards)
    return plan


def _demand(page: Page) -> Demand:
    units = {name: page.text(f"feasibility.unit_{name}") for name in ("pictures", "minutes")}
    unit = choose_one(page.text("feasibility.unit"), units, "cost_unit", label_shown=True)
    amount = st.number_input(
        page.text(f"feasibility.amount_{unit}"),
        1,
        10**10,
        1_000_000 if unit == "pictures" else 10_000,
        key=f"cost_{unit}",
        persist_state="session",
        width=220,
    )
    if unit == "pictures":
        return Demand("pictures", float(amount))
    rate = st.number_input(
        page.text("feasibility.rate"), 1, 120, 30, key="cost_rate", persist_state="session", width=200
    )
    return Demand("minutes", float(amount), float(rate))


def _full(page: Page) -> float:
    percent = st.slider(
        page.text("feasibility.full"),
        *_FULL,
        format="%d %%",
        key="cost_full",
        persist_state="session",
        help=page.text("feasibility.full_help"),
        width=200,
    )
    return percent / 100


def _currency(page: Page) -> str:
    return str(
        st.selectbox(
            page.text("feasibility.currency"), _CURRENCIES, key="cost_currency", persist_state="session", width=110
        )
    )


def _number(page: Page, name: str, default: float, help_name: str = "", least: float = 0.0) -> float:
    return float(
        st.number_input(
            page.text(f"feasibility.{name}"),
            least,
            10_000.0,
            default,
            key=f"cost_{name}",
            persist_state="session",
            help=page.text(f"feasibility.{help_name}") if help_name else None,
        )
    )


def _show(page: Page, plan: Plan, cards: dict[str, st.delta_generator.DeltaGenerator]) -> None:
    formulas = cost_formulas(plan, page.language)
    servers = {"cpu": plan.cpu, "gpu": plan.gpu}
    for way, month in plan.months().items():
        with cards[way]:
            st.metric(page.text("feasibility.a_month"), money(month, plan.currency))
            count = server_cost(plan.demand, servers[way]).machines if way in servers else 0
            words = page.text("feasibility.machines", count=count) if count else page.text("feasibility.no_machines")
            st.markdown(words)
            st.caption("  \n".join(line.replace("$", r"\$") for line in formulas[way]))
    st.caption(page.text("feasibility.prices_caption"))
    st.markdown(f"**{page.text('feasibility.cost_over_amount')}**")
    show_chart(cost_chart(plan, page.language), "costs", page.text("feasibility.cost_alt"))
    show_offers(page, {"costs_csv": ("costs.csv", "text/csv", lambda: to_csv(cost_table(plan)))})
