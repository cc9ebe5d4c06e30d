"""Both READMEs say the same: headings, commands, code, pictures and links are in step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
EACH_OTHER = {"README.md", "README.zh.md"}


def of(path: Path, pattern: str) -> list[str]:
    return re.findall(pattern, path.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(#+) ",  # levels of headings
        r"^    ([a-z. _/A-Z0-9-]+?)(?:   |\n)",  # commands, without what is said of them
        r"```python\n.*?```",
        r"^(- |\*\*)",  # points and what stands out
    ],
    ids=["headings", "commands", "code", "points"],
)
def test_in_the_same_order(pattern: str) -> None:
    english = of(ENGLISH, pattern)
    assert english
    assert of(CHINESE, pattern) == english


@pytest.mark.parametrize("pattern", [r"\]\(([^)]+)\)", r"`([^`\n]+)`"], ids=["links", "names"])
def test_in_any_order(pattern: str) -> None:
    english, chinese = (set(of(path, pattern)) - EACH_OTHER for path in (ENGLISH, CHINESE))
    assert english == chinese


def test_every_link_leads_somewhere() -> None:
    for path in (ENGLISH, CHINESE, ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")):
        for link in of(path, r"\]\((?!http|#)([^)#]+)"):
            assert (path.parent / link).exists(), (path.name, link)
