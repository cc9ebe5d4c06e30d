"""A clip with its skeleton over it, tied to the charts beside it; all in the browser, see assets/player/."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime import get_instance

from pages.shared.clips.visit_clips import CHARTS, CHOSEN_JOINTS, VisitClip
from pages.shared.page import ASSETS, Page, base_path, keep
from pages.shared.people import choose_from_now_on
from pages.shared.script_modules import joined_modules
from pages.shared.service.brought_files import Offered
from pages.shared.service.file_routes import PATH
from pages.shared.service.server import is_serving
from pages.shared.skeleton_look import SKELETON_LOOK
from pages.shared.visit import visit
from posecore import palette
from posecore.kinematics.joint_angles import ANGLES, JOINTS
from posecore.media.blank_clip import write_blank_clip
from posecore.media.clip_files import Clip
from posecore.pose import FloatArray, PoseSequence
from posecore.skeleton import INDEX, LANDMARKS
from posecore.visuals.skeleton_drawing import STYLES, Style

_FOLDER = ASSETS / "player"
_PARTS = (
    *("back", "toggle", "forward", "speed", "seek", "closer", "farther", "loop", "looks", "help", "full"),
    *("loop_start", "loop_end", "loop_repetition", "loop_off"),
    *("style", "style_text", "path", "path_text", "guessed", "guessed_text", "arcs", "arcs_text"),
)
_PATHS = ("left_wrist", "right_wrist", "left_hip", "right_hip", "left_ankle", "right_ankle", "nose")
_KEYS = {
    "frames": "← →",
    "speeds": "< >",
    "loop_edges": "I O",
    "loop_repetition": "L",
    "zoom": "+ −",
    "whole": "0",
    "full": "F",
    "help": "?",
}


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_FOLDER / f"player.{kind}").read_text("utf-8") for kind in ("html", "css"))
    return st.components.v2.component("poselab_player", html=html, css=css, js=joined_modules(_FOLDER / "player.js"))


@dataclass(frozen=True)
class Strip:
    """Repetitions to choose from, each as what repetition_strip.js shows of it; `speak` says their numbers aloud."""

    repetitions: Sequence[Mapping[str, Any]]
    speak: bool


@dataclass(frozen=True)
class Look:
    """What the player shows.

    Attributes:
        person: whose number stands out, from 0.
        trail: landmark whose way is drawn.
        angles: (T, 12) degrees at the joints, as the curves show them.
        joints: whose angles are drawn, without their side.
        drawn: file in which the skeleton is drawn already, to be shown instead of the clip.
        blank: file with nothing in it, to be played where there is no clip.
        ghost: (T, 33, 2) pixels, another's skeleton over this one's.
        pressed: told whoever is pressed in the picture; without it they are chosen for this clip.
        strip: of an exercise, if one was chosen.
        repeats: goes on from its beginning when what was found ends.
        plays: begins to play by itself, without sound, again and again.
        height: of the picture, in per cent of the window's; without it as much as leaves room for what is below.
    """

    style: Style
    person: int
    trail: int | None
    angles: FloatArray
    joints: Sequence[str]
    drawn: str | None
    blank: Path | None = None
    ghost: FloatArray | None = None
    pressed: Callable[[int], object] | None = None
    strip: Strip | None = None
    repeats: bool = False
    plays: bool = False
    height: int | None = None


def show_player(page: Page, clip: VisitClip, sequence: PoseSequence, look: Look) -> bool:
    """Show it; returns whether the browser says that it cannot play this clip."""
    drawn = look.drawn
    other = Path(drawn) if drawn else look.blank
    url = clip_address(other or clip.path, "video/mp4" if other else clip.mimetype)
    offset = float(sequence.time[0]) if other else 0.0
    state = _component()(
        key="player",
        data={
            "key": clip.key,
            "url": url,
            "drawn": drawn is not None,
            "offset": offset,
            **track(sequence),
            "person": look.person,
            "trail": look.trail,
            "ghost": None if look.ghost is None else _ghost(look.ghost),
            "frames": _numbering(sequence),
            **SKELETON_LOOK,
            "style": look.style,
            "plays": look.plays,
            "repeats": look.repeats,
            "height": look.height or (60 if look.strip else 68),
            "chosen": [name for name in ANGLES if name.split("_", 1)[1] in look.joints],
            "angles": encoded(np.asarray(look.angles, np.float32)),
            "paths": [
                ["", page.text("player.no_path")],
                *([INDEX[name], page.text(f"landmarks.{name}")] for name in _PATHS),
            ],
            "charts": f".st-key-{CHARTS}",
            "repetitions": list(look.strip.repetitions) if look.strip else [],
            "speak": bool(look.strip and look.strip.speak),
            "language": page.language,
            "strip": page.text("coach.strip"),
            "clock": page.text("player.clock"),
            "clockFrame": page.text("player.clock_frame"),
            "keys": [[page.text("player.space"), page.text("player.key_space")]]
            + [[label, page.text(f"player.key_{name}")] for name, label in _KEYS.items()],
            "texts": {part: page.text(f"player.{part}") for part in _PARTS}
            | {str(name): page.text(f"styles.{name}") for name in STYLES},
        },
        on_unplayable_change=lambda: None,
        on_style_change=_keep_style,
        on_joint_change=_choose_joint,
        on_person_change=lambda: _choose_person(look.pressed or partial(choose_from_now_on, clip.key)),
    )
    return bool(state.unplayable == clip.key)


def clip_address(path: Path, mimetype: str) -> str:
    """Where the browser gets the clip from."""
    if not is_serving():
        return str(get_instance().media_file_mgr.add(str(path), mimetype, "clip.player"))
    here, key = visit(), f"clip-{path.name}"
    here.shelf.offer(key, Offered("", mimetype, lambda: path))
    return f"{base_path()}{PATH}/{here.secret}/{key}"


def unplayable() -> set[str]:
    """Keys of clips that this visit's browser said it cannot play."""
    known: set[str] = st.session_state.setdefault("clips_unplayable", set())
    return known


