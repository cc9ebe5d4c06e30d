"""The live picture, and beside it the curves and numbers of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import cast

import numpy as np
import streamlit as st
from streamlit_webrtc import Translations, WebRtcMode, webrtc_streamer
from streamlit_webrtc.relay import get_global_relay

from pages.shared.clips.figure_view import show_live_figure
from pages.shared.page import Page
from pages.shared.people import choose_number, chosen_number
from pages.shared.plots import show_chart
from pages.shared.resources import gate
from pages.shared.service.landmark_routes import LandmarkStream
from pages.shared.webcam.browser_panel import show_browser_panel
from pages.shared.webcam.browser_view import show_in_browser
from pages.shared.webcam.connection import ice_servers, is_out_of_reach
from pages.shared.webcam.live_count import show_count, show_everybody
from pages.shared.webcam.live_curves import HEIGHT, curves_now
from pages.shared.webcam.live_following import show_following
from pages.shared.webcam.live_labels import show_labels
from pages.shared.webcam.own_range import offer_own_range
from pages.shared.webcam.recording import end_recording, offer_recording
from pages.shared.webcam.settings import WebcamSettings
from pages.shared.webcam.snapshot import offer_snapshots
from pages.shared.webcam.spoken_count import say_count
from pages.shared.webcam.ways import Way, can_give_up, give_up_route
from pages.shared.webcam.webrtc_stream import LiveStream, keep_newest
from posecore.kinematics.joint_angles import ANGLES, JOINTS
from posecore.live.session import LiveSession, LiveSnapshot
from posecore.live.stream_counting import LiveCount
from posecore.serving.metrics import REFUSED

_KEY = "webcam"
_PERSON = "webcam_person"
_EVERY_S = 0.5  # between looks at the stream
_ANSWER_S = 2.0  # within which the first frame should come
# What the camera is asked for: less when others are streaming too.
_ALONE, _SHARED = (640, 480, 30), (480, 360, 15)
_WORDS = (
    "start",
    "stop",
    "select_device",
    "media_api_not_available",
    "device_ask_permission",
    "device_not_available",
    "device_access_denied",
)


def show_live(page: Page, settings: WebcamSettings, way: Way) -> None:
    """Everything that runs; the controls work while it does."""
    left, right = st.columns([11, 9], gap="large")
    with left:
        in_browser = way.name == "browser"
        stream = show_in_browser(page, settings, way) if in_browser else _streamer(page, settings)
        if isinstance(stream, LandmarkStream) and st.toggle(page.text("webcam.figure"), key="webcam_figure"):
            show_live_figure(page, settings.live.people, mirrored=settings.live.mirrored)
    with right:
        if not stream:
            invitation = page.text("webcam.browser_invitation" if in_browser else "webcam.invitation")
            st.info(invitation, icon=":material/accessibility_new:")
            return
        place = st.container()
        joints = _choose_joints(page)
        seconds = st.select_slider(
            page.text("webcam.window"),
            [10, 20, 30, 60],
            20,
            format_func=lambda s: page.text("clips.seconds", seconds=s),
            key="webcam_window",
            persist_state="session",
        )
        with place:
            if isinstance(stream, LandmarkStream):
                show_browser_panel(page, stream, settings, joints, seconds)
            else:
                st.fragment(_panel, run_every=_EVERY_S)(page, stream, joints, seconds, speak=settings.speak)


def try_reach() -> None:
    """Choose another way before the visitor presses start, or waits any longer, where no picture would come through."""
    if ice_servers() or not can_give_up() or not is_out_of_reach():
        return
    stream: LiveStream | None = st.session_state.get("webcam_stream")
    if not stream:
        give_up_route(pressed=False)
        st.rerun()
    if not stream.session.snapshot().frames_seen:
        _give_up(stream)


def _streamer(page: Page, settings: WebcamSettings) -> LiveStream | None:
    """streamlit-webrtc's component, with a stream of ours behind it once the visitor has pressed start."""
    stream: LiveStream | None = st.session_state.get("webcam_stream")
    context = st.session_state.get(_KEY)
    if stream and stream.over:
        _forget(stream)
        stream = None
    if context and context.state.signalling and not stream:
        stream = _admitted(settings)
        if not stream:
            REFUSED.labels("stream").inc()
            st.warning(page.text("webcam.full", most=gate().most), icon=":material/group:")
            with st.container(horizontal=True):
                st.button(page.text("webcam.try_again"), icon=":material/refresh:", type="primary")
                offer_snapshots(page)
            return None
    if stream:
        stream.session.configure(settings.live)
    width, height, rate = _SHARED if gate().streams > (1 if stream else 0) else _ALONE
    context = webrtc_streamer(
        _KEY,
        WebRtcMode.SENDRECV,
        rtc_configuration={"iceServers": ice_servers()},
        media_stream_constraints={
            "video": {
                "width": {"ideal": width},
                "height": {"ideal": height},
                "frameRate": {"ideal": rate, "max": rate},
                "facingMode": {"ideal": settings.camera},
            },
            "audio": False,
        },
        sink_video_track=stream.sink if stream else None,
        source_video_track=stream.source if stream else None,
        video_html_attrs={"autoPlay": True, "controls": False, "muted": True, "style": {"width": "100%"}},
        translations=cast("Translations", {name: page.text(f"webcam.rtc_{name}") for name in _WORDS}),
        media_toggle_controls=False,
    )
    if stream and not (context.state.playing or context.state.signalling):
        stream.close()
        _forget(stream)
        return None
    return stream


