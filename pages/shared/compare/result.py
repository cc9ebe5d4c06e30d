"""Two movements in step: score, players, where they part by joint and time, and the gravest moments."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import streamlit as st

from pages.shared.clips.player import Look, clip_address, encoded, plays, show_over_clip, track
from pages.shared.clips.visit_clips import CHARTS
from pages.shared.compare.reference import offer_following
from pages.shared.compare.sides import NAMES, Beside
from pages.shared.compare.take_home import offer_comparison
from pages.shared.model_and_style import kept_style
from pages.shared.page import ASSETS, Page, plain
from pages.shared.plots import show_chart
from pages.shared.resources import reading, workers
from pages.shared.script_modules import joined_modules
from pages.shared.segmented_choice import choose_one
from pages.shared.skeleton_look import SKELETON_LOOK
from pages.shared.visit import visit
from posecore.compare.comparison import ERROR_DEG, PARTS, Comparison, Difference, compare
from posecore.compare.ghost import ghost
from posecore.compare.movement import COMPARED
from posecore.compare.words import difference_words, joint_name
from posecore.kinematics.motion import clip_angles
from posecore.pose import FloatArray, PoseSequence
from posecore.serving.metrics import step
from posecore.visuals.comparison_charts import difference_strip, joint_curves
from posecore.visuals.comparison_report import pictures_of

_FOLDER = ASSETS / "compare"
_HEIGHT = 56  # of the players, in per cent of the window's
_JOINT = "compare_joint"
_MOMENTS = 3
_PICTURE = 105  # pixels
_MOST_PICTURES = 12  # of moments, that are kept


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_FOLDER / f"follower.{kind}").read_text("utf-8") for kind in ("html", "css"))
    return st.components.v2.component(
        "poselab_follower", html=html, css=css, js=joined_modules(_FOLDER / "follower.js")
    )


def show_comparison(page: Page, sides: list[Beside], *, may_mirror: bool) -> None:
    """All of it."""
    found, other = _compared(page, sides, may_mirror=may_mirror)
    _show_scores(page, found)
    layers = {name: page.text(f"compare.view_{name}") for name in ("beside", "over")}
    over = choose_one(page.text("compare.view"), layers, "compare_view") == "over"
    left, right = st.columns(2, gap="large")
    with left:
        _head(page, NAMES[0], sides[0])
        _show_first(page, sides[0], found, other if over else None)
    if over:
        with left:
            st.caption(page.text("compare.over"))
        with right, st.container(key=CHARTS):
            _show_strip(page, found)
            _show_curves(page, found)
        _show_moments(page, sides, found)
    else:
        with right:
            _head(page, NAMES[1], sides[1])
            _show_second(page, sides[1], found)
        _show_moments(page, sides, found)
        with st.container(key=CHARTS):
            left, right = st.columns(2, gap="large")
            with left:
                _show_strip(page, found)
            with right:
                _show_curves(page, found)
    offer_comparison(page, sides, found)
    offer_following(page, sides[0])


def _compared(page: Page, sides: list[Beside], *, may_mirror: bool) -> tuple[Comparison, FloatArray]:
    """With the second one's ghost in the first; once a visit, in a process of its own, and the newest is kept."""
    key = [(one.person, may_mirror, hashlib.blake2b(one.sequence.xy.tobytes()).digest()) for one in sides]
    known: tuple[object, tuple[Comparison, FloatArray]] | None = st.session_state.get("comparison")
    if known is None or known[0] != key:
        one, other = sides
        call = partial(_compare, one.sequence, other.sequence, one.person, other.person, may_mirror)
        with st.spinner(page.text("compare.comparing")), step("compare", frames=len(one.sequence.time)):
            known = key, workers().lane(visit().secret).submit(call).result()
        st.session_state["comparison"] = known
    return known[1]


def _compare(
    first: PoseSequence, second: PoseSequence, first_person: int, second_person: int, may_mirror: bool
) -> tuple[Comparison, FloatArray]:
    """Runs in a worker."""
    found = compare(first, second, first_person, second_person, may_mirror=may_mirror)
    return found, ghost(first, second, first_person, second_person, found)