def plays(file: VisitClip) -> bool:
    """Whether browsers can be expected to play it, and this one has not said that it cannot."""
    return file.plays_in_browsers and file.key not in unplayable()


def show_over_clip(page: Page, file: VisitClip, clip: Clip | None, sequence: PoseSequence, look: Look) -> None:
    """The player; over nothing where there is no clip, or none that the browser plays, which is said."""
    seen = clip is not None and plays(file)
    if clip and not seen:
        st.caption(page.text("player.unplayable"))
    if show_player(page, file, sequence, replace(look, blank=None if seen else blank_clip(file, sequence))) and seen:
        unplayable().add(file.key)
        st.rerun()


def blank_clip(file: VisitClip, sequence: PoseSequence) -> Path:
    """Something to play for a movement without its clip."""
    path = visit().folder / f"{file.key}.blank.mp4"
    if not path.exists():
        write_blank_clip(path, sequence.time)
    return path


def _keep_style() -> None:
    """Before the page is drawn, so that the player is not told the style of before."""
    if (style := st.session_state["player"].style) in STYLES:
        keep("style", style)


def _choose_joint() -> None:
    """A joint that was pressed in the picture gets its curve."""
    pressed = str(st.session_state["player"].joint or "").split("_", 1)[-1]
    chosen: list[str] = list(st.session_state.get(CHOSEN_JOINTS) or [])
    if pressed in JOINTS and pressed not in chosen:
        st.session_state[CHOSEN_JOINTS] = [*chosen, pressed]


def _choose_person(choose: Callable[[int], object]) -> None:
    """Whoever was pressed in the picture."""
    if (pressed := st.session_state["player"].person) is not None:
        choose(int(pressed))


def _numbering(sequence: PoseSequence) -> list[int]:
    """The number of the first frame and the step to the next."""
    frames = sequence.frames
    return [int(frames[0]), int(frames[1] - frames[0]) if len(frames) > 1 else 1]


def track(sequence: PoseSequence) -> dict[str, Any]:
    """Everybody's way through the picture, as pose_track.js takes it."""
    return {
        "size": list(sequence.size),
        "people": sequence.people,
        "landmarks": len(LANDMARKS),
        "times": encoded(sequence.time),
        "xy": encoded(np.nan_to_num(sequence.xy)),
        "state": encoded(np.where(sequence.seen, 2, np.isfinite(sequence.xy).all(-1)).astype(np.uint8)),
        "visibility": encoded((np.nan_to_num(sequence.visibility) * 100).astype(np.uint8)),
    }


def _ghost(xy: FloatArray) -> dict[str, str]:
    there = np.where(np.isfinite(xy).all(-1), 2, 0).astype(np.uint8)
    return {"xy": encoded(np.nan_to_num(xy)), "state": encoded(there), "colour": palette.BESIDE[1]}


def encoded(array: NDArray[Any]) -> str:
    """Its bytes as text."""
    return base64.b64encode(array.tobytes()).decode()
