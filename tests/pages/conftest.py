"""Pages one after another in one process, where Streamlit's test harness takes all for one visit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.shared.service.brought_files import SHELVES
from pages.shared.uploader import PLACES


@pytest.fixture(autouse=True)
def another_visit() -> Iterator[None]:
    yield
    for shelf in SHELVES:
        for place in PLACES:
            shelf.clear(place)
