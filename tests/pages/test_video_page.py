"""Every control of the video page, through Streamlit's own test runner, with real workers behind it."""

from __future__ import annotations

import json
import re
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
import streamlit_webrtc.component
from streamlit.testing.v1 import AppTest

from pages.shared.clips.take_home import TakeHome
from pages.shared.page import plain
from posecore import AnalysisSettings, Workers, analyse, probe
from posecore.clips.analysis import DetectorSettings
from posecore.kinematics.cleaning import CleaningSettings, clean
from posecore.language import translate
from tests.pages.test_pages import open_app, texts, whole
from tests.support.paths import ROOT, SAMPLES


def open_sample(name: str = "balance", language: str = "en") -> AppTest:
    app = open_app("pages/video.py", language)
    app.button(key=f"try_{name}").click().run()
    return whole(app)


def charts(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def names(chart: dict[str, object]) -> list[str]:
    return [trace["name"] for trace in chart["data"] if trace.get("showlegend", True)]


def test_a_sample_is_analysed_at_one_click() -> None:
    app = open_sample()
    assert "1080 × 1920" in texts(app)
    assert "Somebody in 100 of 100 frames" in texts(app)
    angles, places, speed = charts(app)
    assert names(angles) == ["Hip · Left", "Hip · Right", "Knee · Left", "Knee · Right"]
    assert names(places) == ["to the right", "up"]
    assert names(speed) == ["left wrist", "right wrist"]
    assert {frame.value.columns[0] for frame in app.dataframe} == {"joint"}


def test_joints_points_and_raw_curves_can_be_chosen() -> None:
    app = open_sample()
    app.button_group(key="clip_joints").set_value(["elbow"]).run()
    assert names(charts(whole(app))[0]) == ["Elbow · Left", "Elbow · Right"]
    app.button_group(key="clip_joints").set_value([]).run()
    assert "Choose a joint" in texts(whole(app))
    app.selectbox(key="clip_landmark_en").set_value("nose").run()
    before = len(charts(whole(app))[0]["data"])
    app.toggle(key="clean_raw").set_value(True).run()
    assert len(charts(whole(app))[0]["data"]) == before + 2
    app.toggle(key="clip_trail").set_value(True).run()
    app.multiselect(key="clip_speeds_en").set_value(["nose"]).run()
    assert names(charts(whole(app))[1]) == ["nose"]


def test_every_step_of_cleaning_can_be_switched_off() -> None:
    app = open_sample()
    smooth = charts(app)[0]["data"]
    for name in ("smooth", "fill", "drop", "repair"):
        app.toggle(key=f"clean_{name}").set_value(False).run()
        whole(app)
    assert app.slider(key="clean_gap").disabled
    assert app.slider(key="clean_cutoff").disabled
    assert charts(app)[0]["data"] != smooth


def test_other_settings_ask_for_another_analysis_and_earlier_ones_are_remembered() -> None:
    app = open_sample()
    app.slider(key="clip_every").set_value(5).run()
    assert not charts(whole(app))
    next(button for button in app.button if button.label == "Analyse").click().run()
    assert "Somebody in 20 of 20 frames" in texts(whole(app))
    app.slider(key="clip_every").set_value(1).run()
    assert "Somebody in 100 of 100 frames" in texts(whole(app))


def test_a_part_of_an_uploaded_clip_and_another_part_after_it() -> None:
    app = open_app("pages/video.py")
    app.file_uploader(key="clip_files").set_value(("clip.mp4", (SAMPLES / "balance.mp4").read_bytes(), "")).run()
    part = next(slider for slider in app.slider if slider.label == "Part to analyse")
    part.set_value((0.5, 1.0)).run()
    next(button for button in app.button if button.label == "Analyse").click().run()
    assert "Somebody in 30 of 30 frames" in texts(whole(app))
    next(button for button in app.button if button.label == "Another part").click().run()
    assert [slider for slider in whole(app).slider if slider.label == "Part to analyse"]
    app.switch_page("pages/image.py").run()
    app.switch_page("pages/video.py").run()
    assert "clip.mp4, from before" in texts(whole(app)).replace("\\", "")


def test_two_people_can_be_told_apart() -> None:
    app = open_app("pages/video.py")
    app.slider(key="clip_people").set_value(2).run()
    app.button(key="try_two_people").click().run()
    first = charts(whole(app))[0]["data"]
    app.session_state["person_of_two_people.mp4"] = 1
    app.run()
    assert charts(whole(app))[0]["data"] != first


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_files_get_one_sentence(media: Path, language: str) -> None:
    for name, code in (
        ("zero_bytes.mp4", "empty_file"),
        ("text_as.mp4", "not_a_clip"),
        ("image_as.mp4", "picture_not_clip"),
    ):
        app = open_app("pages/video.py", language)
        app.file_uploader(key="clip_files").set_value((name, (media / "odd_videos" / name).read_bytes(), "")).run()
        assert [error.value for error in whole(app).error] == [translate(language, f"errors.{code}")]


def test_a_clip_that_breaks_off_says_so(media: Path) -> None:
    app = open_app("pages/video.py")
    clip = media / "odd_videos" / "squats_truncated_faststart.mp4"
    app.file_uploader(key="clip_files").set_value((clip.name, clip.read_bytes(), "")).run()
    assert "breaks off" in texts(whole(app))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_damaged_frames_are_told(media: Path, language: str) -> None:
    app = open_app("pages/video.py", language)
    clip = media / "odd_videos" / "squats_bitflips.mp4"
    app.file_uploader(key="clip_files").set_value((clip.name, clip.read_bytes(), "")).run()
    assert not whole(app).warning
    label = translate(language, "clips.analyse")
    next(button for button in app.button if button.label == label).click().run()
    assert [warning.value for warning in whole(app).warning] == [
        translate(language, "clips.damaged", count=65, total=65)
    ]


def test_a_full_disk_is_one_sentence_and_the_next_upload_is_taken() -> None:
    app = open_app("pages/video.py")
    clip = (SAMPLES / "balance.mp4").read_bytes() + bytes(8)  # no other test has brought it
    with limited_files(1000):
        app.file_uploader(key="clip_files").set_value(("clip.mp4", clip, "")).run()
    assert [error.value for error in whole(app).error] == [translate("en", "errors.disk_full")]
    app.file_uploader(key="clip_files").set_value(("again.mp4", clip, "")).run()
    assert not whole(app).error
    assert "1080 × 1920" in texts(app)


@contextmanager
def limited_files(most: int) -> Iterator[None]:
    """No file may have more than so many bytes, which is what a full disk looks like."""
    resource = pytest.importorskip("resource", reason="limits on what a process may write are POSIX")
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TakeHome]:
    clip = probe(SAMPLES / "balance.mp4")
    target = tmp_path_factory.mktemp("take") / "a.annotated.mp4"
    with Workers(1) as workers:
        raw = analyse(clip, AnalysisSettings(DetectorSettings(people=1)), workers.lane())
        cleaned = clean(raw, CleaningSettings())
        yield TakeHome("名.mp4", clip, raw, cleaned, "full", "sides", "zh", target, workers, "")


