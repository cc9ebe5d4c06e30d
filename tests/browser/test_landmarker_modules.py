"""What finds people in the visitor's browser, step by step, against the same steps of posecore."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from posecore import DetectorSettings, ImageDetector, decode_image, encode_image, probe, read_frames
from posecore.detection.litert.regions import Region, apart
from posecore.detection.litert.smoothing import LowPass, OneEuro
from posecore.detection.plausible_bodies import could_be_bodies
from posecore.media.picture import Picture
from tests.support.modules import page_beside_modules
from tests.support.modules import run as run_module
from tests.support.paths import SAMPLES

REGIONS = [
    pytest.param(Region(256.0, 200.0, 300.0, 0.0), id="upright"),
    pytest.param(Region(230.3, 260.7, 411.1, 0.4), id="turned"),
    pytest.param(Region(40.0, 480.0, 500.0, -1.1), id="over the edge"),
]
CUT = """return (async () => {
const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${value.picture}`)).blob());
const pen = new OffscreenCanvas(64, 64).getContext("2d");
new m.Region(...value.region).cut(picture, pen, 64, value.edges);
return [...pen.getImageData(0, 0, 64, 64).data];
})();"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with page_beside_modules(browser) as opened:
        yield opened


def run(page: Page, module: str, code: str, value: object) -> Any:
    return run_module(page, f"landmarker/{module}", code, value)


@pytest.mark.parametrize("border", [cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT], ids=["edges go on", "black outside"])
@pytest.mark.parametrize("region", REGIONS)
def test_a_region_is_cut_out_as_by_the_server(page: Page, region: Region, border: int) -> None:
    frame = decode_image(SAMPLES / "astronaut.png")
    value = {
        "picture": base64.b64encode(encode_image(frame)).decode(),
        "region": list(region),
        "edges": border == cv2.BORDER_REPLICATE,
    }
    shown = np.array(run(page, "region", CUT, value), int).reshape(64, 64, 4)[..., :3]
    off = np.abs(shown - region.cut(Picture(frame), 64, border))
    assert np.median(off) <= 1
    assert (off <= 12).mean() > 0.97  # lines a pixel wide are blended otherwise


def test_regions_go_in_the_servers_steps_and_cover_what_they_cover(page: Page) -> None:
    one, other = Region(100.3, 80.7, 61.1, 0.333), Region(110.0, 90.0, 50.0, -0.2)
    code = """const [one, other] = value.map((numbers) => new m.Region(...numbers));
    const { x, y, side, angle } = one.rounded();
    return { rounded: [x, y, side, angle], overlap: one.overlap(other), whole: one.whole(0.2, 0.9),
             kept: m.apart([one, other], 0.5).length };"""
    found = run(page, "region", code, [list(one), list(other)])
    assert found["rounded"] == pytest.approx(list(one.rounded()))
    assert found["overlap"] == pytest.approx(one.overlap(other))
    assert found["whole"] == pytest.approx(one.whole(np.array([0.2, 0.9, 0]))[:2].tolist(), abs=1e-4)
    assert found["kept"] == len(apart([one, other], 0.5))


def test_landmarks_are_smoothed_as_by_the_server(page: Page) -> None:
    bodies = np.random.default_rng(1).uniform(0, 400, (6, 33, 8)).astype(np.float32)
    code = """const smoother = new m.Smoother();
    return value.map((numbers, i) => {
        const body = Float32Array.from(numbers);
        smoother.smooth(body, 300, 0.04 * (i + 1));
        return [...body];
    });"""
    found = np.array(run(page, "smoothing", code, bodies.reshape(6, -1).tolist())).reshape(6, 33, 8)
    points, world, seen = OneEuro(0.05, 80), OneEuro(0.1, 40), LowPass(0.1)
    for number, (body, smoothed) in enumerate(zip(bodies, found, strict=True)):
        time = 0.04 * (number + 1)
        assert smoothed[:, :3] == pytest.approx(points.smooth(body[:, :3], time, 1 / 300), abs=1e-2)
        assert smoothed[:, 3] == pytest.approx(seen.smooth(body[:, 3]), abs=1e-2)
        assert smoothed[:, 4] == pytest.approx(body[:, 4])
        assert smoothed[:, 5:] == pytest.approx(world.smooth(body[:, 5:], time), abs=1e-2)


def test_what_can_be_a_body_is_told_as_by_the_server(page: Page) -> None:
    """Somebody as they are, smaller and smaller, drawn out and pressed together."""
    _, frame = next(read_frames(probe(SAMPLES / "squats.mp4")))
    with ImageDetector(DetectorSettings("lite")) as detector:
        body = detector.detect(frame).person(0)
    sizes = itertools.product((1, 0.3, 0.1, 0.03), ((1, 1), (1, 0.2), (5, 1), (0.1, 1)))
    figures = [body.xy * np.float32(size) * np.array(drawn, np.float32) for size, drawn in sizes]
    expected = [bool(could_be_bodies(replace(body, xy=figure))[0]) for figure in figures]
    rows = np.zeros((len(figures), 33, 8), np.float32)
    rows[..., :2] = np.concatenate(figures)
    value = {"bodies": rows.reshape(len(rows), -1).tolist(), "size": body.size}
    code = """const [width, height] = value.size;
    return value.bodies.map((body) => m.couldBeBody(Float32Array.from(body), { width, height }));"""
    assert run(page, "plausible_body", code, value) == expected
    assert 4 < sum(expected) < len(expected)


def test_whoever_is_nearest_keeps_their_place(page: Page) -> None:
    code = """const places = new m.Places(2);
    const body = (x) => new Float32Array(33 * 8).map((_, i) => x + (i === 8 * 23 + 1 ? 100 : 0));
    return [[body(0), body(500)], [body(505), body(4)], [body(495)]]
        .map((bodies) => places.filled(bodies))
        .map((points) => [points[0], points[33 * 8]].map((x) => isNaN(x) ? null : x));"""
    assert run(page, "places", code, None) == [[0, 500], [4, 505], [None, 495]]
