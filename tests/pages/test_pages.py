"""Every control of every page, through Streamlit's own test runner, with the real detector behind it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.page import plain
from pages.shared.photos.batch import make_zip
from pages.shared.photos.settings import PhotoSettings
from pages.shared.photos.visit_photos import Finding, Photo, examine, examine_all
from posecore import MODELS, STYLES, DetectorSettings, ImageDetector, Workers, decode_image
from posecore.detection.picture_reading import read_picture
from posecore.language import translate
from tests.support.paths import ROOT, SAMPLES

TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


def open_app(page: str | None = None, language: str = "en") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    if language != "en":
        app.button_group(key="language").set_value(language).run()
    if page:
        app.switch_page(page).run()
    return whole(app)


def whole(app: AppTest) -> AppTest:
    """The app, after making sure that nothing went wrong unforeseen."""
    assert not app.exception
    unforeseen = {translate(language, "errors.unexpected") for language in ("en", "zh")}
    assert not unforeseen & {error.value for error in app.error}
    return app


def upload(app: AppTest, *files: Path) -> AppTest:
    for choice in (group for group in app.button_group if group.key == "closer"):
        choice.set_value("off")  # so that all engines find the same people
    values = [(file.name, file.read_bytes(), TYPES.get(file.suffix, "")) for file in files]
    return whole(app.file_uploader(key="photos_files").set_value(values).run())


def texts(app: AppTest) -> str:
    kinds = ("title", "header", "markdown", "caption", "info", "error", "warning")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


@pytest.fixture
def photos() -> AppTest:
    return upload(open_app("pages/image.py"), SAMPLES / "two_people.jpg")


def test_home_shows_a_real_result_and_what_stays_private() -> None:
    app = open_app()
    assert app.title[0].value == "See how people move"
    assert len(app.get("plotly_chart")) == 1
    assert {link.proto.label for link in app.get("page_link")} >= {
        "**Photos**",
        "**Webcam**",
        "**Video**",
        "**Feasibility**",
    }
    assert "Nothing is downloaded" in texts(app)
    assert set(app.dataframe[0].value["Model"]) == {"Lite", "Full", "Heavy", "Faces, with Best"}


def test_home_in_chinese() -> None:
    app = open_app(language="zh")
    assert app.title[0].value == "看清人体的动作"
    assert "不下载任何内容" in texts(app)


def test_one_click_from_home_to_a_sample_result() -> None:
    app = open_app()
    app.button[0].click().run()
    app.session_state["closer"] = "off"
    app.switch_page("pages/image.py").run()  # the test runner does not follow st.switch_page by itself
    assert app.session_state["photo_source"] == "sample"
    assert "2 people" in texts(app)


def test_an_empty_page_invites_and_its_samples_work() -> None:
    app = open_app("pages/image.py")
    assert "Try one of these" in texts(app)
    app.button(key="try_astronaut").click().run()
    whole(app)
    assert "1 person · 512 × 512 px" in texts(app)
    assert "landmarks are guessed" in texts(app)
    app.button_group(key="photo_sample").set_value("balance").run()
    assert "1080 × 1920 px" in texts(app) or "1 person" in texts(app)


def test_an_uploaded_photo_gives_picture_chart_and_table(photos: AppTest) -> None:
    assert "2 people" in texts(photos)
    charts = [json.loads(chart.proto.spec) for chart in photos.get("plotly_chart")]
    bars = [trace for trace in charts[0]["data"] if trace["type"] == "bar"]
    assert [len(trace["y"]) for trace in bars] == [6, 6]
    assert any(trace["type"] == "scatter3d" for trace in charts[1]["data"])
    assert len(photos.dataframe[0].value) == 33


def test_choosing_a_person_changes_chart_and_table(photos: AppTest) -> None:
    before = photos.dataframe[0].value["x_px"].tolist()
    ((key, _settings),) = photos.session_state["findings"]
    photos.session_state[f"person_of_{key}"] = 1
    photos.run()
    whole(photos)
    assert photos.dataframe[0].value["x_px"].tolist() != before


def test_angles_in_space_differ_from_those_in_the_picture(photos: AppTest) -> None:
    before = photos.get("plotly_chart")[0].proto.spec
    photos.button_group(key="angles_in").set_value("space").run()
    assert photos.get("plotly_chart")[0].proto.spec != before


@pytest.mark.parametrize("style", STYLES)
def test_styles(photos: AppTest, style: str) -> None:
    photos.slider(key="people").set_value(1).run()
    photos.radio(key="style_en").set_value(style).run()
    whole(photos)
    assert len(photos.image) == 1


@pytest.mark.parametrize("model", MODELS)
def test_models(photos: AppTest, model: str) -> None:
    photos.selectbox(key="model_en").set_value(model).run()
    whole(photos)
    assert f"{model.capitalize()} model, " in texts(photos)
    assert translate("en", f"models.{model}_caption") in texts(photos)


def test_people_and_confidence(photos: AppTest) -> None:
    photos.slider(key="people").set_value(1).run()
    assert "1 person" in texts(photos)
    photos.slider(key="people").set_value(10).run()
    assert "2 people" in texts(photos)
    photos.slider(key="confidence").set_value(0.9).run()
    whole(photos)


def test_nobody_found_is_kind_and_says_what_helps(media: Path) -> None:
    app = upload(open_app("pages/image.py"), next((media / "no_person").iterdir()))
    assert "Nobody was found" in texts(app)
    assert "a lower *Confidence*" in texts(app)
    assert not app.error


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_odd_file_gives_a_result_or_a_message(media: Path, language: str) -> None:
    app = open_app("pages/image.py", language)
    for file in sorted((media / "odd_images").iterdir()):
        upload(app, file)
        assert len(app.error) + len(app.image) == 1, file.name
        if app.error:
            assert app.error[0].value.startswith(f"**{plain(file.name)}** — ")


def test_chinese_throughout(media: Path) -> None:
    app = upload(open_app("pages/image.py", "zh"), SAMPLES / "astronaut.png")
    assert "1 人" in texts(app)
    assert "推测" in texts(app)
    assert [tab.label for tab in app.tabs] == ["关节角度", "三维", "关键点"]
    assert (
        "关节角度（度）" in app.get("plotly_chart")[0].proto.spec or "\\u5173" in app.get("plotly_chart")[0].proto.spec
    )
    assert app.dataframe[0].value["landmark"].iloc[0] == "鼻尖"
    assert app.radio(key="style_zh").options[1] == "经典"


def test_settings_language_and_photos_survive_a_change_of_page(photos: AppTest) -> None:
    photos.radio(key="style_en").set_value("classic").run()
    photos.selectbox(key="model_en").set_value("lite").run()
    photos.slider(key="people").set_value(3).run()
    photos.button_group(key="language").set_value("zh").run()
    assert photos.radio(key="style_zh").value == "classic"
    assert photos.selectbox(key="model_zh").value == "lite"
    photos.switch_page("app.py").run()
    assert photos.title[0].value == "看清人体的动作"
    whole(photos.switch_page("pages/image.py").run())
    assert photos.title[0].value == "照片"
    assert photos.radio(key="style_zh").value == "classic"
    assert photos.selectbox(key="model_zh").value == "lite"
    assert photos.slider(key="people").value == 3
    assert "2 人" in texts(photos)
    assert "（之前选择）" in texts(photos)
    photos.button_group(key="language").set_value("en").run()
    assert photos.radio(key="style_en").value == "classic"


def test_photos_survive_a_look_at_the_samples_and_can_be_removed(photos: AppTest) -> None:
    photos.button_group(key="photo_source").set_value("sample").run()
    photos.button_group(key="photo_source").set_value("upload").run()
    assert "2 people" in texts(photos)
    assert ", from before" in texts(photos)
    upload(photos, SAMPLES / "astronaut.png")
    assert photos.metric[0].value == "2"
    next(button for button in photos.button if button.label == "Remove").click().run()
    assert "1 person · 512 × 512 px" in texts(whole(photos))


def test_taking_a_photo_away(photos: AppTest) -> None:
    upload(photos, SAMPLES / "two_people.jpg", SAMPLES / "astronaut.png")
    assert photos.metric[0].value == "2"
    upload(photos, SAMPLES / "astronaut.png")
    assert "1 person · 512 × 512 px" in texts(photos)
    upload(photos)
    assert "Try one of these" in texts(photos)


def test_the_same_bytes_under_two_names_keep_both_names(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.jpg", "*b* [c](d).jpg")]
    for file in files:
        file.write_bytes((SAMPLES / "balance.jpg").read_bytes())
    app = upload(open_app("pages/image.py"), *files)
    assert app.dataframe[0].value["file"].tolist() == [file.name for file in files]


def test_a_snapshot_from_the_camera() -> None:
    app = open_app("pages/image.py")
    app.button_group(key="photo_source").set_value("camera").run()
    assert "Stand back" in texts(app)
    data = (SAMPLES / "balance.jpg").read_bytes()
    app.camera_input(key="photo_snapshot").set_value(("photo.jpg", data, "image/jpeg")).run()
    whole(app)
    assert "1 person" in texts(app)


def test_many_photos_with_bad_ones_among_them(media: Path) -> None:
    files = [SAMPLES / "two_people.jpg", media / "odd_images" / "text_as.png", next((media / "no_person").iterdir())]
    app = upload(open_app("pages/image.py"), *files)
    assert [metric.value for metric in app.metric] == ["3", "1", "1", "1"]
    table = app.dataframe[0].value
    assert table["file"].tolist() == [file.name for file in files]
    assert table["people"].tolist() == ["2", "–", "0"]
    assert "not a picture" in table["note"][1]
    assert table["note"][2] == "Nobody found"
    assert table["preview"][0].startswith("data:image/jpeg;base64,")
    assert "two\\_people\\.jpg" in [element.value for element in app.header]


def test_only_bad_photos(media: Path) -> None:
    app = upload(open_app("pages/image.py"), *[media / "odd_images" / f for f in ("text_as.png", "zero_bytes.jpg")])
    assert [metric.value for metric in app.metric] == ["2", "0", "0", "2"]
    assert len(app.error) == 1


def test_downloads_hold_what_they_say(photos: AppTest) -> None:
    labels = {button.label for button in photos.get("download_button")}
    assert labels == {"Picture", "JSON", "CSV"}


def fifty_photos(media: Path) -> list[Photo]:
    """Fifty different files from the real ones, some bad."""
    files = [*(media / "images").iterdir(), *(media / "no_person").iterdir(), *(media / "odd_images").iterdir()]
    files = [f for f in sorted(files) if "bomb" not in f.name][:50]
    assert len(files) == 50
    return [Photo(f.name, f, hashlib.sha256(f.read_bytes()).hexdigest()) for f in files]


def test_fifty_photos_at_once_with_progress(
    media: Path, tmp_path: Path, detector: ImageDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, dict[object, Finding]] = {}
    monkeypatch.setattr("pages.shared.photos.visit_photos.st", SimpleNamespace(session_state=state))
    photos, settings = fifty_photos(media), DetectorSettings()
    progress: list[int] = []
    with Workers(2) as readers:
        lane = readers.lane()
        findings = examine_all(photos, tmp_path, lane, detector, settings, lambda done, left: progress.append(done))
        again = examine_all(photos, tmp_path, lane, detector, settings, lambda done, left: progress.append(-done))
        examine_all(photos[:2], tmp_path, lane, detector, settings, lambda done, left: None)
    assert progress == list(range(1, len({photo.key for photo in photos}) + 1))
    assert [f.photo.name for f in findings] == [p.name for p in photos]
    assert sum(f.pose is not None for f in findings) >= 40
    alone = examine(photos[3], tmp_path, read_picture, detector, settings).pose
    assert alone is not None
    assert findings[3].pose is not None
    assert (findings[3].pose.xy == alone.xy).all()
    assert min(progress) == 1  # nothing was done twice
    assert [f.pose for f in again] == [f.pose for f in findings]
    assert len(state["findings"]) == 2  # what the visitor took away is forgotten


def test_the_zip_holds_everything(detector: ImageDetector, tmp_path: Path) -> None:
    settings = PhotoSettings(DetectorSettings(), "sides")
    names = ("two_people.jpg", "astronaut.png", "two_people.jpg")
    photos = [Photo(name, SAMPLES / name, name) for name in names]
    findings = [examine(photo, tmp_path, read_picture, detector, settings.detector) for photo in photos]
    with Workers(1) as workers:
        packed = make_zip(findings, settings, tmp_path, workers.lane())
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 8
        record = json.loads(archive.read("002_astronaut.json"))
        assert len(record["people"][0]["landmarks"]) == 33
        assert decode_image(archive.read("001_two_people.annotated.png")).shape == (1920, 1088, 3)
        landmarks = pd.read_csv(archive.open("landmarks.csv"))
        assert len(landmarks) == 33 * 5
        assert landmarks.columns[0] == "file"
        assert len(pd.read_csv(archive.open("angles.csv"))) == 5


def test_the_unforeseen_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pages.shared.photos.inputs.sample_photo", fail)
    app = open_app("pages/image.py", "zh")
    app.button_group(key="photo_source").set_value("sample").run()
    assert not app.exception
    assert [error.value for error in app.error] == [translate("zh", "errors.unexpected")]
