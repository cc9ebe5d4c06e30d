"""The figure on the video page: it stands as the numbers say, follows the player, and wears another body."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib
import pytest
from playwright.sync_api import Browser, Page, expect

from pages.shared.service.engine_routes import engine_address
from posecore import (
    DetectorSettings,
    PoseSequence,
    StreamTracker,
    export,
    figure_of,
    probe,
    read_frames,
    read_poselab,
)
from posecore.figure.joints import JOINTS, humanoid
from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.kinematics.joint_angles import ANGLES, joint_angles
from tests.browser.conftest import OpenPage
from tests.browser.test_player import analysed, player
from tests.support.app_server import Server
from tests.support.webcams import InBrowser, open_webcam

# Interior angles at knees and elbows of the figure as it is drawn, in degrees.
DRAWN = """(root) => {
    const { chosen, three } = root.view;
    const place = (name) => chosen.joints[name].getWorldPosition(new three.Vector3());
    const at = (a, b, c) => place(a).sub(place(b)).angleTo(place(c).sub(place(b))) * 180 / Math.PI;
    return ["left", "right"].flatMap((side) => [
        at(`${side}UpperLeg`, `${side}LowerLeg`, `${side}Foot`),
        at(`${side}UpperArm`, `${side}LowerArm`, `${side}Hand`),
    ]);
}"""


@pytest.fixture(scope="module")
def shown(open_shared_page: OpenPage) -> Page:
    page = analysed(open_shared_page("video"))
    page.get_by_role("tab", name="Figure").click()
    figure = page.locator(".figure")
    page.wait_for_function("root => root.view?.bodies.length && root.dataset.ms", arg=figure.element_handle())
    return page


@pytest.fixture
def squats(shown: Page) -> Iterator[Page]:
    yield shown
    shown.locator(".figure").evaluate("root => { root.view.wear(); root.view.look(0); }")


def figure(page: Page, code: str) -> Any:
    """The value of `code` about the view `v`."""
    return page.locator(".figure").evaluate(f"(root) => {{ const v = root.view; return {code}; }}")


def at(page: Page, time: float) -> None:
    player(page, f"p.seek({time})")
    page.wait_for_function("([root, time]) => Math.abs(root.dataset.time - time) < 0.11", arg=[handle(page), time])
    page.wait_for_timeout(200)


def handle(page: Page) -> Any:
    return page.locator(".figure").element_handle()


def test_it_stands_as_the_numbers_say(squats: Page) -> None:
    measured = taken_home(squats)
    angles = joint_angles(clean(measured, CleaningSettings(drop=False)).sequence.world[:, 0])
    names = list(ANGLES)
    for time in (0.0, 2.0, 5.0):
        at(squats, time)
        row = int(np.abs(measured.time - time).argmin())
        numbers = [
            angles[row, names.index(f"{side}_{joint}")] for side in ("left", "right") for joint in ("knee", "elbow")
        ]
        assert squats.locator(".figure").evaluate(DRAWN) == pytest.approx(numbers, abs=5)


def taken_home(page: Page) -> PoseSequence:
    """What the page shows, as its own file."""
    if not page.locator(".offers details").evaluate("menu => menu.open"):
        page.get_by_text("More downloads").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PoseLab file").click()
    path = Path(waiting.value.path())
    return read_poselab(path)


def test_it_says_how_well_it_holds_together(squats: Page) -> None:
    expect(squats.get_by_text("Standing feet slide by at most 0 cm a second")).to_be_visible()


def test_it_plays_and_seeks_with_the_clip(squats: Page) -> None:
    at(squats, 1.0)
    player(squats, "p.video.play()")
    squats.wait_for_function("root => root.dataset.time > 1.6", arg=handle(squats))
    player(squats, "p.video.pause()")
    squats.wait_for_timeout(300)
    assert float(squats.locator(".figure").get_attribute("data-time") or 0) == pytest.approx(
        player(squats, "p.now"), abs=0.05
    )


def test_it_is_turned_and_followed(squats: Page) -> None:
    squats.locator("[data-view=side]").click()
    x, z = figure(squats, "[v.camera.position.x - v.orbit.target.x, v.camera.position.z - v.orbit.target.z]")
    assert x > 3
    assert abs(z) < 0.2
    at(squats, 4.0)
    hips, target = figure(squats, "[v.chosen.place.x, v.orbit.target.x]")
    assert target == pytest.approx(hips, abs=0.02)


def test_guessed_limbs_are_faint(squats: Page) -> None:
    for time in (0.0, 2.0):
        at(squats, time)
        shown = figure(squats, f"[...v.chosen.opacity.value].slice(0, {len(JOINTS)})")
        assert set(np.round(shown, 2)) <= {0.35, 1.0}
    assert 1.0 in np.round(shown, 2)


def test_another_body_is_worn_and_moves(squats: Page, media: Path, tmp_path: Path) -> None:
    path = tmp_path / "someone.vrm"
    humanoid_file(media, path)
    squats.locator(".figure input[type=file]").set_input_files(path)
    expect(squats.locator(".figure")).to_have_attribute("data-worn", "true")
    angles = []
    for time in (0.0, 2.0):
        at(squats, time)
        own = squats.locator(".figure").evaluate(DRAWN)[0]
        worn = figure(
            squats,
            """(() => {
                const place = (name) => v.chosen.worn.bones[name].getWorldPosition(new v.three.Vector3());
                const knee = place("leftLowerLeg");
                return place("leftUpperLeg").sub(knee).angleTo(place("leftFoot").sub(knee)) * 180 / Math.PI;
            })()""",
        )
        assert worn == pytest.approx(own, abs=1)
        angles.append(worn)
    assert angles[1] < angles[0] - 40
    squats.get_by_role("button", name="Mannequin again").click()
    expect(squats.locator(".figure")).to_have_attribute("data-worn", "false")


def test_a_file_that_is_no_body_is_said(squats: Page, tmp_path: Path) -> None:
    path = tmp_path / "no.glb"
    path.write_bytes(b"glTF" + bytes(100))
    squats.locator(".figure input[type=file]").set_input_files(path)
    expect(squats.get_by_text("This file holds no humanoid that can be moved")).to_be_visible()


def humanoid_file(media: Path, path: Path) -> None:
    """Our own figure under other names and with the notes of VRM 1.0, which says which bone is which."""
    export(tracked(media), "glb", path)
    file = pygltflib.GLTF2().load_binary(str(path))
    assert file is not None
    bones = {humanoid(name): {"node": number} for number, name in enumerate(JOINTS)}
    for number in range(len(JOINTS)):
        file.nodes[number].name = f"bone{number}"
    file.images = [pygltflib.Image(uri="https://elsewhere.invalid/who-opened-this.png")]  # which nobody may ask for
    file.textures = [pygltflib.Texture(source=0)]
    for material in file.materials:
        material.pbrMetallicRoughness.baseColorTexture = pygltflib.TextureInfo(index=0)
    file.animations = []
    file.scenes[0].extras = {}
    file.extensions = {"VRMC_vrm": {"specVersion": "1.0", "humanoid": {"humanBones": bones}}}
    file.save_binary(str(path))


def tracked(media: Path) -> PoseSequence:
    clip = probe(media / "videos" / "pose_squats.mp4")
    with StreamTracker(DetectorSettings("lite", people=1)) as tracker:
        poses = [tracker.track(frame, number / 5) for number, frame in read_frames(clip)][:20]
    return PoseSequence.from_poses(poses, np.arange(20) / 5, clip.size)


READ = """async ({ three, glb, bvh, time }) => {
    const { AnimationMixer, BVHLoader, GLTFLoader, Group, Vector3 } = await import(three);
    const bytes = Uint8Array.from(atob(glb), (letter) => letter.charCodeAt(0)).buffer;
    const ours = await new GLTFLoader().parseAsync(bytes, "");
    const theirs = new BVHLoader().parse(bvh);
    const played = (root, clip) => {
        const mixer = new AnimationMixer(root);
        mixer.clipAction(clip).play();
        mixer.setTime(time);
        root.updateMatrixWorld(true);
        const places = {};
        root.traverse((node) => (places[node.name] = node.getWorldPosition(new Vector3()).toArray()));
        return places;
    };
    const skeleton = new Group().add(theirs.skeleton.bones[0]);
    return { glb: played(ours.scene, ours.animations[0]), bvh: played(skeleton, theirs.clip) };
}"""


@pytest.mark.parametrize("frame", [0, 7, 15])
def test_three_reads_what_is_exported(
    browser: Browser, server: Server, media: Path, tmp_path: Path, frame: int
) -> None:
    sequence = tracked(media)
    for kind in ("glb", "bvh"):
        export(sequence, kind, tmp_path / kind)
    page = browser.new_page()
    page.goto(f"{server.url}/health/alive")
    found = page.evaluate(
        READ,
        {
            "three": engine_address("three_bundle.mjs"),
            "glb": base64.b64encode((tmp_path / "glb").read_bytes()).decode(),
            "bvh": (tmp_path / "bvh").read_text("utf-8"),
            "time": frame / 5 + 1e-4,
        },
    )
    page.close()
    moved = figure_of(sequence)
    assert moved is not None
    truth = moved.joints()[frame]
    for kind, places in found.items():
        for number, name in enumerate(JOINTS):
            assert places[humanoid(name)] == pytest.approx(truth[number], abs=0.005), f"{kind} {name}"


def test_a_kept_movement_opens_again_and_plays_alone(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    kept = tmp_path / "深蹲 'a'.poselab"
    export(tracked(media), "poselab", kept)
    page = open_page("video")
    page.locator("input[type=file]").first.set_input_files(kept)
    page.get_by_role("tab", name="Figure").click()
    page.wait_for_function("root => root.view?.bodies.length && root.dataset.ms", arg=handle(page))
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("root => root.dataset.time > 1", arg=handle(page))
    page.get_by_role("button", name="Pause", exact=True).click()
    found = taken_home(page)
    assert np.array_equal(found.xy, tracked(media).xy, equal_nan=True)


def test_a_damaged_movement_is_said(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    kept = tmp_path / "a.poselab"
    export(tracked(media), "poselab", kept)
    kept.write_bytes(kept.read_bytes()[:3000])
    page = open_page("video")
    page.locator("input[type=file]").first.set_input_files(kept)
    expect(page.get_by_text("This is no PoseLab file")).to_be_visible()


@pytest.mark.slow
def test_somebody_before_the_camera_moves_it_live(squatting: Browser, server: Server) -> None:
    page = open_webcam(squatting, server, "browser")
    InBrowser(page).start()
    page.get_by_text("Figure in three dimensions").click()
    page.wait_for_function("root => root.view?.bodies.length && root.dataset.ms", arg=handle(page))
    knees = []
    for _ in range(30):
        low = figure(page, "Math.min(v.chosen.height('leftFoot'), v.chosen.height('rightFoot'))")
        assert 0.02 < low < 0.12  # metres: it stands on the ground
        knees.append(page.locator(".figure").evaluate(DRAWN)[0])
        page.wait_for_timeout(200)
    assert min(knees) < 115
    assert max(knees) > 155
    place = "v.chosen.joints[`${side}UpperLeg`].getWorldPosition(new v.three.Vector3()).x"
    left, right = figure(page, f'["left", "right"].map((side) => {place})')
    assert left < right  # as in a mirror
    page.context.close()


def test_people_stand_beside_each_other(open_page: OpenPage, media: Path, tmp_path: Path) -> None:
    alone = tracked(media)
    width = alone.size[0]
    two = alone.mapped(lambda values: np.concatenate([values, values], 1))
    moved = two.xy.copy()
    moved[:, 1, :, 0] += width
    export(replace(two, xy=moved, size=(2 * width, alone.size[1])), "poselab", tmp_path / "two.poselab")
    page = open_page("video")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "two.poselab")
    page.get_by_role("tab", name="Figure").click()
    page.wait_for_function("root => root.view?.bodies.length === 2 && root.dataset.ms", arg=handle(page))
    first, second = figure(page, "v.bodies.map((body) => body.place.x)")
    assert second - first > 0.5  # metres
