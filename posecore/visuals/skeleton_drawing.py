"""Poses drawn onto frames. What was guessed is always faint and dashed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import cv2
import numpy as np

from posecore import palette
from posecore.media.atomic_files import written_whole
from posecore.media.picture import Box
from posecore.media.picture_files import Frame, decoded_image, encode_image, turn_for
from posecore.palette import RGB, rgb
from posecore.pose import BoolArray, FloatArray, Pose
from posecore.skeleton import BONES, bone_side, landmark_side

Style = Literal["sides", "classic", "confidence", "skeleton"]
STYLES: tuple[Style, ...] = get_args(Style)

_SUBPIXEL = 4  # binary digits after the point in the coordinates handed to OpenCV
_FAR = 1e6  # pixels; farther points are not in any picture
_EDGE = 1.45  # radius of a dot with its edge
_FACE = 11  # the first landmarks are the face's: small dots, thin lines


def draw_pose(frame: Frame, pose: Pose, style: Style = "sides", selected: int | None = None) -> Frame:
    """A copy of the frame with everybody's skeleton on it.

    Line width and dots follow the size of the picture and of the person.

    Args:
        frame: (H, W, 3) uint8 RGB of the size the pose was found in, or scaled; the pose is scaled with it.
        style: "sides" left blue, right orange; "classic" red joints on white bones; "confidence" by visibility;
            "skeleton" like "sides" on a plain ground, without the picture.
        selected: the person whose number stands out. Numbers are drawn when there is more than one person.
    """
    canvas = frame.copy()
    draw_onto(canvas, pose, style, selected)
    return canvas


def draw_onto(canvas: Frame, pose: Pose, style: Style = "sides", selected: int | None = None) -> None:
    """`draw_pose` onto the frame itself."""
    height, width = canvas.shape[:2]
    pose = pose.resized((width, height))
    if style == "skeleton":
        canvas[:] = rgb(palette.PAPER)
    for number in range(pose.people):
        _draw_person(canvas, pose, number, style)
    if pose.people > 1:
        for number in range(pose.people):
            _draw_number(canvas, pose, number, highlight=number == selected)


def draw_ghost(canvas: Frame, xy: FloatArray) -> None:
    """Somebody else's skeleton onto the frame itself, thin and in one colour.

    Args:
        xy: (33, 2) pixels.
    """
    width = max(1.5, float(np.sqrt(canvas.shape[0] * canvas.shape[1])) * 0.004)
    strokes, points = _Strokes(), xy.clip(-_FAR, _FAR)
    for a, b in BONES:
        if np.isfinite(xy[[a, b]]).all():
            strokes.line(points[a], points[b], rgb(palette.BESIDE[1]), _thin(width, a, b))
    strokes.draw(canvas)


def changed(pose: Pose, style: Style = "sides") -> Box | None:
    """The part of a picture of the pose's size that `draw_onto` changes; None where it draws nothing."""
    if style == "skeleton" or pose.people > 1:
        return Box(0, 0, *pose.size)
    if not np.isfinite(pose.xy).all(-1).any():
        return None
    return _around(pose.xy[0], line_width(pose, 0)).within(pose.size)


def line_width(pose: Pose, number: int) -> float:
    """Pixels: 0.5 % of the picture's mean side, less for small people, so that lines do not hide them."""
    picture = float(np.sqrt(pose.size[0] * pose.size[1])) * 0.005
    left, top, right, bottom = pose.boxes[number]
    person = float(np.hypot(right - left, bottom - top)) * 0.016
    return max(1.5, min(picture, person) if person > 0 else picture)


@dataclass(frozen=True)
class _Figure:
    """One person as it is drawn: points in pixels, which of them are there, which were seen, and how to draw them."""

    points: FloatArray
    there: BoolArray
    seen: BoolArray
    visibility: FloatArray
    style: Style
    width: float


