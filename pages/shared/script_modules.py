"""ES modules of a component joined into one, for Streamlit hands the browser a single text."""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w./]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def joined_modules(entry: Path) -> str:
    """The module with all that it imports before it, each once, in the order in which they need each other.

    Names at the top of the modules must differ. Files of a component's own folder would need a package with a manifest,
    which an app that is deployed from its repository is not.
    """
    texts: dict[Path, str] = {}

    def add(path: Path) -> None:
        text = path.read_text("utf-8")
        for name in _IMPORT.findall(text):
            if (needed := (path.parent / name).resolve()) not in texts:
                add(needed)
        texts[path] = _IMPORT.sub("", text) if path == entry.resolve() else _EXPORT.sub("", _IMPORT.sub("", text))

    add(entry.resolve())
    return "\n".join(texts.values())
