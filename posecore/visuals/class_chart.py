"""A whole class at an exercise, as one chart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from posecore import palette
from posecore.exercises.review import Review
from posecore.language import DEFAULT, translate
from posecore.visuals.pose_charts import CLEAR, GRID

_ROW, _REST = 26, 96  # pixels


def class_chart(reviews: Sequence[Review], *, language: str = DEFAULT) -> go.Figure:
    """A row for each person and a bar for each of their repetitions over time, coloured by its score."""
    figure = go.Figure()
    for number, review in enumerate(reviews, 1):
        figure.add_trace(_bars(str(number), review, language, with_scale=number == 1))
    figure.update_layout(
        height=_REST + _ROW * max(len(reviews), 2),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        barmode="overlay",
        bargap=0.3,
        showlegend=False,
        xaxis={
            "title": translate(language, "curves.time_axis"),
            "gridcolor": GRID,
            "zeroline": False,
            "rangemode": "tozero",
        },
        yaxis={
            "title": translate(language, "photos.person"),
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [str(number) for number in range(len(reviews), 0, -1)],
            "range": [-0.5, len(reviews) - 0.5],
            "gridcolor": GRID,
            "fixedrange": True,
        },
    )
    return figure


def _bars(person: str, review: Review, language: str, *, with_scale: bool) -> go.Bar:
    done = review.repetitions
    return go.Bar(
        orientation="h",
        y=[person] * len(done),
        base=[one.start_s for one in done],
        x=[one.end_s - one.start_s for one in done],
        marker={
            "color": [one.score for one in done],
            "line": {"color": palette.MIDDLE, "width": 1},  # the surest colour is dark, and so may be the ground
            "cmin": 0,
            "cmax": 100,
            "colorscale": [[place / 3, colour] for place, colour in enumerate(palette.CONFIDENCE)],
            "showscale": with_scale,
            "colorbar": {"title": translate(language, "coach.score"), "thickness": 10, "outlinewidth": 0},
        },
        customdata=[
            [
                one.number,
                translate(language, "coach.points", score=one.score),
                "<br>".join(escape(fault.message(language)) for fault in one.faults),
            ]
            for one in done
        ],
        hovertemplate="<br>".join(["<b>%{customdata[0]}</b> · %{customdata[1]}", "%{base:.1f} s", "%{customdata[2]}"])
        + "<extra>%{y}</extra>",
    )
