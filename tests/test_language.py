"""The catalogues are complete: same keys, same values to fill in, every key that is asked for, none in vain."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest

from posecore.detection.models import QUALITIES
from posecore.kinematics.joint_angles import JOINTS
from posecore.language import LANGUAGES, catalogue, language_for, translate
from posecore.skeleton import LANDMARKS
from posecore.visuals.skeleton_drawing import STYLES
from tests.support.paths import ROOT

SOURCES = [ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("posecore/*.py"), *ROOT.glob("posecore/*/*.py")]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def plural(key: str) -> str:
    return key.removesuffix("_one")


def test_catalogues_have_the_same_keys() -> None:
    english, chinese = ({plural(key) for key in catalogue(language)} for language in ("en", "zh"))
    assert english == chinese


def test_texts_fill_in_the_same_values() -> None:
    for key, text in catalogue("zh").items():
        assert fields(text) == fields(catalogue("en")[key]), key


def test_no_text_is_empty_and_chinese_is_chinese() -> None:
    same_in_both = {"downloads.json", "downloads.csv", "coach.list_mark"}
    for key, text in catalogue("zh").items():
        assert text.strip()
        assert key in same_in_both or re.search(r"[\u4e00-\u9fff]", text), key


def asked_keys() -> set[str]:
    """Every string in the code that looks like a key, f-strings as patterns."""
    sections = {key.split(".")[0] for key in catalogue("en")}
    found = set()
    for path in SOURCES:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        parts_of_others = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if id(node) in parts_of_others:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = (re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)
                found.add("".join(parts))
            elif isinstance(node, ast.Call) and makes_error(node.func) and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.add(re.escape(f"errors.{code.value}"))
    files = (r"\.csv", r"\.toml", r"\.html", r"\.js", r"\.json")
    return {key for key in found if key.split(r"\.")[0] in sections and r"\." in key and not key.endswith(files)}


def makes_error(function: ast.expr) -> bool:
    name = getattr(function, "id", "") or getattr(function, "attr", "")
    return name.endswith("Error") or name == "error"


def test_every_key_asked_for_exists() -> None:
    keys = {plural(key) for key in catalogue("en")}
    for pattern in asked_keys():
        assert any(re.fullmatch(pattern, key) for key in keys), pattern


def test_every_text_is_asked_for() -> None:
    patterns = asked_keys()
    for key in {plural(key) for key in catalogue("en")}:
        assert any(re.fullmatch(pattern, key) for pattern in patterns), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_are_made_at_run_time(language: str) -> None:
    texts = catalogue(language)
    assert {f"landmarks.{name}" for name in LANDMARKS} <= texts.keys()
    assert {f"joints.{name}" for name in JOINTS} <= texts.keys()
    assert {f"styles.{name}{end}" for name in STYLES for end in ("", "_caption")} <= texts.keys()
    assert {f"models.{name}{end}" for name in QUALITIES for end in ("", "_caption")} <= texts.keys()


def test_one_is_singular() -> None:
    assert translate("en", "photos.people", count=1) == "1 person"
    assert translate("en", "photos.people", count=2) == "2 people"
    assert translate("zh", "photos.people", count=1) == "1 人"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", "zh"), ("zh_TW", "zh"), ("zh", "zh"), ("en-GB", "en"), ("de-DE", "en"), (None, "en"), ("", "en")],
)
def test_language_of_a_browser(locale: str | None, language: str) -> None:
    assert language_for(locale) == language
