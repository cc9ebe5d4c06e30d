"""The webcam page without a camera: what stands there before, when it is full, and after a recording."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit_webrtc.component
from aiortc.contrib.media import MediaRelay
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from pages.shared.webcam import connection, live_view
from pages.shared.webcam.settings import WebcamSettings
from posecore import PoseSequence, decode_image
from posecore.language import translate
from posecore.live.admission import Gate
from posecore.live.session import LiveSession, LiveSettings
from tests.pages.test_pages import open_app, texts, whole
from tests.support.paths import SAMPLES


@pytest.fixture(autouse=True)
def _without_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_webrtc.component, "get_this_session_info", lambda: None)


@pytest.fixture(scope="module")
def recorded() -> PoseSequence:
    person = decode_image((SAMPLES / "balance.jpg").read_bytes())[::3, ::3]
    with LiveSession(LiveSettings("lite")) as session:
        session.start_recording()
        for i in range(20):
            session.process(np.ascontiguousarray(person), i / 20)
        result = session.stop_recording()
    assert result is not None
    return result


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_invites_and_every_setting_can_be_changed(language: str) -> None:
    app = open_app("pages/webcam.py", language)
    assert translate(language, "webcam.invitation") in [info.value for info in app.info]
    app.toggle(key="webcam_mirror").set_value(False).run()
    app.selectbox(key=f"webcam_model_{language}").set_value("heavy").run()
    app.button_group(key=f"webcam_camera_{language}").set_value("environment").run()
    whole(app)


def test_the_way_out_gives_overlay_and_angles() -> None:
    app = open_app("pages/webcam.py")
    app.button_group(key="webcam_way").set_value("snapshot").run()
    photo = ("snapshot.jpg", (SAMPLES / "balance.jpg").read_bytes(), "image/jpeg")
    app.camera_input[0].set_value(photo).run()
    assert len(whole(app).get("plotly_chart")) == 2
    assert "1 person" in texts(app)


def test_a_recording_opens_in_charts_and_can_be_forgotten(recorded: PoseSequence) -> None:
    app = AppTest.from_file(str(SAMPLES.parent / "app.py"), default_timeout=60)
    app.run()
    app.session_state["webcam_recording"] = recorded
    app.switch_page("pages/webcam.py").run()
    assert "Your recording, 0.9" in texts(whole(app))
    assert len(app.get("plotly_chart")) == 3
    next(button for button in app.button if button.label == "Forget this recording").click().run()
    assert "Your recording" not in texts(whole(app))


def test_a_page_that_begins_anew_while_it_takes_a_place_gives_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(dict[str, object]):
        def __setitem__(self, _name: str, _value: object) -> None:
            raise RerunException(RerunData())

    own = Gate(1)
    monkeypatch.setattr(live_view, "gate", lambda: own)
    monkeypatch.setattr(live_view, "get_global_relay", MediaRelay)
    monkeypatch.setattr(live_view.st, "session_state", Interrupted())
    with pytest.raises(RerunException):
        live_view._admitted(WebcamSettings(LiveSettings(), "user"))
    assert own.streams == 0


def test_relays_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.ice_servers() == []
    monkeypatch.setenv("TURN_URLS", "turn:a.example:3478, turns:a.example:5349")
    monkeypatch.setenv("TURN_USERNAME", "me")
    monkeypatch.setenv("TURN_CREDENTIAL", "secret")
    urls = ["turn:a.example:3478", "turns:a.example:5349"]
    assert connection.ice_servers() == [{"urls": urls, "username": "me", "credential": "secret"}]
