"""Two movements side by side as charts and as a page, of real people."""

from __future__ import annotations

import base64
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from posecore.compare import COMPARED, Comparison, compare
from posecore.media.clip_files import probe
from posecore.media.picture_files import decode_image
from posecore.visuals import Side, comparison_report, difference_strip, joint_curves, pictures_of
from tests.support.filmed_sequences import found_in

MADE = date(2026, 2, 3)


def side(media: Path, name: str, *, with_clip: bool = True) -> Side:
    path = media / "videos" / f"{name}.mp4"
    return Side(f"{name} <b>", probe(path) if with_clip else None, found_in(path))


@pytest.fixture(scope="module")
def sides(media: Path) -> list[Side]:
    return [side(media, "balance_cam01"), side(media, "balance_cam03", with_clip=False)]


@pytest.fixture(scope="module")
def found(sides: list[Side]) -> Comparison:
    first, second = sides
    return compare(first.sequence, second.sequence)


def test_the_strip_says_for_every_joint_and_moment_what_differs(found: Comparison) -> None:
    strip = difference_strip(found).data[0]
    values = np.array(strip.z, float)
    assert values.shape == (len(COMPARED), len(found.time))
    assert len(set(strip.y)) == len(COMPARED)
    gravest = found.differences[0]
    row, column = COMPARED.index(gravest.joint), int(np.abs(found.time - gravest.most_s).argmin())
    assert values[row, column] == pytest.approx(found.apart[column, COMPARED.index(gravest.joint)])


def test_both_curves_and_their_difference(found: Comparison) -> None:
    first, second, apart = joint_curves(found, "left_knee", ("a", "b")).data
    column = COMPARED.index("left_knee")
    seen = found.seen[:, column]
    assert np.array(first.y)[seen] == pytest.approx(found.first[seen, column])
    assert np.array(second.y)[seen] == pytest.approx(found.second[seen, column])
    assert apart.yaxis == "y2"


def test_a_moment_is_shown_in_both_also_without_a_clip(found: Comparison, sides: list[Side]) -> None:
    pictures = [decode_image(picture) for picture in pictures_of(found.differences[0], sides)]
    assert [max(picture.shape) for picture in pictures] == [480, 480]
    filmed, plain = (float(np.abs(np.diff(picture.astype(int), axis=0)).mean()) for picture in pictures)
    assert filmed > 2 * plain


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_complete_and_needs_nothing_else(found: Comparison, sides: list[Side], language: str) -> None:
    html = comparison_report(found, sides, made=MADE, language=language)
    assert f"<b>{found.score:.0f}</b>" in html
    assert "2026-02-03" in html
    pictures = re.findall(r"data:image/jpeg;base64,([\w+/=]+)", html)
    assert len(pictures) == 2 * len(found.moments())
    assert all(decode_image(base64.b64decode(data)).size for data in pictures)
    assert "balance_cam01 &lt;b&gt;" in html
    assert not re.search(r"https?:|<script|<link|@import|url\(", html)


def test_two_that_are_equal_are_called_so(sides: list[Side]) -> None:
    first = sides[0]
    html = comparison_report(compare(first.sequence, first.sequence), [first, first], made=MADE)
    assert "Equal, within what can be measured." in html
