"""The video page where clips are worked on by a cluster."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_photos import upload
from tests.support.app_server import Server
from tests.support.cluster import dask_cluster
from tests.support.visiting import open_page


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="processes are ended by signals")
def test_a_clip_found_on_a_cluster_is_shown_with_its_progress(
    browser: Browser, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dask_cluster(tmp_path, 1) as cluster:
        monkeypatch.setenv("POSELAB_CLUSTER", cluster.address)
        server = Server(tmp_path / "log.txt")
        try:
            page = open_page(browser, f"{server.url}/video")
            upload(page, media / "videos" / "one-by-one-person-detection.mp4")
            page.get_by_role("button", name="Analyse").click()
            expect(page.get_by_text("Finding people: ")).to_be_visible()
            expect(page.locator(".player")).to_be_visible(timeout=120_000)
            assert "Receive client connection" in cluster.log.read_text()
        finally:
            server.close()
