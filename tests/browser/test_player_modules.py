"""The player's modules by themselves, in the browser that runs them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.support.modules import ORIGIN, page_beside_modules
from tests.support.modules import run as run_module


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with page_beside_modules(browser) as opened:
        yield opened


def run(page: Page, module: str, code: str, value: object = None) -> Any:
    return run_module(page, f"player/{module}", code, value)


def track() -> dict[str, Any]:
    """Three frames of one person with two landmarks: seen, guessed."""

    def text(array: np.ndarray) -> str:
        return base64.b64encode(array.tobytes()).decode()

    return {
        "times": text(np.array([1.0, 1.04, 1.1])),
        "xy": text(np.arange(12, dtype=np.float32)),
        "state": text(np.array([2, 1] * 3, np.uint8)),
        "visibility": text(np.array([90, 20] * 3, np.uint8)),
        "people": 1,
        "landmarks": 2,
    }


@pytest.mark.parametrize(("time", "frame"), [(-5, 0), (1.0, 0), (1.019, 0), (1.021, 1), (1.08, 2), (9, 2)])
def test_the_nearest_frame(page: Page, time: float, frame: int) -> None:
    assert run(page, "pose_track", "return new m.PoseTrack(value[0]).nearest(value[1])", [track(), time]) == frame


def test_a_moment_lies_inside_its_frame(page: Page) -> None:
    code = "const t = new m.PoseTrack(value); return [-1, 0, 1, 2, 3].map((number) => t.within(number))"
    moments = run(page, "pose_track", code, track())
    assert moments == pytest.approx([1.012, 1.012, 1.058, 1.106, 1.106])


def test_points_are_read_as_they_were_written(page: Page) -> None:
    point = run(page, "pose_track", "return new m.PoseTrack(value).point(1, 0, 1)", track())
    assert point == {"x": 6, "y": 7, "state": 1, "visibility": 20}


def test_colours_go_from_unsure_to_sure(page: Page) -> None:
    code = "return [0, 33, 50, 100].map((sure) => m.confidenceColour(['low', 'middle', 'high'], sure))"
    assert run(page, "skeleton", code) == ["low", "low", "middle", "high"]


@pytest.mark.parametrize(("shown", "bones"), [(True, ["faint dashed"]), (False, [])])
def test_what_is_guessed_is_faint_and_dashed_or_left_out(page: Page, shown: bool, bones: list[str]) -> None:
    code = """
        const drawn = [];
        let dashed = false;
        const pen = new Proxy({ globalAlpha: 1 }, { get(target, name) {
            if (name === "setLineDash") return (pattern) => { dashed = pattern.length > 0; };
            if (name === "lineTo") {
                return () => drawn.push(`${target.globalAlpha < 1 ? "faint" : "full"} ${dashed ? "dashed" : "solid"}`);
            }
            return target[name] ?? (() => {});
        } });
        return import("ORIGIN/player/pose_track.js").then(({ PoseTrack }) => {
            const colours = { left: "blue", guessed: 0.4 };
            const look = { style: "sides", colours, bones: [[0, 1, "left"]], sides: ["left", "left"], line: 2 };
            new m.Skeleton(pen, new PoseTrack(value[0]), 0, { ...look, showGuessed: value[1] }).person(0);
            return drawn;
        });
    """
    assert run(page, "skeleton", code.replace("ORIGIN", ORIGIN), [track(), shown]) == bones


@pytest.mark.parametrize(
    ("before", "now", "said"), [(1.9, 2.0, True), (2.0, 2.1, False), (1.0, 1.9, False), (0.5, 2.5, False)]
)
def test_a_repetition_is_said_as_it_ends_and_not_after_a_jump(
    page: Page, before: float, now: float, said: bool
) -> None:
    code = "return m.hasEnded({ start: 1, end: 2 }, ...value)"
    assert run(page, "repetition_strip", code, [before, now]) is said


def test_the_repetition_that_plays(page: Page) -> None:
    code = "return [0.9, 1, 1.5, 2, 2.1].map((time) => m.isCurrent({ start: 1, end: 2 }, time))"
    assert run(page, "repetition_strip", code) == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("key", "where", "action"),
    [
        ({"key": "ArrowLeft"}, "body", "back"),
        ({"key": "ArrowRight"}, "button", "forward"),
        ({"key": " "}, "body", "toggle"),
        ({"key": " "}, "button", None),
        ({"key": "ArrowRight"}, "input", None),
        ({"key": "ArrowLeft", "altKey": True}, "body", None),
        ({"key": "x"}, "body", None),
    ],
)
def test_keys_that_are_not_meant_for_something_else(
    page: Page, key: dict[str, object], where: str, action: str | None
) -> None:
    code = """
        let found;
        document.addEventListener("keydown", (event) => { found = m.keyAction(event); }, { once: true });
        const event = new KeyboardEvent("keydown", { ...value[0], bubbles: true, composed: true });
        document.querySelector(value[1]).dispatchEvent(event);
        return found ?? null;
    """
    assert run(page, "keys", code, [key, where]) == action
