"""A photo that stays in the browser: what is found in it, and what leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, Request, expect

from posecore import DetectorSettings, ImageDetector, decode_image
from posecore.pose import torso_lengths
from tests.support.app_server import Server
from tests.support.paths import SAMPLES
from tests.support.visiting import open_page


def choose(page: Page, file: Path) -> None:
    page.locator(".device input[type=file]").set_input_files(file)


def opened(browser: Browser, server: Server) -> Page:
    page = open_page(browser, f"{server.url}/image")
    page.get_by_role("radio", name="Stays on my device").click()
    return page


def test_people_are_found_and_the_picture_does_not_leave(browser: Browser, server: Server) -> None:
    page = opened(browser, server)
    posted: list[Request] = []
    page.on("request", lambda request: posted.append(request) if request.method == "POST" else None)
    frames: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    picture = SAMPLES / "balance.jpg"
    choose(page, picture)
    expect(page.get_by_role("img", name="balance.jpg with the skeletons that were found")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert not posted
    assert sum(map(len, frames)) < 30_000 < picture.stat().st_size

    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    found = pd.read_csv(waiting.value.path())[["x_px", "y_px"]].to_numpy()
    pose = ImageDetector().detect(decode_image(picture.read_bytes()), DetectorSettings("full", people=1))
    apart = np.linalg.norm(found[:33] - pose.xy[0], axis=-1) / torso_lengths(pose)[0]
    assert np.median(apart) < 0.02
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the picture").click()
    drawn = decode_image(Path(waiting.value.path()).read_bytes())
    assert drawn.shape == decode_image(picture.read_bytes()).shape
    page.context.close()


def test_what_is_no_picture_is_said_and_the_next_one_is_taken(browser: Browser, server: Server, tmp_path: Path) -> None:
    page = opened(browser, server)
    nothing = tmp_path / "nothing.png"
    nothing.write_bytes(b"no picture")
    choose(page, nothing)
    expect(page.get_by_text("This browser cannot open the picture")).to_be_visible()
    choose(page, SAMPLES / "two_people.jpg")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.get_by_text("This browser cannot open the picture")).to_have_count(0)
    page.context.close()
