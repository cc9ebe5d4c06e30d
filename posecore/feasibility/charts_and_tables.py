"""Whether an idea runs on a cheap machine, how well and at what price: charts and tables of what was measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from posecore import palette
from posecore.detection.models import MODELS
from posecore.feasibility.costs import HOURS_A_MONTH, Plan, Server, api_cost, server_cost
from posecore.feasibility.machine_measurement import SIZES, Kind, Machine, clips_an_hour
from posecore.feasibility.picture_survey import Look, Survey, agreement, survey_summary
from posecore.language import DEFAULT, translate
from posecore.visuals.pose_charts import CLEAR, GRID

Quantity = Literal["milliseconds", "per_second", "streams", "clips", "memory"]
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
_BY_WORKERS = ("per_second", "memory")
_BINS = 10
_AMOUNTS = np.geomspace(0.02, 50, 60)  # times the amount asked for


def machine_chart(
    machine: Machine, quantity: Quantity, kind: Kind = "clip", size: tuple[int, int] = SIZES[1], language: str = DEFAULT
) -> go.Figure:
    """A group of bars for each picture size, or for each number of workers, a bar for each model.

    Args:
        kind: of work; `streams` and `clips` have their own.
        size: for what is drawn over the number of workers.
    """
    own: dict[str, Kind] = {"streams": "webcam", "clips": "clip"}
    table = machine.table[machine.table["kind"] == own.get(quantity, kind)]
    if quantity in _BY_WORKERS:
        table = table[table["width"] == size[0]]
        groups = table["workers"].astype(str)
        title = translate(language, "feasibility.axis_workers")
    else:
        workers = table["workers"].min() if quantity == "milliseconds" else table["workers"].max()
        table = table[table["workers"] == workers]
        groups = table["width"].astype(str) + " × " + table["height"].astype(str)
        title = translate(language, "feasibility.axis_size")
    names = {"clips": "per_second", "memory": "memory_mb"}
    values = table[names.get(quantity, quantity)]
    if quantity == "clips":
        values = values.map(clips_an_hour)
    figure = _figure(title, translate(language, f"feasibility.axis_{quantity}"))
    for model, colour in zip(MODELS, palette.SERIES, strict=True):
        chosen = table["model"] == model
        label = translate(language, f"models.{model}")
        figure.add_trace(_bars(label, colour, groups[chosen].tolist(), values[chosen].tolist()))
    figure.update_xaxes(type="category")
    return figure


def visibility_chart(found: Survey, language: str = DEFAULT) -> go.Figure:
    """How well the landmarks of the largest person are seen: share of them in each tenth of the visibility."""
    figure = _figure(translate(language, "feasibility.axis_visibility"), translate(language, "feasibility.axis_share"))
    edges = np.linspace(0, 1, _BINS + 1)
    middles = ((edges[:-1] + edges[1:]) / 2).tolist()
    for model, colour in zip(MODELS, palette.SERIES, strict=True):
        values = np.concatenate([np.empty(0), *(look.visibility(model) for look in found.read)])
        counts = np.histogram(values, edges)[0]
        shares = 100 * counts / max(counts.sum(), 1)
        figure.add_trace(_bars(translate(language, f"models.{model}"), colour, middles, shares.tolist(), numbers=False))
    figure.update_xaxes(tickvals=edges[::2], tickformat=".1f")
    figure.update_yaxes(ticksuffix=" %")
    return figure


def cost_chart(plan: Plan, language: str = DEFAULT) -> go.Figure:
    """A month's cost over the amount, both growing by factors; the amount asked for is marked."""
    demand = plan.demand
    title = translate(language, f"feasibility.axis_{demand.unit}")
    figure = _figure(title, translate(language, "feasibility.axis_month", currency=plan.currency))
    amounts = demand.amount * _AMOUNTS
    months = [replace(plan, demand=replace(demand, amount=float(amount))).months() for amount in amounts]
    for name, colour in zip(months[0], palette.SERIES, strict=True):
        figure.add_trace(
            go.Scatter(
                name=translate(language, f"feasibility.{name}"),
                x=amounts,
                y=[month[name] for month in months],
                line={"color": colour, "width": 2.5},
                hovertemplate=f"%{{x:,.0f}}: {plan.currency} %{{y:,.2f}}<extra>%{{fullData.name}}</extra>",
            )
        )
    figure.add_vline(x=demand.amount, line={"color": palette.MIDDLE, "dash": "dot"})
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(type="log", dtick=1)
    return figure


