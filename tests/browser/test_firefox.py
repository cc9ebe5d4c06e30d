"""Firefox, with its own WebAssembly, workers and canvas."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from posecore import encode_image
from posecore.media.picture_files import Frame
from tests.support.app_server import Server
from tests.support.firefox import firefox, is_here

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not is_here(), reason="needs firefox-esr and Xvfb")]

# Firefox has no camera that shows a film, so a canvas is one: 30 pictures a second of a film of five.
CAMERA = """() => {
    const film = %s.map((picture) => Object.assign(new Image(), { src: `data:image/jpeg;base64,${picture}` }));
    if (!navigator.mediaDevices) return;
    navigator.mediaDevices.getUserMedia = async () => {
        await Promise.all(film.map((image) => image.decode()));
        const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
        const pen = canvas.getContext("2d");
        let shown = 0;
        setInterval(() => pen.drawImage(film[Math.floor(shown++ / 6) %% film.length], 0, 0), 33);
        return canvas.captureStream(30);
    };
}"""


def test_squats_are_seen_measured_and_counted_in_firefox(server: Server, film: list[Frame], tmp_path: Path) -> None:
    pictures = [base64.b64encode(encode_image(frame, "jpg")).decode() for frame in film]
    with firefox(tmp_path) as page:
        page.before_pages(CAMERA % json.dumps(pictures))
        page.open(f"{server.url}/webcam")
        page.click("[role=radio]", "In this browser")
        page.click("[role=combobox][aria-label*=Exercise], [data-testid=stSelectbox] input[aria-label*=Exercise]")
        page.click("[role=option]", "Squat")
        page.click(".webcam [data-part=toggle]")
        page.wait_for(".panel", r"\d+°")
        page.wait_for(".panel", "Your whole body is in the picture")
        page.wait_for(".webcam .counts", "[1-9]")
