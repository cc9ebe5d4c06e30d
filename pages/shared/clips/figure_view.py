"""People as figures that move, in three dimensions, drawn by the browser: see assets/figure/."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.shared.page import ASSETS, Page, base_path
from pages.shared.script_modules import joined_modules
from pages.shared.service.brought_files import Offered
from pages.shared.service.engine_routes import engine_address
from pages.shared.service.file_routes import PATH
from pages.shared.visit import visit
from posecore.figure.figure import average_figure
from posecore.figure.mannequin import COARSE
from posecore.formats.exports import export
from posecore.formats.file_formats import FORMATS
from posecore.formats.gltf_files import glb
from posecore.pose import PoseSequence
from posecore.skeleton import LANDMARKS

_FOLDER = ASSETS / "figure"
_MOST = 8  # figures at once
_USUAL = "figure-live"  # of everybody who is live
_WORDS = ("front", "side", "back", "follow", "body", "own", "picture", "seek", "play", "pause")
_FAILURES = ("failed", "no_webgl", "no_body")
_MEASURED = ("measured", "measured_jumps")


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_FOLDER / f"figure.{kind}").read_text("utf-8") for kind in ("html", "css"))
    return st.components.v2.component("poselab_figure", html=html, css=css, js=joined_modules(_FOLDER / "figure.js"))


def show_figures(page: Page, sequence: PoseSequence, person: int, height_m: float | None, *, alone: bool) -> None:
    """Everybody, or those who are there longest, the chosen one in the middle.

    Args:
        alone: there is no player whose moment they show, so they have a clock of their own.
    """
    there = sequence.present.sum(0)
    longest = [int(one) for one in np.argsort(-there, kind="stable")[:_MOST] if there[one] and one != person]
    people = sorted([person, *longest[: _MOST - 1]])
    digest = hashlib.blake2b(sequence.xy.tobytes(), digest_size=8).hexdigest()
    _component()(
        key="figure",
        data={
            "figures": [_address(sequence, one, height_m if one == person else None, digest) for one in people],
            "chosen": people.index(person),
            "three": base_path() + engine_address("three_bundle.mjs"),
            "alone": alone,
            "words": _words(page),
        },
    )
    st.caption(page.text("figure.note"))


def show_live_figure(page: Page, people: int, *, mirrored: bool) -> None:
    """So many people before the camera, as this browser finds them."""
    here = visit()
    here.shelf.offer(_USUAL, Offered("", FORMATS["glb"].mimetype, lambda: glb(average_figure(), COARSE)))
    address = f"{base_path()}{PATH}/{here.secret}/{_USUAL}"
    _component()(
        key="live_figure",
        data={
            "figures": [address] * people,
            "chosen": 0,
            "three": base_path() + engine_address("three_bundle.mjs"),
            "alone": True,
            "landmarks": LANDMARKS,
            "mirrored": mirrored,
            "words": _words(page),
        },
    )


def _words(page: Page) -> dict[str, str]:
    kept = {name: f"{{{name}}}" for name in ("slide", "turn", "jumps")}  # which the browser fills in
    words = {name: page.text(f"figure.{name}") for name in (*_WORDS, *_FAILURES)}
    return words | {name: page.text(f"figure.{name}", **kept) for name in _MEASURED}


def _address(sequence: PoseSequence, person: int, height_m: float | None, digest: str) -> str:
    """Where the browser gets somebody's figure from; it is made when it is asked for."""
    here = visit()
    key = f"figure-{digest}-{person}-{height_m or 0}"
    path = here.folder / f"{key}.glb"
    here.shelf.offer(key, Offered("", FORMATS["glb"].mimetype, partial(_made, sequence, path, person, height_m)))
    return f"{base_path()}{PATH}/{here.secret}/{key}"


def _made(sequence: PoseSequence, path: Path, person: int, height_m: float | None) -> Path:
    if not path.exists():
        export(sequence, "glb", path, person, height_m)
    return path
