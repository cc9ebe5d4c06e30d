"""The modules of the webcam in the browser by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.modules import page_beside_modules, run


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with page_beside_modules(browser) as opened:
        yield opened


FILLED = """
    const history = new m.LiveHistory();
    for (let i = 0; i < value.count; i++)
        history.add({ time: 100 * i, angles: [[{ degrees: i === 3 ? NaN : i, seen: i !== 4 }]] });
"""


def curve(page: Page, count: int, seconds: float, points: int) -> list[dict[str, Any]]:
    code = f"{FILLED} return history.curve(0, 0, value.seconds, value.points)"
    found: list[dict[str, Any]] = run(
        page, "webcam/live_history", code, {"count": count, "seconds": seconds, "points": points}
    )
    return found


def test_a_curve_ends_now_and_has_gaps(page: Page) -> None:
    points = curve(page, 6, 0.4, 100)
    assert [round(point["x"], 3) for point in points] == [-0.4, -0.3, -0.2, -0.1, 0]
    assert [point["y"] for point in points] == [1, 2, None, 4, 5]
    assert [point["seen"] for point in points] == [True, True, True, False, True]


def test_of_a_long_curve_the_same_points_are_shown_as_it_moves(page: Page) -> None:
    shown = [{point["y"] for point in curve(page, count, 20, 50)} for count in (400, 401)]
    assert 40 <= len(shown[0]) <= 50
    assert len(shown[0] ^ shown[1]) <= 2


def test_a_history_is_a_minute_long(page: Page) -> None:
    kept = run(page, "webcam/live_history", f"{FILLED} return history.rows.length", {"count": 2000})
    assert kept == 601


@pytest.mark.parametrize(("rate", "kept"), [(100, 60), (15, 30), (8, 16)])
def test_no_more_rows_are_sent_than_are_wanted(page: Page, rate: float, kept: int) -> None:
    code = """
        const packets = new m.Packets("", () => {}, () => {});
        packets.rate = value;
        for (let i = 0; i < 60; i++) packets.add({ time: 5000 + 33.4 * i });
        packets.close();
        return packets.rows.length;
    """
    assert run(page, "webcam/packets", code, rate) == pytest.approx(kept, abs=1)