def test_the_zip_holds_everything(take: TakeHome) -> None:
    with zipfile.ZipFile(take.everything()) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("summary.json"))["file"] == "名.mp4"
        raw, cleaned = (pd.read_csv(archive.open(f"landmarks{end}.csv")) for end in ("", "_cleaned"))
        assert len(raw) == len(cleaned) == 3300
        assert raw["x_px"].notna().all()


def test_charts_at_home_need_no_network(take: TakeHome) -> None:
    html = take.charts()
    assert html.count('class="plotly-graph-div"') == 11
    assert "膝" in html
    assert '<script src="http' not in html


def with_squats(media: Path, language: str = "en") -> AppTest:
    app = open_app("pages/video.py", language)
    clip = media / "videos" / "pose_squats.mp4"
    app.file_uploader(key="clip_files").set_value((clip.name, clip.read_bytes(), "video/mp4")).run()
    app.selectbox(key=f"clip_exercise_{language}").set_value("squat").run()
    label = translate(language, "clips.analyse")
    next(button for button in app.button if button.label == label).click().run()
    return whole(app)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_exercise_is_counted_and_explained(media: Path, language: str) -> None:
    app = with_squats(media, language)
    assert [metric.value for metric in app.metric][:1] == ["2"]
    course, *_ = charts(app)
    assert len(course["layout"]["shapes"]) == 4  # two thresholds, two repetitions
    (table,) = [html.proto.body for html in app.get("html") if "<table>" in html.proto.body]
    assert re.findall(r"<tr><td>(\d)</td>", table) == ["1", "2"]
    begins = [float(value) for value in re.findall(r"<td>([\d.]+)–", table)]
    assert begins == pytest.approx([0.9, 5.6], abs=0.41)
    assert plain(translate(language, "coach.unfinished")) in texts(app)


def test_another_exercise_counts_nothing_and_says_so(media: Path) -> None:
    app = with_squats(media)
    app.selectbox(key="clip_exercise_en").set_value("push_up").run()
    assert whole(app).metric[0].value == "0"
    assert plain(translate("en", "coach.none_complete")) in texts(app)
    app.selectbox(key="clip_exercise_en").set_value("plank").run()
    assert whole(app).metric[0].value == "0.0 s"
    app.selectbox(key="clip_exercise_en").set_value("").run()
    assert not whole(app).metric


def test_the_own_range_stands_beside_the_standard(media: Path) -> None:
    app = with_squats(media)
    standard = app.metric[0].value
    app.toggle(key="coach_own_range").set_value(True).run()
    assert whole(app).metric[0].value == standard
    assert "The standard asks for 145° and 110°" in texts(app)


def test_a_visitor_brings_an_exercise(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_webrtc.component, "get_this_session_info", lambda: None)
    app = with_squats(media)
    text = (ROOT / "posecore" / "exercises" / "library" / "squat.toml").read_text("utf-8")
    mine = text.replace('en = "Squat"', 'en = "<b>My</b> squat"')
    app.selectbox(key="clip_exercise_en").set_value("bring").run()
    assert not whole(app).metric
    app.file_uploader(key="clip_own").set_value(("my squat.toml", mine.encode(), "")).run()
    assert whole(app).selectbox(key="clip_exercise_en").value == "own my squat"
    assert app.metric[0].value == "2"
    app.selectbox(key="clip_exercise_en").set_value("bring").run()
    app.file_uploader(key="clip_own").set_value(("bad.toml", text.replace("rest = 145", "rest =").encode(), "")).run()
    line = text[: text.index("rest = 145")].count("\n") + 1
    assert [error.value for error in whole(app).error] == [translate("en", "errors.exercise_syntax", line=line)]
    app.file_uploader(key="clip_own").set_value(("large.toml", b"#" * 70_000, "")).run()
    assert [error.value for error in whole(app).error] == [translate("en", "errors.exercise_too_large", most=64)]
    app.selectbox(key="clip_exercise_en").set_value("own my squat").run()
    app.switch_page("pages/webcam.py").run()
    assert whole(app).selectbox(key="webcam_exercise_en").value == "own my squat"