def _show_scores(page: Page, found: Comparison) -> None:
    with st.container(horizontal=True, gap="large", key="compare_scores"):
        st.metric(page.text("compare.whole"), f"{found.score:.0f} / 100", width="content")
        for part in PARTS:
            st.metric(page.text(f"compare.{part}").capitalize(), f"{found.scores[part]:.0f}", width="content")
    if found.mirrored:
        st.caption(page.text("compare.mirrored"))


def _head(page: Page, name: str, side: Beside) -> None:
    st.markdown(f"**{page.text(f'compare.{name}')}** · {plain(side.file.name)}")


def _show_first(page: Page, side: Beside, found: Comparison, over: FloatArray | None) -> None:
    look = Look(
        style=kept_style(),
        person=side.person,
        trail=None,
        angles=clip_angles(side.sequence, side.person),
        joints=[_joint(found).split("_", 1)[1]],
        drawn=None,
        ghost=over,
        pressed=lambda _: None,
        repeats=True,
        height=_HEIGHT,
    )
    show_over_clip(page, side.file, side.contents, side.sequence, look)


def _show_second(page: Page, side: Beside, found: Comparison) -> None:
    seen = side.contents is not None and plays(side.file)
    if side.contents and not seen:
        st.caption(page.text("player.unplayable"))
    _component()(
        key="follower",
        data={
            **track(side.sequence),
            "url": clip_address(side.file.path, side.file.mimetype) if seen else None,
            "person": side.person,
            "style": kept_style(),
            "height": _HEIGHT,
            "mirrored": found.mirrored,
            "step": {"times": encoded(found.time), "others": encoded(found.other_time)},
            "clock": page.text("compare.clock"),
            **SKELETON_LOOK,
        },
    )


def _joint(found: Comparison) -> str:
    """Whose curves are shown: the gravest difference's joint until another is chosen."""
    gravest = found.differences[0].joint if found.differences else "right_knee"
    return str(st.session_state.get(_JOINT) or gravest)


def _show_strip(page: Page, found: Comparison) -> None:
    st.markdown(f"**{page.text('compare.strip')}**", help=page.text("compare.strip_help", error=f"{ERROR_DEG:.0f}"))
    show_chart(difference_strip(found, language=page.language), "compare_strip", page.text("compare.strip_alt"))
    st.caption(page.text("compare.note", error=f"{ERROR_DEG:.0f}"))


def _show_curves(page: Page, found: Comparison) -> None:
    joint = st.pills(
        page.text("curves.joints"),
        COMPARED,
        format_func=lambda name: joint_name(name, page.language),
        default=None if _JOINT in st.session_state else _joint(found),
        required=True,
        key=_JOINT,
        label_visibility="collapsed",
        wrap=True,
    )
    names = page.text("compare.first"), page.text("compare.second")
    figure = joint_curves(found, str(joint), names, language=page.language)
    show_chart(figure, "compare_curves", page.text("compare.curves_alt"), camera=True)


def _show_moments(page: Page, sides: list[Beside], found: Comparison) -> None:
    st.markdown(f"**{page.text('compare.moments')}**")
    moments = found.moments(_MOMENTS)
    if not moments:
        st.success(page.text("compare.equal"), icon=":material/check_circle:")
        return
    for column, one in zip(st.columns(max(len(moments), 2)), moments, strict=False):
        with column.container(border=True, height="stretch"):
            with st.container(horizontal=True, key=f"moment_{one.joint}_{one.most_s:.2f}"):
                for name, picture in zip(NAMES, _pictures(sides, one), strict=False):
                    st.image(picture, width=_PICTURE, alt=page.text(f"compare.{name}"))
            st.markdown(difference_words(one, page.language))


def _pictures(sides: list[Beside], one: Difference) -> list[bytes]:
    """Cut out once; clips are read where strangers' files are."""
    known: dict[object, list[bytes]] = st.session_state.setdefault("compare_pictures", {})
    key = one, *((side.file.key, side.person) for side in sides)
    if key not in known:
        shown = [side.shown() for side in sides]
        known[key] = reading()[1].submit(pictures_of, one, shown).result()
        while len(known) > _MOST_PICTURES:
            known.pop(next(iter(known)))
    return known[key]
