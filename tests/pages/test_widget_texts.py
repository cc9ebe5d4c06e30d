"""The words inside Streamlit's own widgets."""

from __future__ import annotations

from functools import partial

import pytest

from pages.shared import widget_texts
from posecore.language import translate


@pytest.mark.parametrize(("in_memory", "shown"), [(500, "up to 40 MB each"), (25, "up to 25 MB each")])
def test_the_lesser_of_two_limits_is_shown(monkeypatch: pytest.MonkeyPatch, in_memory: int, shown: str) -> None:
    """What a photo may have, and what fits into memory where Streamlit's uploader keeps it."""
    written: list[str] = []
    monkeypatch.setattr(widget_texts.st, "html", written.append)
    monkeypatch.setattr(widget_texts, "most_megabytes_in_memory", lambda: in_memory)
    widget_texts.localise_widgets(partial(translate, "en"), "photos")
    assert shown in written[0]
