"""Every control of the feasibility page, with real measurements and pictures."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.feasibility.inputs import MOST_PICTURES, SurveyFile, to_pictures
from pages.shared.resources import measurements
from posecore.errors import MediaError
from posecore.feasibility.machine_measurement import Machine
from posecore.language import translate
from tests.pages.test_pages import SAMPLES, open_app, texts, whole

PAGE = "pages/feasibility.py"


@pytest.fixture(autouse=True)
def unmeasured() -> Iterator[None]:
    yield
    measurements().newest = None


@pytest.fixture(scope="module")
def measuring() -> tuple[AppTest, Machine]:
    """A visitor who measured at the press of the button, and what came of it."""
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr("pages.shared.feasibility.machine.SECONDS", 8)
        app = opened()
        app.button(key="measure").click().run()
    newest = measurements().newest
    assert newest
    return whole(app), newest


@pytest.fixture
def measured(measuring: tuple[AppTest, Machine]) -> AppTest:
    """The visitor who measured; what came of it is there for all."""
    app, measurements().newest = measuring
    return app


def opened(language: str = "en") -> AppTest:
    app = open_app(PAGE, language)
    app.default_timeout = 120
    return app


def archive(*files: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for file in files:
            target.write(file, file.name)
    return out.getvalue()


def charts(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def surveyed(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader(key="survey_files").set_value([(name, data, "")]).run()
    app.button(key="survey_start").click().run()
    return whole(app)


def test_before_anything_is_done_every_tab_says_what_comes_next() -> None:
    app = opened()
    assert [tab.label for tab in app.tabs] == ["This machine", "My pictures", "Costs", "Report"]
    assert "Costs go by the speed of this machine" in texts(app)
    assert "nothing to report yet" in texts(app)


@pytest.mark.slow
def test_measuring_shows_figures_costs_and_a_report_to_all_visitors(measured: AppTest) -> None:
    app = measured
    assert [metric.label for metric in app.metric][:2] == ["A frame of a clip", "A photo"]
    assert len(charts(app)) == 6
    assert {button.label for button in app.get("download_button")} >= {"Report (HTML)", "Numbers (JSON)"}
    assert len(charts(opened("zh"))) == 6
    before = charts(app)[0]
    app.button_group(key="measured_kind").set_value("photo").run()
    assert charts(app)[0] != before
    memory = charts(app)[4]
    app.button_group(key="measured_size").set_value("1920 × 1080").run()
    assert charts(whole(app))[4] != memory


def test_only_one_visitor_measures_at_a_time() -> None:
    app = opened()
    with measurements().lock:
        app.button(key="measure").click().run()
    assert translate("en", "feasibility.measuring_elsewhere") in texts(whole(app))


@pytest.mark.slow
def test_costs_follow_every_number(measured: AppTest) -> None:
    app = opened()
    sums = [[metric.value for metric in app.metric][-3:]]
    app.number_input(key="cost_pictures").set_value(2_000_000_000).run()
    sums.append([metric.value for metric in app.metric][-3:])
    app.number_input(key="cost_cpu_price").set_value(0.5).run()
    sums.append([metric.value for metric in app.metric][-3:])
    app.number_input(key="cost_gpu_speed").set_value(20.0).run()
    sums.append([metric.value for metric in app.metric][-3:])
    app.number_input(key="cost_api_price_pictures").set_value(3.0).run()
    sums.append([metric.value for metric in app.metric][-3:])
    app.slider(key="cost_full").set_value(100).run()
    sums.append([metric.value for metric in app.metric][-3:])
    assert all(one != other for one, other in pairwise(sums))
    app.selectbox(key="cost_currency").set_value("€").run()
    app.button_group(key="cost_unit").set_value("minutes").run()
    assert "frames a second" in texts(app)
    assert all("€" in metric.value for metric in app.metric[-3:])
    app.number_input(key="cost_rate").set_value(10).run()
    assert "× 10 frames a second" in texts(whole(app))


def test_a_zip_of_photos_with_and_without_people(media: Path) -> None:
    empty = sorted((media / "no_person").glob("*.jpg"))
    data = archive(SAMPLES / "two_people.jpg", SAMPLES / "astronaut.png", *empty, SAMPLES / "README.md")
    app = surveyed(opened(), "pictures.zip", data)
    assert f"Pictures looked at: {2 + len(empty)}" in texts(app)
    summary = app.dataframe[0].value
    assert summary["With people"].tolist() == ["2"] * 3
    assert summary["Nobody found"].tolist() == [str(len(empty))] * 3
    assert len(app.image) == 2 + len(empty)
    app.selectbox(key="model_en").set_value("heavy").run()
    assert "hardest pictures for the model Heavy" in texts(whole(app))


def test_a_clip_and_a_broken_file() -> None:
    app = opened("zh")
    files = [("balance.mp4", (SAMPLES / "balance.mp4").read_bytes(), ""), ("bad.jpg", b"bad", "")]
    app.file_uploader(key="survey_files").set_value(files).run()
    app.button(key="survey_start").click().run()
    whole(app)
    assert "已检测的图片：24 张" in texts(app)
    assert app.expander[0].label == "无法读取的文件：1"
    assert translate("zh", "errors.not_a_picture") in texts(app)
    assert app.dataframe[0].value["有人"].tolist() == ["24"] * 3


def test_samples() -> None:
    app = opened()
    app.button_group(key="survey_source").set_value("samples").run()
    app.button(key="survey_start").click().run()
    assert whole(app).dataframe[0].value["With people"].tolist() == ["3"] * 3


def brought(folder: Path, name: str, data: bytes) -> SurveyFile:
    path = folder / name
    path.write_bytes(data)
    return SurveyFile(name, path, name)


def here(call: Callable[..., object], *arguments: object) -> object:
    return call(*arguments)


def test_a_locked_or_broken_zip_is_one_file_that_cannot_be_read(tmp_path: Path) -> None:
    [picture] = to_pictures([brought(tmp_path, "a.zip", b"PK\x03\x04 no")], tmp_path, here)
    with pytest.raises(MediaError, match="ZIP"):
        picture.opened()


def test_more_pictures_than_allowed_are_not_unpacked(tmp_path: Path) -> None:
    files = [brought(tmp_path, f"{number}.jpg", b"x") for number in range(3 * MOST_PICTURES)]
    assert len(to_pictures(files, tmp_path, here)) == MOST_PICTURES + 1
