"""The colours of overlay, charts and theme: a joint has the same colour everywhere.

Left and right differ in lightness as well as hue, so colour-blind people can tell them apart.
"""

from __future__ import annotations

import math
from functools import cache

RGB = tuple[int, int, int]

LEFT = "#2b7de9"
RIGHT = "#f28e2b"
MIDDLE = "#8a94a3"
ACCENT = "#0f766e"
ACCENT_ON_DARK = "#2bb3a3"
INK = "#16212e"
INK_SOFT = "#4b5763"
PAPER = "#f6f7f9"
WHITE = "#ffffff"
CLASSIC_JOINT = "#ff0000"
CLASSIC_BONE = "#ffffff"

SIDES = {"left": LEFT, "right": RIGHT, "middle": MIDDLE}

# From doubtful to sure, light to dark, readable without telling red from green (ColorBrewer YlGnBu, reversed ends).
CONFIDENCE = ("#f6d746", "#7ec9a0", "#2b7a9e", "#253494")

# Of models and of ways to pay; they also stand out on dark grounds.
SERIES = ("#d99a1c", "#0f9b8e", "#8a63d2")

# Of two movements side by side: the first one's and the other's.
BESIDE = (ACCENT, "#8a63d2")

# Of what is more and what is less than it should be, from much to little (ColorBrewer PRGn, its ends).
MORE, LESS = ("#762a83", "#c2a5cf"), ("#1b7837", "#a6dba0")

GUESSED_OPACITY = 0.5


@cache
def rgb(colour: str) -> RGB:
    """("#2b7de9") -> (43, 125, 233)"""
    value = int(colour.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 0xFF, value & 0xFF


def faint(colour: str) -> str:
    """A colour as CSS, faint as everything guessed is."""
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{GUESSED_OPACITY})"


def confidence_rgb(value: float) -> RGB:
    """Colour of a visibility between 0 and 1; a missing one counts as 0."""
    known = 0.0 if math.isnan(value) else min(max(value, 0.0), 1.0)
    position = known * (len(CONFIDENCE) - 1)
    lower = min(int(position), len(CONFIDENCE) - 2)
    part = position - lower
    ends = zip(rgb(CONFIDENCE[lower]), rgb(CONFIDENCE[lower + 1]), strict=True)
    red, green, blue = (round(a + (b - a) * part) for a, b in ends)
    return red, green, blue