def _admitted(settings: WebcamSettings) -> LiveStream | None:
    ticket = gate().enter()
    if ticket is None:
        return None
    keep_newest(get_global_relay())
    stream = LiveStream(LiveSession(settings.live), ticket)
    try:
        st.session_state["webcam_stream"] = stream
    except BaseException:  # here Streamlit may begin the page anew, which would not know of this stream and its place
        stream.close()
        ticket.leave()
        raise
    return stream


def _forget(stream: LiveStream) -> None:
    end_recording(stream.session)
    del st.session_state["webcam_stream"]


def _choose_joints(page: Page) -> list[str]:
    chosen = st.pills(
        page.text("curves.joints"),
        JOINTS,
        selection_mode="multi",
        format_func=lambda name: page.text(f"joints.{name}"),
        default=["knee"],
        key="webcam_joints",
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    return sorted(chosen, key=JOINTS.index)


def _panel(page: Page, stream: LiveStream, joints: list[str], seconds: int, *, speak: bool) -> None:
    """What changes all the time."""
    if stream.over:
        st.rerun()
    now = stream.session.snapshot(chosen_number(_PERSON))
    if not now.frames_seen and stream.seconds > _ANSWER_S and can_give_up():
        _give_up(stream)
    _show_state(page, stream, now)
    if now.labelled:
        show_labels(page, now.labelled)
    if now.followed:
        show_following(page, now.followed)
    person = choose_number(page, _PERSON, now.people)
    if now.counted:
        _show_counted(page, stream.session, now.counted, person, speak=speak)
    if joints:
        _show_values(page, now, joints)
        show_chart(
            curves_now(page, now, joints, seconds), "webcam_curves", page.text("curves.angles_alt"), height=HEIGHT
        )
    else:
        st.info(page.text("curves.choose_joint"), icon=":material/touch_app:")
    offer_recording(page, stream.session, now)


def _give_up(stream: LiveStream) -> None:
    give_up_route(pressed=True)
    stream.close()
    st.rerun()


def _show_counted(page: Page, session: LiveSession, counted: Sequence[LiveCount], person: int, *, speak: bool) -> None:
    mine = counted[person]
    if len(counted) > 1:
        show_everybody(page, counted, person)
    else:
        show_count(page, mine)
    offer_own_range(page, session, mine, person)
    if speak:
        say_count(page, mine.count)


def _show_state(page: Page, stream: LiveStream, now: LiveSnapshot) -> None:
    """One line that is always there, so that nothing jumps: what helps, or that all is well."""
    if not now.frames_seen:
        late = stream.seconds > _ANSWER_S
        st.warning(page.text("webcam.no_route" if late else "webcam.connecting"), icon=":material/hourglass_top:")
        return
    if now.advice:
        st.warning(page.text(f"webcam.advice_{now.advice}"), icon=":material/person_alert:")
    else:
        st.success(page.text("webcam.advice_none"), icon=":material/check_circle:")
    rate, delay = f"{now.frames_per_second:.0f}", f"{now.milliseconds:.0f}" if np.isfinite(now.milliseconds) else "–"
    st.caption(page.text("webcam.rate", rate=rate, ms=delay))


def _show_values(page: Page, now: LiveSnapshot, joints: list[str]) -> None:
    with st.container(horizontal=True, gap="large"):
        for joint, side in product(joints, ("left", "right")):
            place = list(ANGLES).index(f"{side}_{joint}")
            value = now.angles[-1, place] if len(now.angles) else np.nan
            guessed = "" if len(now.seen) and now.seen[-1, place] else "≈ "
            words = f"{page.text(f'joints.{joint}')} · {page.text(f'sides.{side}')}"
            st.metric(words, f"{guessed}{value:.0f}°" if np.isfinite(value) else "–", width="content")
