"""The course of an exercise as a small picture of lines, SVG, for pages that must stand alone."""

from __future__ import annotations

import math
from html import escape

import numpy as np
from numpy.typing import NDArray

from posecore import palette
from posecore.exercises.review import Review
from posecore.language import DEFAULT, translate

_WIDTH, _HEIGHT = 860, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 70, 36, 40  # room for words at the edges
_MOST_POINTS = 1500


def course_svg(review: Review, language: str = DEFAULT) -> str:
    """What the exercise measures over seconds, its thresholds dashed, its repetitions shaded and numbered."""
    return _Drawing(review, language).svg()


class _Drawing:
    def __init__(self, review: Review, language: str) -> None:
        self._review, self._language = review, language
        self._span = float(review.time[0]), max(float(review.time[-1]), float(review.time[0]) + 0.1)
        known = np.concatenate([*review.values.values(), list(review.lines.values())])
        known = known[np.isfinite(known)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        self._low, self._high = low, max(high, low + 1e-6)

    def svg(self) -> str:
        alt = escape(translate(self._language, "coach.chart_alt"))
        inside = "".join([*self._shades(), *self._axes(), *self._thresholds(), *self._curves()])
        size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        return f'<svg {size} role="img" aria-label="{alt}" font-family="inherit" font-size="12">{inside}</svg>'

    def _x(self, moment: float) -> float:
        begin, end = self._span
        return _LEFT + (moment - begin) / (end - begin) * (_WIDTH - _LEFT - _RIGHT)

    def _y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - (value - self._low) / (self._high - self._low) * (_HEIGHT - _TOP - _BOTTOM)

    def _shades(self) -> list[str]:
        height = _HEIGHT - _TOP - _BOTTOM + 8
        parts = []
        crowded = len(self._review.repetitions) > 40
        for one in self._review.repetitions:
            left, right = self._x(one.start_s), self._x(one.end_s)
            box = f'x="{left:.1f}" y="{_TOP - 4}" width="{right - left:.1f}" height="{height}"'
            parts.append(f'<rect {box} fill="{palette.ACCENT}" opacity="0.14"/>')
            if not crowded or one.number % 5 == 0:
                parts.append(_words((left + right) / 2, _TOP - 8, f"{one.number}", "middle", palette.INK, bold=True))
        for way in self._review.attempts:
            left, right = self._x(way.start_s), self._x(way.end_s)
            box = f'x="{left:.1f}" y="{_TOP - 4}" width="{right - left:.1f}" height="{height}"'
            parts.append(f'<rect {box} fill="none" stroke="{palette.MIDDLE}" stroke-dasharray="4 4"/>')
        return parts

    def _axes(self) -> list[str]:
        begin, end = self._span
        step = _step((end - begin) / 8)
        floor = _HEIGHT - _BOTTOM + 4
        line = f'<path d="M{_LEFT} {floor}H{_WIDTH - _RIGHT}" stroke="{palette.MIDDLE}"/>'
        moments = np.arange(math.ceil(begin / step), math.floor(end / step) + 1) * step
        ticks = [_words(self._x(moment), floor + 15, f"{moment:g}", "middle") for moment in moments.tolist()]
        rise = _step((self._high - self._low) / 5)
        values = np.arange(math.ceil(self._low / rise), math.floor(self._high / rise) + 1) * rise
        marks = [_words(_LEFT - 8, self._y(value) + 4, f"{value:g}", "end") for value in values.round(6).tolist()]
        title = translate(self._language, f"measures.{self._review.measure}")
        time = translate(self._language, "curves.time_axis")
        names = [_words(_LEFT, 12, title, "start"), _words(_WIDTH - _RIGHT, _HEIGHT - 6, time, "end")]
        return [line, *ticks, *marks, *names]

    def _thresholds(self) -> list[str]:
        parts = []
        for name, value in self._review.lines.items():
            y = self._y(value)
            path = f'd="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"'
            parts.append(f'<path {path} stroke="{palette.MIDDLE}" stroke-dasharray="6 4"/>')
            words = translate(self._language, f"coach.line_{name}")
            parts.append(_words(_WIDTH - _RIGHT + 6, y + 4, words, "start"))
        return parts

    def _curves(self) -> list[str]:
        colours = {"both": palette.ACCENT, **palette.SIDES}
        return [
            f'<path d="{self._path(values)}" fill="none" stroke="{colours[which]}" stroke-width="2"/>'
            for which, values in self._review.values.items()
        ]

    def _path(self, values: NDArray[np.float64]) -> str:
        every = max(1, len(values) // _MOST_POINTS)
        steps, drawing = [], False
        for moment, value in zip(self._review.time[::every].tolist(), values[::every].tolist(), strict=True):
            if math.isfinite(value):
                steps.append(f"{'L' if drawing else 'M'}{self._x(moment):.1f} {self._y(value):.1f}")
            drawing = math.isfinite(value)
        return "".join(steps)


def _step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20 ... from `least` on."""
    power = 10 ** math.floor(math.log10(least))
    return float(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least))


def _words(x: float, y: float, words: str, anchor: str, colour: str = palette.INK_SOFT, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>{escape(words)}</text>'
