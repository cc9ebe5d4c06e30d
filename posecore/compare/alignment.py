"""Which moment of one movement is which of another: dynamic time warping over the angles of joints, with open ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posecore.compare.movement import Array, Movement

_OPEN = (0.75, 0.45)  # of a movement that may lie before the other, and after it; less where too little is left
_GAIN = 0.85  # of the cost of whole movements, under which one counts as a part of the other
_MIRROR_GAIN = 0.8  # under which left and right count as exchanged
_CLEARLY_DEG = 1.0  # and by so much, for what is equal may differ by a rounding
_MOST_PACE = 3.0  # how many times as quick one may be
_BAND = 0.6  # of the longer one: how far a moment may be from where an even pace would have it


@dataclass(frozen=True, eq=False)
class Alignment:
    """Pairs of moments.

    Attributes:
        rows: (K, 2) rows of the first movement and of the second, both rising.
        mirrored: whether the second one's left and right were exchanged for it.
        cost: degrees, the mean over pairs of the root of the mean square over joints.
    """

    rows: NDArray[np.int64]
    mirrored: bool
    cost: float

    def is_clearly_less(self, other: Alignment, part: float) -> bool:
        """Whether it costs less than so much of what another costs."""
        return self.cost < part * other.cost and self.cost < other.cost - _CLEARLY_DEG


def align(first: Movement, second: Movement, *, may_mirror: bool = True) -> Alignment:
    """The best fit: of the whole, or of one as a part of the other, and as it is or as in a mirror."""
    plain = _best(first, second)
    if not may_mirror:
        return plain
    mirrored = replace(_best(first, second.mirrored()), mirrored=True)
    return mirrored if mirrored.is_clearly_less(plain, _MIRROR_GAIN) else plain


def _best(first: Movement, second: Movement) -> Alignment:
    a, b = (np.ascontiguousarray(one.angles) for one in (first, second))
    whole = _warped(a, b, 0)
    inside = _part(b, a)
    found = [_part(a, b), replace(inside, rows=inside.rows[:, ::-1]) if inside else None]
    part = min((one for one in found if one), key=lambda one: one.cost, default=whole)
    return part if part.is_clearly_less(whole, _GAIN) else whole


def _part(longer: Array, shorter: Array) -> Alignment | None:
    """One as a part of the other; None where only a posture is alike."""
    for share in _OPEN:
        fit = _warped(longer, shorter, int(share * len(longer)))
        lengths = np.ptp(fit.rows, axis=0) + 1
        if lengths[1] == len(shorter) and lengths.max() <= _MOST_PACE * lengths.min():
            return fit
    return None


def _warped(a: Array, b: Array, left_out: int) -> Alignment:
    """The cheapest path; so many rows of the first may be left out at each end.

    Of the second none: dtaidistance 2.5 ends its paths at the wrong row there.
    """
    from dtaidistance import dtw_ndim

    band = max(int(_BAND * max(len(a), len(b))), abs(len(a) - len(b)) + 2, left_out)
    path = dtw_ndim.warping_path(a, b, window=band, psi=(left_out, left_out, 0, 0), use_c=True)
    rows = np.array(path, np.int64)
    apart = a[rows[:, 0]] - b[rows[:, 1]]
    return Alignment(rows, False, float(np.sqrt((apart**2).mean(-1)).mean()))
