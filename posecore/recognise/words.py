"""What a check says, in sentences: what is mixed up, and what would help."""

from __future__ import annotations

import numpy as np

from posecore.language import DEFAULT, translate
from posecore.recognise.checking import Check, views
from posecore.recognise.teaching import Teaching

_ENOUGH = 5  # examples, from which more of the same help little
_MORE = 2


def check_words(found: Check, teaching: Teaching, language: str = DEFAULT) -> list[str]:
    """How many are recognised, then each mix-up with what would help, the most frequent first."""
    said = [_summary(found, language), *_mixed_up(found, teaching, language), *_one_clip(found, teaching, language)]
    if not found.mirrors:
        said.append(translate(language, "teach.sides_matter"))
    return said


def _summary(found: Check, language: str) -> str:
    total = int(found.confusion.sum())
    right = int(np.trace(found.confusion))
    words = translate(language, "teach.recognised", right=right, total=total)
    if found.by_clip is not None:
        right = int(np.trace(found.by_clip))
        words += " " + translate(language, "teach.recognised_by_clip", right=right, total=total)
    return words


def _mixed_up(found: Check, teaching: Teaching, language: str) -> list[str]:
    """From the stricter table, where there are two."""
    table = (found.confusion if found.by_clip is None else found.by_clip).copy()
    totals = table.sum(-1)
    np.fill_diagonal(table, 0)
    said = []
    for place in np.argsort(-table, axis=None, kind="stable").tolist():
        row, column = divmod(place, table.shape[1])
        wrong = int(table[row, column])
        if not wrong:
            break
        values = {"name": found.names[row], "wrong": wrong, "total": int(totals[row])}
        if column == len(found.names):
            what = translate(language, "teach.taken_for_none", **values)
        else:
            what = translate(language, "teach.taken_for", other=found.names[column], **values)
        said.append(f"{what} {_advice(teaching, row, column, language)}".strip())
    return said


def _advice(teaching: Teaching, row: int, column: int, language: str) -> str:
    """What the examples of the movement lack most."""
    movement = teaching.movements[row]
    side = views(teaching)[row]
    if len(movement.examples) < _ENOUGH:
        return translate(language, "teach.record_more", count=_MORE, name=movement.name)
    if side.all() or not side.any():
        key = "teach.record_front" if side.all() else "teach.record_side"
        return translate(language, key, name=movement.name)
    if column == len(teaching.movements):
        return translate(language, "teach.record_alike", name=movement.name)
    return translate(language, "teach.record_clearer", name=movement.name, other=teaching.names[column])


def _one_clip(found: Check, teaching: Teaching, language: str) -> list[str]:
    """What is from one recording only may be known by that recording."""
    if found.by_clip is not None:
        return []
    names = [one.name for one in teaching.movements if len({e.clip for e in one.examples if e.clip}) == 1]
    return [translate(language, "teach.one_clip", name=name) for name in names]
