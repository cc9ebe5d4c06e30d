"""The browser's own kernels against LiteRT: networks say the same of a real picture, in each build."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import cv2
import flatbuffers
import numpy as np
import pytest
from mediapipe.tasks.metadata import schema_py_generated as schema
from playwright.sync_api import Browser, Page

from posecore import decode_image, encode_image
from posecore.detection.litert.network import Network
from posecore.detection.models import FOLDER
from tests.support.modules import ORIGIN, page_beside_modules, run
from tests.support.paths import SAMPLES

BUILDS = ["kernels_relaxed.wasm", "kernels.wasm"]
OUTPUTS = """return (async () => {
const bytes = async (address) => new Uint8Array(await (await fetch(address)).arrayBuffer());
const { compiled } = await import("/engine/kernels.js");
const { modelsIn } = await import("/landmarker/bundle.js");
const module = await compiled(value.builds, (name) => bytes(`/engine/${name}`));
const model = modelsIn(await bytes(`/models/${value.bundle}`))[value.network];
const network = await m.Network.open(module, model, value.lowest);
const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${value.picture}`)).blob());
const whole = { cut: (picture, pen) => pen.drawImage(picture, 0, 0) };
network.run(picture, whole); // and again, in memory that is in use
return network.run(picture, whole).map((numbers) => {
    const letters = Array.from(new Uint8Array(numbers.buffer), (byte) => String.fromCharCode(byte));
    return btoa(letters.join(""));
});
})();"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with page_beside_modules(browser) as opened:
        opened.route(f"{ORIGIN}/models/*", lambda route: route.fulfill(path=FOLDER / route.request.url.split("/")[-1]))
        yield opened


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize(
    ("bundle", "network", "lowest"),
    [
        ("lite", "pose_landmarks_detector", 0.0),
        pytest.param("full", "pose_landmarks_detector", 0.0, marks=pytest.mark.slow),
        pytest.param("heavy", "pose_landmarks_detector", 0.0, marks=pytest.mark.slow),
        ("full", "pose_detector", -1.0),
    ],
)
def test_a_network_says_what_it_says_in_litert(
    page: Page, bundle: str, network: str, lowest: float, build: str
) -> None:
    there = Network(FOLDER / f"{bundle}.task", f"{network}.tflite", lowest, threads=1)
    picture = cv2.resize(decode_image(SAMPLES / "astronaut.png"), (there.side, there.side)).astype(np.uint8)
    value = {
        "builds": [build],
        "bundle": f"{bundle}.task",
        "network": f"{network}.tflite",
        "lowest": lowest,
        "picture": base64.b64encode(encode_image(picture)).decode(),
    }
    here = [
        np.frombuffer(base64.b64decode(each), np.float32) for each in run(page, "landmarker/network", OUTPUTS, value)
    ]
    expected = [output.ravel() for output in there.run(picture)]
    assert [len(output) for output in here] == [len(output) for output in expected]
    for output, other in zip(here, expected, strict=True):
        assert np.abs(output - other).max() < 1e-4 * max(1, np.abs(other).max())


def test_the_first_build_that_runs_is_taken(page: Page) -> None:
    code = """return m.compiled(value, async (name) => {
        const content = new Uint8Array(await (await fetch(`/engine/${name}`)).arrayBuffer());
        return name.includes("relaxed") ? content.slice(0, 100) : content;
    }).then((module) => WebAssembly.Module.exports(module).map(({ name }) => name));"""
    assert run(page, "engine/kernels", code, BUILDS) == ["free_from", "run"]
    with pytest.raises(Exception, match="no SIMD"):
        run(page, "engine/kernels", code, BUILDS[:1])


def test_a_layer_that_is_not_known_is_named(page: Page) -> None:
    code = schema.OperatorCodeT()
    code.builtinCode = 99
    graph = schema.SubGraphT()
    graph.operators = [schema.OperatorT()]
    model = schema.ModelT()
    model.operatorCodes, model.subgraphs = [code], [graph]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    read = "try { m.readModel(Uint8Array.from(value)); } catch (error) { return error.message; }"
    assert "99" in run(page, "engine/model_file", read, list(builder.Output()))