def to_png(frame: Frame, pose: Pose, style: Style = "sides", selected: int | None = None) -> bytes:
    """The frame with everybody's skeleton on it (see `draw_pose`) as the bytes of a PNG file."""
    with turn_for(frame.shape[0] * frame.shape[1]):
        return encode_image(draw_pose(frame, pose, style, selected), reuse=True)


def annotated_png(
    path: Path, pose: Pose, style: Style = "sides", selected: int | None = None, target: Path | None = None
) -> bytes:
    """`to_png` of a picture file; for worker processes.

    Args:
        target: where to write it; then nothing is returned.

    Raises:
        MediaError, LimitError: as `decode_image`.
        WriteError: the target cannot be written.
    """
    with decoded_image(path) as frame:
        data = to_png(frame, pose, style, selected)
    if target is None:
        return data
    with written_whole(target) as draft:
        draft.write_bytes(data)
    return b""


def _draw_person(canvas: Frame, pose: Pose, number: int, style: Style) -> None:
    points = pose.xy[number]
    there = np.isfinite(points).all(-1)
    width = line_width(pose, number)
    figure = _Figure(points, there, pose.seen[number], pose.visibility[number], style, width)
    if (there & ~figure.seen).any():
        _draw_guessed(canvas, figure)
    _draw_seen(canvas, figure)


def _draw_seen(canvas: Frame, figure: _Figure) -> None:
    strokes = _Strokes()
    bones = [(a, b) for a, b in BONES if figure.seen[a] and figure.seen[b]]
    if figure.style == "sides":  # a light edge keeps lines apart from any ground
        for a, b in bones:
            width = _thin(figure.width, a, b)
            strokes.line(figure.points[a], figure.points[b], rgb(palette.WHITE), width + max(1.0, figure.width * 0.5))
    for a, b in bones:
        strokes.line(figure.points[a], figure.points[b], _bone_colour(figure, a, b), _thin(figure.width, a, b))
    strokes.draw(canvas)
    _draw_joints(canvas, figure, figure.seen)


def _draw_guessed(canvas: Frame, figure: _Figure) -> None:
    """Bones with a guessed end and guessed joints, dashed, on a copy that is then laid faintly over the canvas."""
    height, width = canvas.shape[:2]
    left, top, right, bottom = _around(figure.points, figure.width).within((width, height))
    part = canvas[top:bottom, left:right]
    ghost, strokes = part.copy(), _Strokes()
    figure = replace(figure, points=figure.points - np.array([left, top], np.float32))
    for a, b in BONES:
        if figure.there[a] and figure.there[b] and not (figure.seen[a] and figure.seen[b]):
            colour, width = _bone_colour(figure, a, b), _thin(figure.width, a, b)
            _dashed_line(strokes, figure.points[a], figure.points[b], colour, width)
    strokes.draw(ghost)
    _draw_joints(ghost, figure, figure.there & ~figure.seen)
    opacity = palette.GUESSED_OPACITY
    part[:] = cv2.addWeighted(ghost, opacity, part, 1 - opacity, 0)


def _draw_joints(canvas: Frame, figure: _Figure, chosen: BoolArray) -> None:
    """Discs with a white edge, or as large as that edge would be."""
    edges, discs = _Strokes(), _Strokes()
    has_edge = figure.style != "classic"
    for i in np.flatnonzero(chosen).tolist():
        radius = figure.width * (0.55 if i < _FACE else 1.0)
        if has_edge:
            edges.dot(figure.points[i], rgb(palette.WHITE), radius * _EDGE)
        discs.dot(figure.points[i], _joint_colour(figure, i), radius if has_edge else radius * _EDGE)
    edges.draw(canvas)
    discs.draw(canvas)


def _around(points: FloatArray, width: float) -> Box:
    """What holds all of a person that is drawn with lines of this width."""
    margin = 3 * width + 2
    there = points[np.isfinite(points).all(-1)].clip(-_FAR, _FAR)
    left, top = (there.min(0) - margin).astype(int).tolist()
    right, bottom = (there.max(0) + margin + 1).astype(int).tolist()
    return Box(left, top, right, bottom)


