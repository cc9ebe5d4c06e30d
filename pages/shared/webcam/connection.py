"""How browsers reach this server for live pictures: relays from the deployment's secrets or environment.

On one machine or in one network nothing is needed. Where a server stands behind others, such as on Community Cloud,
pictures need a TURN relay. See README.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit_webrtc.credentials import get_cloudflare_ice_servers, get_twilio_ice_servers

from pages.shared.deployment import setting
from pages.shared.page import ASSETS, Page, base_path
from pages.shared.script_modules import joined_modules
from pages.shared.service.reach_routes import PATH as REACH
from posecore.serving.log import log

_GOOD = ("ok", "ok_relay", "unsure")
_BAD = ("insecure", "denied", "no_camera", "in_use", "camera_failed", "no_webrtc", "no_relay", "no_route")

_CAMERA_ERRORS = {
    "NotAllowedError": "rtc_device_access_denied",
    "NotFoundError": "rtc_device_not_available",
    "OverconstrainedError": "rtc_device_not_available",
    "NotReadableError": "rtc_device_in_use",
    "AbortError": "rtc_device_in_use",
    "Error: navigator.mediaDevices": "rtc_media_api_not_available",
}


def ice_servers() -> list[dict[str, Any]]:
    """STUN and TURN servers for both sides, empty where none is set.

    TURN_URLS (with commas between), TURN_USERNAME and TURN_CREDENTIAL name any TURN server, coturn included;
    CLOUDFLARE_TURN_KEY_ID and CLOUDFLARE_TURN_KEY_API_TOKEN, or TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, fetch
    credentials, which are kept for an hour.
    """
    urls = [url.strip() for url in setting("TURN_URLS").split(",") if url.strip()]
    if urls:
        return [{"urls": urls, "username": setting("TURN_USERNAME"), "credential": setting("TURN_CREDENTIAL")}]
    for fetch, names in _FETCHED.items():
        values = [setting(name) for name in names]
        if all(values):
            return _fetched(fetch, values)
    return []


_FETCHED: dict[Callable[..., Any], tuple[str, str]] = {
    get_cloudflare_ice_servers: ("CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN"),
    get_twilio_ice_servers: ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
}


@st.cache_data(ttl=3600, show_spinner=False)
def _fetched(_fetch: Callable[..., Any], values: list[str]) -> list[dict[str, Any]]:
    try:
        return [dict(server) for server in _fetch(*values)]
    except Exception:  # noqa: BLE001  (the page works without, and the log says why)
        log.exception("no TURN credentials")
        return []


@st.cache_resource(show_spinner=False)
def _components() -> tuple[Any, Any, Any]:
    css = (ASSETS / "camera_test.css").read_text("utf-8")
    test, errors, reach = (joined_modules(ASSETS / f"{name}.js") for name in ("camera_test", "camera_errors", "reach"))
    return (
        st.components.v2.component("poselab_connection", html="<button type=button></button>", css=css, js=test),
        st.components.v2.component("poselab_camera_errors", js=errors),
        st.components.v2.component("poselab_reach", js=reach),
    )


def explain_errors(page: Page) -> None:
    """Let streamlit-webrtc's component say in plain words why the camera does not start."""
    sentences = {error: page.text(f"webcam.{key}") for error, key in _CAMERA_ERRORS.items()}
    _components()[1](key="camera_errors", data={"sentences": sentences}, height=1)


def _reach() -> str:
    return base_path() + REACH


def is_out_of_reach() -> bool:
    """Whether the visitor's browser has tried this server, and no picture would come through."""
    state = _components()[2](key="reach", data={"address": _reach()}, on_missed_change=lambda: None, height=1)
    return bool(state.missed)


def show_test(page: Page) -> None:
    """A button that tries camera and connection in the browser; a sentence says what is wrong and what helps."""
    st.markdown(page.text("connection.intro"))
    state = _components()[0](
        key="connection_test",
        data={
            "label": page.text("connection.test"),
            "busy": page.text("connection.testing"),
            "iceServers": ice_servers(),
            "address": _reach(),
        },
        on_result_change=lambda: None,
    )
    if state.result in _GOOD:
        st.success(page.text(f"connection.{state.result}"), icon=":material/check_circle:")
    elif state.result in _BAD:
        st.warning(page.text(f"connection.{state.result}"), icon=":material/error:")
