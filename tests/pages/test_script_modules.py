"""ES modules joined into one."""

from __future__ import annotations

import re
from pathlib import Path

from pages.shared.page import ASSETS
from pages.shared.script_modules import joined_modules


def test_what_is_needed_comes_first_and_once(tmp_path: Path) -> None:
    (tmp_path / "base.js").write_text("export const BASE = 1;\n", "utf-8")
    (tmp_path / "left.js").write_text('import { BASE } from "./base.js";\nexport const LEFT = BASE + 1;\n', "utf-8")
    entry = tmp_path / "entry.js"
    entry.write_text(
        'import { LEFT } from "./left.js";\nimport { BASE } from "./base.js";\nexport default () => LEFT + BASE;\n',
        "utf-8",
    )
    lines = [line for line in joined_modules(entry).splitlines() if line]
    assert lines == ["const BASE = 1;", "const LEFT = BASE + 1;", "export default () => LEFT + BASE;"]


def test_the_player_is_one_text_with_one_export() -> None:
    text = joined_modules(ASSETS / "player" / "player.js")
    assert re.findall(r"^(?:import|export)\b.*", text, re.MULTILINE) == [
        "export default function ({ parentElement, data, setStateValue, setTriggerValue }) {"
    ]
    names = re.findall(r"^(?:const|class|function) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names))
