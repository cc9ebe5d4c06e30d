"""The unit for plain servers, and nginx before two app processes, for real."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_photos import picture, upload
from tests.deploy.test_watching import DEPLOY, needs
from tests.support.app_server import Server, free_port
from tests.support.paths import SAMPLES
from tests.support.visiting import open_page


def test_the_unit_is_understood() -> None:
    done = subprocess.run(
        [needs("systemd-analyze"), "verify", str(DEPLOY / "poselab.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "poselab.service" in line and "not executable" not in line]
    assert said == []


class Proxy:
    """nginx with our configuration, its ports and the app's exchanged for free ones here."""

    def __init__(self, folder: Path, apps: list[Server]) -> None:
        self.port = free_port()
        tls = folder / "tls"
        tls.mkdir()
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pose.test"]
        files = ["-keyout", str(tls / "privkey.pem"), "-out", str(tls / "fullchain.pem")]
        subprocess.run([*make, *files], check=True, capture_output=True)
        text = (DEPLOY / "nginx.conf.template").read_text("utf-8").replace("${DOMAIN}", "pose.test")
        changes = {
            r"listen 443;": f"listen 127.0.0.1:{self.port};",
            r"listen 80;": f"listen 127.0.0.1:{free_port()};",
            r"127\.0\.0\.1:8443": f"127.0.0.1:{free_port()}",
            r"app1:8501": apps[0].url.removeprefix("http://"),
            r"app2:8501": apps[1].url.removeprefix("http://"),
            r"/etc/nginx/tls": str(tls),
            r"pid /tmp/nginx.pid": f"pid {folder}/nginx.pid",
            r"turn:5349": "127.0.0.1:5349",
            r"resolver .*": "",
        }
        for pattern, new in changes.items():
            text, count = re.subn(pattern, new, text)
            assert count, pattern
        self.settings = folder / "nginx.conf"
        self.settings.write_text(text)
        folder.chmod(0o755)
        command = [needs("nginx"), "-c", str(self.settings), "-e", str(folder / "error.log"), "-g", "daemon off;"]
        self.process = subprocess.Popen(command)
        self.url = f"https://localhost:{self.port}"

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def apps(tmp_path: Path) -> Iterator[list[Server]]:
    running = [Server(tmp_path / f"log{number}.txt") for number in (1, 2)]
    yield running
    for app in running:
        if app.process.is_running():
            app.close()


@pytest.fixture
def proxy(tmp_path: Path, apps: list[Server]) -> Iterator[Proxy]:
    needs("nginx")
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed here")
    running = Proxy(tmp_path, apps)
    yield running
    running.close()


def visit(browser: Browser, proxy: Proxy) -> Page:
    return open_page(browser, f"{proxy.url}/image", ignore_https_errors=True)


def photo(page: Page) -> None:
    upload(page, SAMPLES / "two_people.jpg")
    picture(page).wait_for()


def seat(page: Page) -> str:
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "poselab_seat"]
    assert cookie["secure"]
    return str(cookie["value"])


def test_visits_keep_their_process_and_the_other_takes_over_when_one_dies(
    browser: Browser, proxy: Proxy, apps: list[Server], tmp_path: Path
) -> None:
    pages: dict[str, Page] = {}
    for _ in range(12):
        page = visit(browser, proxy)
        if pages.setdefault(seat(page), page) is not page:
            page.context.close()
        if len(pages) == 2:
            break
    assert set(pages) == {"one", "two"}
    for page in pages.values():
        photo(page)
    large = tmp_path / "large.mp4"
    large.write_bytes((SAMPLES / "balance.mp4").read_bytes())
    with large.open("ab") as file:
        file.write((100_000_000).to_bytes(4, "big") + b"free" + bytes(99_999_992))
    pages["two"].goto(f"{proxy.url}/video")
    upload(pages["two"], large)
    expect(pages["two"].get_by_text("1080 × 1920")).to_be_visible()

    apps[0].process.kill()
    apps[0].process.wait(10)
    orphan = pages["one"]
    orphan.goto(f"{proxy.url}/image")
    photo(orphan)
    photo(visit(browser, proxy))
    for page in pages.values():
        page.context.close()


def test_what_is_for_those_inside_stays_inside(proxy: Proxy) -> None:
    time.sleep(0.5)
    unchecked = ssl._create_unverified_context()
    for path in ("/health/ready", "/_stcore/metrics"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(proxy.url + path, context=unchecked, timeout=5)
