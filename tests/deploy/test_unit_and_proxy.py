"""The unit for plain servers, and Caddy, nginx and coturn before the app, for real."""

from __future__ import annotations

import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.deploy.site import (
    DEPLOY,
    RELAY,
    Proxy,
    changed,
    needs,
    photo,
    webcam_from_a_closed_network,
    work_goes_on_while_one_dies,
)
from tests.support.app_server import Server, answers, free_port
from tests.support.visiting import open_page

INSIDE = ("/health/ready", "/_stcore/metrics")


def test_the_unit_is_understood() -> None:
    done = subprocess.run(
        [needs("systemd-analyze"), "verify", str(DEPLOY / "poselab.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "poselab.service" in line and "not executable" not in line]
    assert said == []


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Server]]:
    for name, value in RELAY.items():
        monkeypatch.setenv(name, value)
    running = [Server(tmp_path / f"log{number}.txt") for number in (1, 2)]
    yield running
    for app in running:
        if app.process.is_running():
            app.close()


@pytest.fixture
def proxy(tmp_path: Path, apps: list[Server]) -> Iterator[Proxy]:
    needs("nginx")
    running = Proxy(tmp_path, [app.url.removeprefix("http://") for app in apps])
    yield running
    running.close()


@pytest.mark.slow
def test_visits_keep_their_process_and_the_other_takes_over_when_one_dies(
    browser: Browser, proxy: Proxy, apps: list[Server], tmp_path: Path
) -> None:
    def kill_one() -> None:
        apps[0].process.kill()
        apps[0].process.wait(10)

    work_goes_on_while_one_dies(browser, proxy, kill_one, tmp_path)


@pytest.mark.slow
def test_a_webcam_comes_through_where_only_tcp_443_leads_out(
    playwright: Playwright, chromium: str, proxy: Proxy, tmp_path: Path
) -> None:
    needs("turnserver")
    webcam_from_a_closed_network(playwright, chromium, proxy, tmp_path)


@pytest.mark.parametrize("path", INSIDE)
def test_what_is_for_those_inside_stays_inside(proxy: Proxy, path: str) -> None:
    time.sleep(0.5)
    unchecked = ssl._create_unverified_context()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(proxy.url + path, context=unchecked, timeout=5)


@pytest.fixture
def caddy(tmp_path: Path) -> Iterator[str]:
    """One process behind Caddy, without TLS; the address."""
    program, url, app = needs("caddy"), f"http://127.0.0.1:{free_port()}", Server(tmp_path / "log.txt")
    changes = {r"pose\.example\.org \{": f"{url} {{", r"127\.0\.0\.1:8501": app.url.removeprefix("http://")}
    settings = tmp_path / "Caddyfile"
    settings.write_text("{\n\tadmin off\n}\n" + changed("Caddyfile", changes))
    command = [program, "run", "--config", str(settings), "--adapter", "caddyfile"]
    process = subprocess.Popen(command, env={"HOME": str(tmp_path)}, stderr=subprocess.DEVNULL)
    try:
        assert answers(url)
        yield url
    finally:
        process.terminate()
        process.wait(20)
        app.close()


@pytest.mark.slow
def test_one_process_behind_caddy(browser: Browser, caddy: str) -> None:
    page = open_page(browser, f"{caddy}/image")
    photo(page)
    page.context.close()
    for path in INSIDE:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(caddy + path, timeout=5)
