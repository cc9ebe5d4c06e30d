"""A class at an exercise as a part of a report: a row each, with portrait, count, score and most common fault."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from posecore.exercises.review import Review
from posecore.language import DEFAULT, translate
from posecore.media.picture_files import jpeg_address
from posecore.visuals.exercise_report import section


def counted_words(review: Review, language: str = DEFAULT) -> str:
    """How many repetitions, or for how long something was held."""
    if review.exercise.kind == "hold":
        return translate(language, "clips.seconds", seconds=f"{review.held_s:.1f}")
    return str(len(review.repetitions))


def fault_words(review: Review, language: str = DEFAULT) -> str:
    """The fault that was made most often and in how many repetitions; empty without any."""
    if not (most := review.most_common_fault):
        return ""
    fault, made = most
    values = {"message": fault.message(language), "count": len(made), "total": len(review.repetitions)}
    return translate(language, "people.fault_in", **values)


def class_section(reviews: Sequence[Review], portraits: Sequence[bytes], language: str = DEFAULT) -> str:
    """HTML; the portraits are JPEG."""
    keys = "people.column", "coach.portrait", "webcam.count", "coach.score", "people.fault"
    head = "".join(f"<th>{escape(translate(language, key))}</th>" for key in keys)
    rows = [
        _row(number, one, portrait, language)
        for number, (one, portrait) in enumerate(zip(reviews, portraits, strict=True), 1)
    ]
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return section("people.class", table, language)


def _row(number: int, review: Review, portrait: bytes, language: str) -> str:
    address = jpeg_address(portrait)
    score = "–" if review.mean_score is None else str(review.mean_score)
    cells = [str(number), f'<img src="{address}" alt="" width="48" height="48">', counted_words(review, language)]
    cells += [score, escape(fault_words(review, language))]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