def _thin(width: float, a: int, b: int) -> float:
    return width * 0.5 if a < _FACE and b < _FACE else width


def _bone_colour(figure: _Figure, a: int, b: int) -> RGB:
    if figure.style == "classic":
        return rgb(palette.CLASSIC_BONE)
    if figure.style == "confidence":
        return palette.confidence_rgb(float(min(figure.visibility[a], figure.visibility[b])))
    return rgb(palette.SIDES[bone_side((a, b))])


def _joint_colour(figure: _Figure, i: int) -> RGB:
    if figure.style == "classic":
        return rgb(palette.CLASSIC_JOINT)
    if figure.style == "confidence":
        return palette.confidence_rgb(float(figure.visibility[i]))
    return rgb(palette.SIDES[landmark_side(i)])


class _Strokes:
    """Lines and dots that are drawn together: those of one colour and width in one call, in the order of the first.

    A call for each would cost 2 ms a frame, most of it for going to OpenCV and back.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[RGB, int], list[tuple[FloatArray, FloatArray]]] = {}

    def line(self, a: FloatArray, b: FloatArray, colour: RGB, width: float) -> None:
        self._lines.setdefault((colour, max(1, round(width))), []).append((a, b))

    def dot(self, centre: FloatArray, colour: RGB, radius: float) -> None:
        """A line without length has round ends."""
        self.line(centre, centre, colour, 2 * radius)

    def draw(self, canvas: Frame) -> None:
        for (colour, width), lines in self._lines.items():
            points = (np.array(lines) * (1 << _SUBPIXEL)).round().clip(-(2**30), 2**30).astype(np.int32)
            cv2.polylines(canvas, list(points), False, colour, width, cv2.LINE_AA, _SUBPIXEL)


def _dashed_line(strokes: _Strokes, a: FloatArray, b: FloatArray, colour: RGB, width: float) -> None:
    length = float(np.linalg.norm(b - a))
    dashes = min(max(1, round(length / max(width * 6, 10))), 60)
    for start in np.arange(dashes) / dashes:
        strokes.line(a + (b - a) * start, a + (b - a) * (start + 0.4 / dashes), colour, width)


def _draw_number(canvas: Frame, pose: Pose, number: int, *, highlight: bool) -> None:
    """The person's number in a disc above the head, inside the picture."""
    height, width = canvas.shape[:2]
    left, top, right, bottom = pose.boxes[number]
    picture, person = float(np.sqrt(width * height)) * 0.019, float(np.hypot(right - left, bottom - top)) * 0.065
    radius = max(7.0, min(max(11.0, picture), person)) if person > 0 else max(11.0, picture)
    nose, shoulders = pose.xy[number, 0], pose.xy[number, 11:13].mean(0)
    x = float(nose[0]) if left <= nose[0] <= right else float(left + right) / 2
    if not np.isfinite(x):
        return
    crown = min(float(top), float(nose[1] - 0.75 * abs(shoulders[1] - nose[1])))
    centre = np.array([x, crown - 1.3 * radius]).clip(radius * 1.5, (width - radius * 1.5, height - radius * 1.5))
    fill = rgb(palette.ACCENT) if highlight else rgb(palette.INK)
    disc = _Strokes()
    disc.dot(centre.astype(np.float32), rgb(palette.WHITE), radius * _EDGE)
    disc.dot(centre.astype(np.float32), fill, radius)
    disc.draw(canvas)
    text, scale = str(number + 1), radius / 16
    thickness = max(1, round(scale * 2))
    (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thickness)
    corner = round(float(centre[0]) - w / 2), round(float(centre[1]) + h / 2)
    cv2.putText(canvas, text, corner, cv2.FONT_HERSHEY_SIMPLEX, scale, rgb(palette.WHITE), thickness, cv2.LINE_AA)
