"""What was measured and found, to send round: one HTML file that needs nothing but itself, and the numbers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from posecore.detection.detector_settings import DetectorSettings
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
from posecore.feasibility.costs import Plan, cost_table
from posecore.feasibility.machine_measurement import Machine
from posecore.feasibility.picture_survey import Look, Survey, agreement, survey_summary, survey_table, worst
from posecore.language import DEFAULT, translate
from posecore.media.picture_files import decode_image
from posecore.version import __version__
from posecore.visuals.exercise_report import document, picture_address, section
from posecore.visuals.skeleton_drawing import draw_pose

_LOOKS = {"people": DetectorSettings.people, "confidence": DetectorSettings.min_confidence}


@dataclass(frozen=True, eq=False)
class Feasibility:
    """What is known so far; parts that were not done are None.

    Attributes:
        model, size: what the idea would run with, and the size of its pictures.
    """

    machine: Machine | None
    survey: Survey | None
    plan: Plan | None
    model: str
    size: tuple[int, int]
    made: datetime


def feasibility_record(known: Feasibility) -> dict[str, Any]:
    """Everything as plain values; what is missing is null."""
    machine, found, plan = known.machine, known.survey, known.plan
    return {
        "made": known.made.isoformat(timespec="seconds"),
        "version": __version__,
        "settings": {"model": known.model, "width": known.size[0], "height": known.size[1], **_LOOKS},
        "machine": machine
        and {
            "description": machine.description,
            "made": machine.made.isoformat(timespec="seconds"),
            "figures": _records(machine.table),
        },
        "pictures": found
        and {
            "summary": _records(survey_summary(found)),
            "agreement": _records(agreement(found)),
            "each": _records(survey_table(found, DEFAULT)),
        },
        "costs": plan and _cost_record(plan),
    }


def feasibility_json(known: Feasibility) -> str:
    """`feasibility_record` as text."""
    return json.dumps(feasibility_record(known), indent=1, ensure_ascii=False, allow_nan=False)


def feasibility_report(known: Feasibility, language: str = DEFAULT) -> str:
    """The page to send round."""
    title = escape(translate(language, "feasibility.report_title"))
    made = translate(language, "coach.report_made", date=known.made.date().isoformat())
    charts = _Charts()
    settings = translate(
        language,
        "feasibility.report_settings",
        model=translate(language, f"models.{known.model}"),
        size=f"{known.size[0]} × {known.size[1]}",
        **_LOOKS,
    )
    parts = [f"<header><h1>{title}</h1><p>{escape(made)}</p><p>{escape(settings)}</p></header>"]
    if known.machine:
        figures = key_figures(known.machine, known.model, known.size, language)
        parts.append(_machine(known.machine, figures, known.size, charts, language))
    if known.survey:
        parts.append(_pictures(known.survey, known.model, charts, language))
    if known.plan:
        parts.append(_costs(known.plan, known.model, charts, language))
    parts.append(f'<p class="note">{escape(translate(language, "feasibility.report_note", version=__version__))}</p>')
    return document(title, parts, language)


class _Charts:
    """Charts as HTML; the first brings Plotly along."""

    def __init__(self) -> None:
        self._first = True

    def html(self, figure: go.Figure) -> str:
        figure.update_layout(template="plotly_white")
        config = {"displaylogo": False, "displayModeBar": False, "responsive": True}
        html = figure.to_html(full_html=False, include_plotlyjs=self._first, config=config)
        self._first = False
        return f"<div>{html}</div>"


def _machine(machine: Machine, figures: dict[str, str], size: tuple[int, int], charts: _Charts, language: str) -> str:
    words = translate(
        language, "feasibility.measured", description=machine.description, when=f"{machine.made:%Y-%m-%d %H:%M}"
    )
    numbers = "".join(f"<div>{escape(name)}<b>{escape(value)}</b></div>" for name, value in figures.items())
    drawn = "".join(
        f"<div>{_heading(f'feasibility.chart_{quantity}', language)}"
        f"{charts.html(machine_chart(machine, quantity, size=size, language=language))}</div>"
        for quantity in QUANTITIES
    )
    content = f'<p>{escape(words)}</p><div class="numbers">{numbers}</div><div class="charts">{drawn}</div>'
    return section("feasibility.tab_machine", content, language)


def _pictures(found: Survey, model: str, charts: _Charts, language: str) -> str:
    counted = [translate(language, "feasibility.counted", count=len(found.read))]
    if failed := len(found.looks) - len(found.read):
        counted.append(translate(language, "feasibility.show_unreadable", count=failed))
    figures = "".join(_figure(look, model, language) for look in worst(found, model))
    parts = [
        f"<p>{escape(' · '.join(counted))}</p>",
        _table(summary_table(found, language)),
        _heading("feasibility.visibility", language),
        charts.html(visibility_chart(found, language)),
        _heading("feasibility.agreement", language),
        _table(agreement_table(found, language)),
        _heading("feasibility.worst", language, model=translate(language, f"models.{model}")),
        f'<div class="pictures">{figures}</div>',
    ]
    return section("feasibility.tab_pictures", "".join(parts), language)


def _heading(key: str, language: str, **values: object) -> str:
    return f"<h3>{escape(translate(language, key, **values))}</h3>"


def _figure(look: Look, model: str, language: str) -> str:
    address = picture_address(draw_pose(decode_image(look.preview), look.poses[model]))
    caption = f"<b>{escape(look.name)}</b><br>{escape(look_caption(look, model, language))}"
    return f'<figure><img src="{address}" alt="{escape(look.name)}"><figcaption>{caption}</figcaption></figure>'


def _costs(plan: Plan, model: str, charts: _Charts, language: str) -> str:
    formulas = cost_formulas(plan, language)
    parts = []
    for way, month in plan.months().items():
        steps = "".join(f"<li>{escape(step)}</li>" for step in formulas[way])
        name = escape(translate(language, f"feasibility.{way}"))
        parts.append(f"<h3>{name}: {escape(money(month, plan.currency))}</h3><ul>{steps}</ul>")
    parts.append(charts.html(cost_chart(plan, language)))
    return section("feasibility.report_costs", "".join(parts), language, model=translate(language, f"models.{model}"))


def _table(table: pd.DataFrame) -> str:
    head = "".join(f"<th>{escape(str(name))}</th>" for name in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(str(v))}</td>" for v in row) + "</tr>" for row in table.to_numpy())
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cost_record(plan: Plan) -> dict[str, Any]:
    return {"plan": asdict(plan), "formulas": cost_formulas(plan), "ways": _records(cost_table(plan))}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, None for what is missing."""
    return list(json.loads(table.to_json(orient="records", double_precision=6)))
