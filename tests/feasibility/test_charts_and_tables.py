"""Charts, tables and the report, from numbers that are known."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import partial
from itertools import product

import pandas as pd
import pytest

from posecore import MODELS, ImageDetector, decoded_image
from posecore.feasibility.charts_and_tables import (
    QUANTITIES,
    agreement_table,
    cost_chart,
    cost_formulas,
    key_figures,
    look_caption,
    machine_chart,
    money,
    summary_table,
    visibility_chart,
)
from posecore.feasibility.costs import Demand, Plan, Server
from posecore.feasibility.machine_measurement import SIZES, Machine
from posecore.feasibility.picture_survey import Picture, Survey, survey
from posecore.feasibility.report import Feasibility, feasibility_json, feasibility_report
from tests.support.paths import SAMPLES

MADE = datetime(2026, 1, 2, 3, 4)
PLAN = Plan(Demand("minutes", 1000, 25), Server(50, 0.1), Server(300, 1.2), 0.1, "€")


@pytest.fixture(scope="module")
def machine() -> Machine:
    rows = [
        {
            "kind": kind,
            "model": model,
            "width": width,
            "height": height,
            "workers": workers,
            "milliseconds": 10.0 * (1 + MODELS.index(model)),
            "per_second": 100.0 * workers / (1 + MODELS.index(model)),
            "memory_mb": 100.0 * workers,
            "streams": 4 if kind == "webcam" else float("nan"),
        }
        for kind, model, (width, height), workers in product(("photo", "clip", "webcam"), MODELS, SIZES, (1, 2))
        if kind != "webcam" or workers == 1
    ]
    return Machine(pd.DataFrame(rows), MADE, "a processor <b>", 2)


@pytest.fixture(scope="module")
def found() -> Survey:
    names = ("two_people.jpg", "balance.jpg")
    with ImageDetector() as detector:
        return survey([Picture(f"<{name}>", partial(decoded_image, SAMPLES / name)) for name in names], detector)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_bar_for_every_model_in_every_group(machine: Machine, quantity: str) -> None:
    figure = machine_chart(machine, quantity)  # type: ignore[arg-type]
    groups = 2 if quantity in ("per_second", "memory") else 3
    assert [len(trace.y) for trace in figure.data] == [groups] * 3
    assert figure.layout.yaxis.title.text
    assert figure.layout.xaxis.title.text


def test_key_figures_are_those_of_the_model_and_size(machine: Machine) -> None:
    figures = key_figures(machine, "full", SIZES[1])
    assert list(figures.values()) == ["20 ms", "20 ms", "4", "200", "200 MB"]


def test_shares_of_visibility_add_up(found: Survey) -> None:
    for trace in visibility_chart(found).data:
        assert sum(trace.y) == pytest.approx(100)


def test_tables_have_a_row_for_each_model_and_pair(found: Survey) -> None:
    assert summary_table(found)["With people"].tolist() == ["2", "2", "2"]
    assert agreement_table(found)["Models"].tolist() == ["Lite – Full", "Lite – Heavy", "Full – Heavy"]
    assert look_caption(found.looks[0], "full").startswith("2 people")
    assert look_caption(found.looks[1], "full", "zh").startswith("1 人")


def test_every_cost_shows_how_it_comes_about() -> None:
    formulas = cost_formulas(PLAN)
    assert formulas["cpu"] == [
        "1,000 minutes × 60 s × 25 frames a second = 1,500,000 frames",
        "1,500,000 ÷ (50.0 a second × 3600) = 8.33 hours of work",
        "8.33 h ÷ (730 h a month × 50% busy), rounded up = 1",
        "1 × 730 h × €\xa00.10 = €\xa073.00",
        "Paid by the hour of work alone: 8.33 h × €\xa00.10 = €\xa00.83",
    ]
    assert formulas["api"] == ["1,000 minutes × €\xa00.10 = €\xa0100.00"]
    assert money(12345.6, "$") == "$\xa012,346"


def test_the_cost_chart_goes_through_the_amount_asked_for() -> None:
    figure = cost_chart(PLAN)
    assert [len(trace.x) for trace in figure.data] == [60] * 3
    assert min(figure.data[0].x) < 1000 < max(figure.data[0].x)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_stands_alone(machine: Machine, found: Survey, language: str) -> None:
    page = feasibility_report(Feasibility(machine, found, PLAN, "full", SIZES[1], MADE), language)
    assert page.startswith("<!doctype html>")
    assert page.count("Plotly.newPlot(") == 7
    assert page.count('src="data:image/jpeg;base64,') == 2
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="https?:', page)
    assert "&lt;balance.jpg&gt;" in page
    assert "a processor &lt;b&gt;" in page
    assert "2026-01-02" in page


def test_a_report_of_a_part_leaves_the_others_out(machine: Machine) -> None:
    page = feasibility_report(Feasibility(machine, None, None, "full", SIZES[1], MADE))
    assert "My pictures" not in page
    assert "This machine" in page


def test_numbers_as_json(machine: Machine, found: Survey) -> None:
    record = json.loads(feasibility_json(Feasibility(machine, found, PLAN, "full", SIZES[1], MADE)))
    assert len(record["machine"]["figures"]) == len(machine.table)
    assert [row["with_people"] for row in record["pictures"]["summary"]] == [2, 2, 2]
    assert record["costs"]["ways"][0]["machines"] == 1
    assert record["settings"] == {"model": "full", "width": 1280, "height": 720, "people": 5, "confidence": 0.5}
    nothing = json.loads(feasibility_json(Feasibility(None, None, None, "lite", SIZES[0], MADE)))
    assert nothing["machine"] is nothing["pictures"] is nothing["costs"] is None