def key_figures(machine: Machine, model: str, size: tuple[int, int], language: str = DEFAULT) -> dict[str, str]:
    """The figures to know first, by what they are called."""
    clip, photo = (machine.row(kind, model, size, 1)["milliseconds"] for kind in ("clip", "photo"))
    everything = machine.row("clip", model, size)
    values = {
        "clip": translate(language, "feasibility.milliseconds", value=f"{clip:.0f}"),
        "photo": translate(language, "feasibility.milliseconds", value=f"{photo:.0f}"),
        "streams": f"{machine.row('webcam', model, size)['streams']:.0f}",
        "clips": f"{clips_an_hour(everything['per_second']):.0f}",
        "memory": f"{everything['memory_mb']:.0f} MB",
    }
    return {translate(language, f"feasibility.metric_{name}"): value for name, value in values.items()}


def summary_table(found: Survey, language: str = DEFAULT) -> pd.DataFrame:
    """`survey_summary` in words: a row per model."""
    summary = survey_summary(found)
    columns = {
        "model": [translate(language, f"models.{model}") for model in summary["model"]],
        "with_people": summary["with_people"].astype(str),
        "nobody": summary["nobody"].astype(str),
        "landmarks_seen": [_percent(value) for value in summary["landmarks_seen"]],
        "milliseconds": [_rounded(value) for value in summary["milliseconds"]],
        "per_second": [_rounded(value) for value in summary["per_second"]],
    }
    return pd.DataFrame({translate(language, f"feasibility.column_{name}"): column for name, column in columns.items()})


def agreement_table(found: Survey, language: str = DEFAULT) -> pd.DataFrame:
    """`agreement` in words: a row per pair of models."""
    pairs = agreement(found)
    names = [
        f"{translate(language, f'models.{first}')} – {translate(language, f'models.{second}')}"
        for first, second in zip(pairs["first"], pairs["second"], strict=True)
    ]
    columns = {name: [_percent(value) for value in pairs[name]] for name in ("same_number", "apart", "far_apart")}
    columns = {"models": names, **columns}
    return pd.DataFrame({translate(language, f"feasibility.column_{name}"): column for name, column in columns.items()})


def cost_formulas(plan: Plan, language: str = DEFAULT) -> dict[str, list[str]]:
    """How each way's numbers come about, `cpu`, `gpu` and `api`, a sentence a step."""
    steps = {name: _server_steps(plan, server, language) for name, server in (("cpu", plan.cpu), ("gpu", plan.gpu))}
    demand = plan.demand
    month = money(api_cost(demand, plan.api_price), plan.currency)
    values = {"amount": f"{demand.amount:,.0f}", "price": money(plan.api_price, plan.currency), "month": month}
    return {**steps, "api": [translate(language, f"feasibility.formula_api_{demand.unit}", **values)]}


def look_caption(look: Look, model: str, language: str = DEFAULT) -> str:
    """What a model saw in a picture, in a few words."""
    pose = look.poses[model]
    if pose.people:
        return translate(language, "feasibility.seen_in", count=pose.people, share=f"{pose.seen[0].mean():.0%}")
    missed = any(other.people for other in look.poses.values())
    return translate(language, "feasibility.missed" if missed else "feasibility.nobody")


def money(value: float, currency: str) -> str:
    """A sum; small ones with more digits."""
    return f"{currency}\N{NO-BREAK SPACE}{value:,.0f}" if value >= 1000 else f"{currency}\N{NO-BREAK SPACE}{value:,.2f}"


def _server_steps(plan: Plan, server: Server, language: str) -> list[str]:
    demand, cost = plan.demand, server_cost(plan.demand, server)
    values = {
        "amount": f"{demand.amount:,.0f}",
        "rate": f"{demand.rate:g}",
        "frames": f"{demand.frames:,.0f}",
        "per_second": f"{server.per_second:,.1f}",
        "hours": f"{cost.hours:,.2f}",
        "month_hours": f"{HOURS_A_MONTH:.0f}",
        "full": f"{server.full:.0%}",
        "machines": cost.machines,
        "price": money(server.price, plan.currency),
        "month": money(cost.month, plan.currency),
        "work": money(cost.work, plan.currency),
    }
    names = ["hours", "machines", "month", "work"]
    if demand.unit == "minutes":
        names.insert(0, "frames")
    return [translate(language, f"feasibility.formula_{name}", **values) for name in names]


def _percent(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.0%}"


def _rounded(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.0f}"


def _bars(
    name: str, colour: str, groups: list[str] | list[float], values: list[float], *, numbers: bool = True
) -> go.Bar:
    return go.Bar(
        name=name,
        x=groups,
        y=values,
        marker={"color": colour, "cornerradius": 3},
        text=[f"{value:.0f}" for value in values] if numbers else None,
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{y:.1f}<extra>%{fullData.name}</extra>",
    )


def _figure(x_title: str, y_title: str) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        height=320,
        margin={"l": 8, "r": 16, "t": 24, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        legend={"orientation": "h", "y": 1.06, "yanchor": "bottom", "x": 0},
        xaxis={"title": x_title, "gridcolor": GRID, "fixedrange": True},
        yaxis={"title": y_title, "gridcolor": GRID, "fixedrange": True, "automargin": True, "rangemode": "tozero"},
    )
    return figure
