"""The figure that a file is made of."""

from __future__ import annotations

from posecore.errors import WriteError
from posecore.figure.figure import Figure, figure_of
from posecore.pose import PoseSequence


def some_figure(sequence: PoseSequence, person: int, height_m: float | None) -> Figure:
    """The figure of somebody who was found.

    Raises:
        WriteError: the person was found in no frame.
    """
    figure = figure_of(sequence, person, height_m)
    if figure is None:
        raise WriteError("nobody_to_write")
    return figure
