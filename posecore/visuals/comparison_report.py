"""Two movements side by side as a page to read, print and send: HTML that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np

from posecore import palette
from posecore.compare.comparison import ERROR_DEG, PARTS, Comparison, Difference
from posecore.compare.movement import COMPARED
from posecore.compare.words import difference_words, joint_name
from posecore.language import DEFAULT, translate
from posecore.media.clip_files import Clip
from posecore.media.picture_files import jpeg_address
from posecore.pose import PoseSequence
from posecore.visuals.exercise_report import document, section
from posecore.visuals.moment_pictures import moment_picture

_MOST_CELLS = 120  # of the strip
_WIDTH, _LEFT, _ROW, _FLOOR = 860, 130, 22, 26
_MUCH_DEG = 30.0


@dataclass(frozen=True, eq=False)
class Side:
    """One of two movements: its name as its owner knows it, its clip if there is one, and who in it."""

    name: str
    clip: Clip | None
    sequence: PoseSequence
    person: int = 0


def pictures_of(one: Difference, sides: Sequence[Side]) -> list[bytes]:
    """The moment of the largest difference in each of both movements, JPEG; without those that a file does not give."""
    moments = (one.most_s, one.other_s)
    made = [moment_picture(s.clip, s.sequence, s.person, at) for s, at in zip(sides, moments, strict=True)]
    return [picture for picture in made if picture]


def comparison_report(found: Comparison, sides: Sequence[Side], *, made: date, language: str = DEFAULT) -> str:
    """The page: score and its parts, the gravest moments with pictures, all differences, and the strip."""
    title = translate(language, "compare.report_title")
    names = " · ".join(escape(side.name) for side in sides)
    day = translate(language, "coach.report_made", date=made.isoformat())
    parts = [
        f"<header><h1>{title}</h1><p>{names}</p><p>{day}</p></header>",
        _numbers(found, language),
        f"<p>{escape(translate(language, 'compare.mirrored'))}</p>" if found.mirrored else "",
        _moments(found, sides, language),
        section("compare.strip", _strip(found, language), language),
        f'<p class="note">{escape(translate(language, "compare.note", error=f"{ERROR_DEG:.0f}"))}</p>',
    ]
    return document(title, parts, language)


def _numbers(found: Comparison, language: str) -> str:
    entries = [(translate(language, "compare.whole"), found.score)]
    entries += [(translate(language, f"compare.{part}"), found.scores[part]) for part in PARTS]
    shown = "".join(f"<div>{escape(name)}<b>{value:.0f}</b></div>" for name, value in entries)
    return f'<div class="numbers">{shown}</div>'


def _moments(found: Comparison, sides: Sequence[Side], language: str) -> str:
    moments = found.moments()
    if not moments:
        return section("compare.moments", f"<p>{escape(translate(language, 'compare.equal'))}</p>", language)
    shown = "".join(_moment(one, sides, language) for one in moments)
    rest = "".join(
        f"<li>{escape(difference_words(one, language))}</li>" for one in found.differences if one not in moments
    )
    return section("compare.moments", shown + (f"<ul>{rest}</ul>" if rest else ""), language)


def _moment(one: Difference, sides: Sequence[Side], language: str) -> str:
    figures = "".join(
        f'<figure><img src="{jpeg_address(picture)}" alt=""></figure>' for picture in pictures_of(one, sides)
    )
    return f'<p>{escape(difference_words(one, language))}</p><div class="pictures">{figures}</div>'


def _strip(found: Comparison, language: str) -> str:
    """The rows of joints over time as SVG."""
    edges = np.linspace(0, len(found.time), min(_MOST_CELLS, len(found.time)) + 1).astype(int)
    begin, end = float(found.time[0]), float(found.time[-1])
    scale = (_WIDTH - _LEFT) / max(end - begin, 1e-6)
    apart = np.where(found.seen, found.apart, 0)
    cells = []
    for row, joint in enumerate(COMPARED):
        name = escape(joint_name(joint, language))
        cells.append(f'<text x="{_LEFT - 8}" y="{row * _ROW + 15}" text-anchor="end">{name}</text>')
        for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            value = float(apart[first:last, row].mean())
            left = _LEFT + (found.time[first] - begin) * scale
            width = (found.time[min(last, len(found.time) - 1)] - found.time[first]) * scale
            box = f'x="{left:.1f}" y="{row * _ROW + 1}" width="{width:.1f}" height="{_ROW - 2}"'
            cells.append(f'<rect {box} fill="{_colour(value)}"/>')
    floor = len(COMPARED) * _ROW
    ends = f'<text x="{_LEFT}" y="{floor + 16}">{begin:.1f} s</text>'
    ends += f'<text x="{_WIDTH}" y="{floor + 16}" text-anchor="end">{end:.1f} s</text>'
    alt = escape(translate(language, "compare.strip_alt"))
    size = f'viewBox="0 0 {_WIDTH} {floor + _FLOOR}" font-family="inherit" font-size="12"'
    return f'<svg {size} role="img" aria-label="{alt}">{"".join(cells)}{ends}</svg>{_key(language)}'


def _colour(degrees: float) -> str:
    if abs(degrees) < ERROR_DEG:
        return "#e7eaee"
    much, little = palette.MORE if degrees < 0 else palette.LESS
    return much if abs(degrees) > _MUCH_DEG else little


def _key(language: str) -> str:
    entries = [("more", palette.MORE[0]), ("less", palette.LESS[0]), ("same", "#e7eaee")]
    marks = "".join(
        f'<span style="display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em;background:{colour}"></span>'
        f"{escape(translate(language, f'compare.key_{name}'))}"
        for name, colour in entries
    )
    return f'<p class="note">{marks}</p>'
