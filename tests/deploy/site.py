"""The servers around the app, as deploy/ sets them up, and what visitors do with the whole."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.test_photos import picture, upload
from tests.deploy.closed_network import ADDRESS, ClosedNetwork, private_address
from tests.support.app_server import free_port
from tests.support.camera import CAMERA_ARGUMENTS
from tests.support.paths import ROOT, SAMPLES
from tests.support.visiting import open_page
from tests.support.webcams import OnServer

DEPLOY = ROOT / "deploy"
DOMAIN = "pose.test"
SECRET = "only-for-this-test"
RELAY = {  # the apps' environment in compose.yaml
    "TURN_URLS": f"turns:turn.{DOMAIN}:443?transport=tcp",
    "TURN_USERNAME": "poselab",
    "TURN_CREDENTIAL": SECRET,
}


def needs(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed here")
    return path


def changed(file: str, changes: dict[str, str]) -> str:
    """One of deploy/'s files with some patterns exchanged, each of which must be there."""
    text = (DEPLOY / file).read_text("utf-8")
    for pattern, new in changes.items():
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    return text


def certificate(folder: Path) -> Path:
    """Good for nobody, in a folder of its own."""
    tls = folder / "tls"
    tls.mkdir()
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={DOMAIN}"]
    files = ["-keyout", str(tls / "privkey.pem"), "-out", str(tls / "fullchain.pem")]
    subprocess.run([needs("openssl"), *make, *files], check=True, capture_output=True)
    return tls


class Proxy:
    """nginx with our configuration, its ports, the apps' and the relay's exchanged for those here.

    It listens at `url` and, as if it were port 443, at the Unix socket `way_in`; the relay's port is `relay_port`.
    """

    def __init__(self, folder: Path, apps: list[str]) -> None:
        port, self.relay_port, self.way_in, self.tls = free_port(), free_port(), folder / "443", certificate(folder)
        changes = {
            r"\$\{DOMAIN\}": DOMAIN,
            r"listen 443;": f"listen 127.0.0.1:{port}; listen unix:{self.way_in};",
            r"listen 80;": f"listen 127.0.0.1:{free_port()};",
            r"127\.0\.0\.1:8443": f"127.0.0.1:{free_port()}",
            r"app1:8501": apps[0],
            r"app2:8501": apps[1],
            r"/etc/nginx/tls": str(self.tls),
            r"pid /tmp/nginx.pid": f"pid {folder}/nginx.pid",
            r"turn:5349": f"127.0.0.1:{self.relay_port}",
            r"resolver .*": "",
        }
        settings = folder / "nginx.conf"
        settings.write_text(changed("nginx.conf.template", changes))
        folder.chmod(0o755)
        command = [needs("nginx"), "-c", str(settings), "-e", str(folder / "error.log"), "-g", "daemon off;"]
        self.process = subprocess.Popen(command)
        self.url = f"https://localhost:{port}"

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def relay(folder: Path, proxy: Proxy, address: str) -> Iterator[None]:
    """coturn with our configuration behind the proxy, its ports exchanged for those here; it relays from `address`."""
    changes = {
        r"listening-port=3478": f"listening-port={free_port()}",
        r"tls-listening-port=\d+": f"tls-listening-port={proxy.relay_port}",
        r"/etc/coturn/tls": str(proxy.tls),
    }
    settings = folder / "turnserver.conf"
    settings.write_text(changed("turnserver.conf", changes))
    who = ["--proc-user=nobody", "--proc-group=nogroup", f"--realm={DOMAIN}", f"--user=poselab:{SECRET}"]
    where = ["--listening-ip=127.0.0.1", f"--relay-ip={address}", f"--pidfile={folder}/turn.pid"]
    log = (folder / "turn.log").open("wb")
    process = subprocess.Popen([needs("turnserver"), "-c", str(settings), *who, *where], stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def visit(browser: Browser, proxy: Proxy) -> Page:
    return open_page(browser, f"{proxy.url}/image", ignore_https_errors=True)


def photo(page: Page) -> None:
    upload(page, SAMPLES / "two_people.jpg")
    picture(page).wait_for()


def seat(page: Page) -> str:
    """Which of the two processes a visit is at."""
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "poselab_seat"]
    assert cookie["secure"]
    return str(cookie["value"])


def work_goes_on_while_one_dies(browser: Browser, proxy: Proxy, kill_one: Callable[[], None], folder: Path) -> None:
    """Photos at both processes, 100 MB at the second while the first is killed, and its visitor is served again."""
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
    large = folder / "large.mp4"
    large.write_bytes((SAMPLES / "balance.mp4").read_bytes())
    with large.open("ab") as file:
        file.write((100_000_000).to_bytes(4, "big") + b"free" + bytes(99_999_992))
    pages["two"].goto(f"{proxy.url}/video")
    upload(pages["two"], large)
    kill_one()
    expect(pages["two"].get_by_text("1080 × 1920")).to_be_visible()
    orphan = pages["one"]
    orphan.goto(f"{proxy.url}/image")
    photo(orphan)
    photo(visit(browser, proxy))
    for page in pages.values():
        page.context.close()


def webcam_from_a_closed_network(playwright: Playwright, chromium: str, proxy: Proxy, folder: Path) -> None:
    """From where only TCP 443 leads out, by the relay behind it: pictures come back."""
    names = f"--host-resolver-rules=MAP {DOMAIN} {ADDRESS}, MAP turn.{DOMAIN} {ADDRESS}"
    flags = [*CAMERA_ARGUMENTS, "--use-fake-ui-for-media-stream", "--ignore-certificate-errors", names]
    with (
        private_address() as address,
        relay(folder, proxy, address),
        ClosedNetwork(proxy.way_in) as network,
    ):
        inside = playwright.chromium.launch(executable_path=network.program(chromium, folder), args=flags)
        page = open_page(inside, f"https://{DOMAIN}/webcam", permissions=["camera"], ignore_https_errors=True)
        page.get_by_role("radio", name="On the server").click()
        OnServer(page).start()
        inside.close()
